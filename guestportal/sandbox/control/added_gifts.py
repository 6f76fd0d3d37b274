"""Reads from an order a transfer that never went through transferOut: any state, any time, any odd member."""

import secrets
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from guestportal.sandbox.control.orders import ControlError, Order
from guestportal.sandbox.gifts.holders import Holder
from guestportal.sandbox.gifts.transfers import (
    Goods,
    Origin,
    Status,
    Target,
    ToAccount,
    ToExternal,
    Transfer,
    last_day,
)
from guestportal.sandbox.world import World


def read_target(order: Order) -> Target:
    """Return the target of an order: `to_account` (a code), or `to_identifier` and `to_name`."""
    if "to_account" in order:
        return ToAccount(order.whole("to_account"))
    return ToExternal(order.text("to_identifier"), order.text("to_name"))


def read_gift(order: Order, world: World, *, number: int) -> Transfer:
    """Return the transfer that an order describes; `{n}` in its message becomes `number`."""
    now = world.now()
    target = read_target(order)
    wallet, amount = order.whole("wallet_code"), _amount(order)
    days_left = order.whole("days_left") if "days_left" in order else None
    made_at = now - timedelta(days=order.number("days_ago") if "days_ago" in order else 0)
    status = _status(order)
    answered = status in {Status.ACCEPTED, Status.REJECTED}
    answered_by = _recipient(world, target) if answered else None
    if answered and answered_by is None:
        raise ControlError("A gift that was answered needs a recipient with an account.")
    message = order.optional_text("message")
    return Transfer(
        code=order.optional_text("code") or secrets.token_hex(8).upper(),
        origin=Origin.ADDED,
        out_id=0,
        from_account=_holder(world, order.text("from")).account_code,
        target=target,
        goods=Goods(
            source_wallet=wallet,
            source_amount=amount,
            destination_wallet=wallet,
            destination_amount=amount,
        ),
        made_at=made_at,
        expires_on=last_day(now, days_left),
        message=message.replace("{n}", str(number)) if message else None,
        status=status,
        answered_at=now if answered else None,
        answered_by=answered_by.account_code if answered_by else None,
        response_message=order.optional_text("answer"),
        shows_code=order.truth("shows_code") if "shows_code" in order else True,
        members=order.object("members") if "members" in order else None,
        left_out=order.texts("left_out"),
    )


def _amount(order: Order) -> Decimal:
    try:
        return Decimal(order.optional_text("amount") or "1")
    except InvalidOperation:
        raise ControlError("amount must be a decimal string.") from None


def _status(order: Order) -> Status:
    try:
        return Status(order.optional_text("status") or Status.PENDING)
    except ValueError:
        raise ControlError(f"status must be one of {', '.join(Status)}.") from None


def _holder(world: World, card_number: str) -> Holder:
    holder = world.gifts.holders.by_card(card_number)
    if holder is None:
        raise ControlError(f"No account has the card {card_number}.")
    return holder


def _recipient(world: World, target: Target) -> Holder | None:
    holders = world.gifts.holders
    if isinstance(target, ToAccount):
        return holders.by_code(target.account_code)
    return holders.by_external(target.identifier)
