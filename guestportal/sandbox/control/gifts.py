"""Orders about gifts: the transfers as they truly are, wallets, gifts sent elsewhere, and what replies hide."""

from collections.abc import Mapping
from typing import Final

from guestportal.sandbox.calls import CallRefused
from guestportal.sandbox.control.added_gifts import read_gift, read_target
from guestportal.sandbox.control.orders import Action, ControlError, Order
from guestportal.sandbox.endpoints import gift_rules
from guestportal.sandbox.gifts.book import GiftBook
from guestportal.sandbox.gifts.transfers import Origin, Status, ToAccount, ToExternal, Transfer
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.state import Sandbox
from guestportal.sandbox.world import World


def _show_transfers(_order: Order, sandbox: Sandbox) -> JsonObject:
    with sandbox.world() as world:
        return {"transfers": [_shown(transfer, world.gifts) for transfer in world.gifts.all()]}


def _change_transfers(order: Order, sandbox: Sandbox) -> JsonObject:
    changes = {"send": _send, "twin_of": _send_twin, "add": _add, "return": _return}
    names = order.members.keys() & changes.keys()
    if len(names) != 1:
        raise ControlError(f"A transfer order has one of {', '.join(changes)}.")
    with sandbox.world() as world:
        made = changes[names.pop()](order, world)
        return {"transfers": [_shown(transfer, world.gifts) for transfer in made]}


def _clear_transfers(_order: Order, sandbox: Sandbox) -> JsonObject:
    with sandbox.world() as world:
        world.gifts.clear()
    return {}


def _send(order: Order, world: World) -> list[Transfer]:
    wish = Order(order.object("send"))
    try:
        transfer = gift_rules.send(
            world,
            card_number=wish.text("from"),
            target=read_target(wish),
            wallet_code=wish.whole("wallet_code"),
            message=wish.optional_text("message"),
            origin=Origin.ELSEWHERE,
        )
    except CallRefused as refusal:
        raise ControlError(f"Refused: {refusal.reply.error_code}.") from None
    return [transfer]


def _send_twin(order: Order, world: World) -> list[Transfer]:
    model = _known(world, order.whole("twin_of"))
    sender = world.gifts.holders.by_code(model.from_account)
    if sender is None:
        raise ControlError("The sender of that transfer has no account.")
    try:
        twin = gift_rules.send(
            world,
            card_number=sender.primary_card,
            target=model.target,
            wallet_code=model.goods.source_wallet,
            message=order.optional_text("message") if "message" in order else model.message,
            origin=Origin.ELSEWHERE,
        )
    except CallRefused as refusal:
        raise ControlError(f"Refused: {refusal.reply.error_code}.") from None
    return [twin]


def _add(order: Order, world: World) -> list[Transfer]:
    gift = Order(order.object("add"))
    wanted = [
        read_gift(gift, world, number=number) for number in range(1, order.count("count", default=1) + 1)
    ]
    return [world.gifts.put_in(transfer, now=world.now()) for transfer in wanted]


def _return(order: Order, world: World) -> list[Transfer]:
    transfer = _known(world, order.whole("return"))
    if transfer.status is not Status.PENDING:
        raise ControlError(f"Transfer {transfer.out_id} is {transfer.status}, not PENDING.")
    return [world.gifts.give_back(transfer, status=Status.RETURNED, now=world.now())]


def _known(world: World, out_id: int) -> Transfer:
    transfer = world.gifts.by_id(out_id)
    if transfer is None:
        raise ControlError(f"There is no transfer {out_id}.")
    return transfer


def _show_wallets(order: Order, sandbox: Sandbox) -> JsonObject:
    with sandbox.world() as world:
        holder = world.gifts.holders.by_card(order.rest)
        if holder is None:
            raise ControlError(f"No account has the card {order.rest}.")
        wallets: list[JsonObject] = [
            {
                "code": wallet.code,
                "name": wallet.name,
                "balance": format(wallet.balance, "f"),
                "giftable": wallet.giftable,
            }
            for wallet in world.wallets(holder)
        ]
    return {"wallets": wallets}


def _set_gifting(order: Order, sandbox: Sandbox) -> JsonObject:
    shows_codes = order.truth("codes")
    with sandbox.world() as world:
        world.gifts.shows_codes = shows_codes
    return {}


def _make_history_stale(order: Order, sandbox: Sandbox) -> JsonObject:
    calls = order.count("stale_calls", default=1)
    lag_seconds = order.number("lag_seconds") if "lag_seconds" in order else None
    with sandbox.world() as world:
        world.history_reads.be_stale(world.gifts, calls=calls, lag_seconds=lag_seconds)
    return {}


def _shown(transfer: Transfer, book: GiftBook) -> JsonObject:
    sender, recipient, target = (
        book.holders.by_code(transfer.from_account),
        book.recipient_of(transfer),
        transfer.target,
    )
    return {
        "transaction_id": transfer.out_id,
        "transfer_in_id": transfer.in_id,
        "void_id": transfer.void_id,
        "code": transfer.code,
        "shows_code": transfer.shows_code and book.shows_codes,
        "origin": transfer.origin,
        "status": transfer.status,
        "from_account": transfer.from_account,
        "from_card": sender.primary_card if sender else "",
        "to_account": target.account_code if isinstance(target, ToAccount) else None,
        "to_identifier": target.identifier if isinstance(target, ToExternal) else None,
        "to_name": target.name if isinstance(target, ToExternal) else None,
        "to_card": recipient.primary_card if recipient else None,
        "source_wallet": transfer.goods.source_wallet,
        "source_amount": format(transfer.goods.source_amount, "f"),
        "destination_wallet": transfer.goods.destination_wallet,
        "destination_amount": format(transfer.goods.destination_amount, "f"),
        "message": transfer.message,
        "response_message": transfer.response_message,
        "made_at": transfer.made_at.isoformat(),
        "answered_at": transfer.answered_at.isoformat() if transfer.answered_at else None,
        "answered_by": transfer.answered_by,
        "expires_on": transfer.expires_on.isoformat() if transfer.expires_on else None,
    }


ACTIONS: Final[Mapping[str, Mapping[str, Action]]] = {
    "transfers": {"GET": _show_transfers, "POST": _change_transfers, "DELETE": _clear_transfers},
    "wallets/": {"GET": _show_wallets},
    "gifting": {"POST": _set_gifting},
    "history": {"POST": _make_history_stale},
}
