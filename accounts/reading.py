"""From the vendor's struct to our frozen account: the one place where their field names meet ours."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from accounts.domain import Account, Amount, Card, Expiration, Reward, Store, Wallet
from guestportal.merchants.definition import Merchant
from guestportal.paytronix import wire
from guestportal.paytronix.words import clean_line

W = TypeVar("W", bound=Wallet)

# "Decimal: string [+-]mmmm[.nn]" (paytronix-api.md, section 8). Decimal() itself also takes NaN and 1E9.
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
# Formatting more digits than a reply may hold costs time; beyond this a number is shown as it came.
_LONGEST_DECIMAL = 500
_ENDING_LENGTH = 6


def read_account(
    reply: wire.AccountInformation, *, merchant: Merchant, card_number: str, read_at: datetime
) -> Account:
    """The account behind `card_number`, as read at `read_at` (UTC); hidden wallets are left out."""
    fields = reply.fields or wire.FieldsReply()
    stored_value = [reply.stored_value_balance] if reply.stored_value_balance else []
    enroll_date, enroll_date_received = _date(fields.enroll_date)
    return Account(
        card=Card(number=card_number, ending=ending_of(card_number), status=_text(reply.query_card_status)),
        account_status=_text(reply.account_status),
        primary_card=_other_card(reply.primary_card, card_number),
        additional_cards=tuple(
            card for listed in reply.additional_cards or () if (card := _other_card(listed, card_number))
        ),
        username=_text(reply.username),
        registered=_registered(reply),
        card_type=_text(reply.card_template_label),
        card_template_code=wire.whole_number(reply.card_template_code),
        tier=_text(reply.tier_label),
        stored_value=next(iter(_wallets(stored_value, merchant, Wallet)), None),
        points=_wallets(reply.point_balances, merchant, Wallet),
        rewards=_wallets(reply.reward_balances, merchant, Reward),
        enrollment_store=_store(reply.enrollment_store),
        favorite_store=_store(fields.favorite_store),
        enroll_date=enroll_date,
        enroll_date_received=enroll_date_received,
        perks=_names(
            perk if isinstance(perk, str) else perk.label or perk.name for perk in fields.perks or ()
        ),
        external_accounts=_names(_external_name(account) for account in fields.external_accounts or ()),
        read_at=read_at,
    )


def read_amount(text: str | None, *, merchant: Merchant, wallet_code: int | None = None) -> Amount:
    """An exact amount in the wallet's unit. What is no decimal keeps its text and has no value."""
    received = clean_line(text)
    value = None
    if received and len(received) <= _LONGEST_DECIMAL and _DECIMAL.fullmatch(received):
        value = Decimal(received)
    currency = merchant.locale.currency
    return Amount(received or None, value, merchant.wallet(wallet_code).unit, currency)


def ending_of(number: str) -> str:
    """The part of a card number that may be shown: the last six characters, fewer of a short number."""
    return number[-_ENDING_LENGTH:] if len(number) >= 10 else number[-4:]


def _wallets(replies: Sequence[wire.WalletReply] | None, merchant: Merchant, kind: type[W]) -> tuple[W, ...]:
    order: dict[int | None, int] = {code: place for place, code in enumerate(merchant.wallets)}
    wallets = [_wallet(reply, merchant, kind) for reply in replies or ()]
    shown = [wallet for wallet in wallets if not merchant.wallet(wallet.code).hidden]
    # Wallets that the merchant lists come in its order, the others after them as Paytronix sent them.
    return tuple(sorted(shown, key=lambda wallet: order.get(wallet.code, len(order))))


def _wallet(reply: wire.WalletReply, merchant: Merchant, kind: type[W]) -> W:
    code = wire.whole_number(reply.wallet_code)
    expirations = [_expiration(each, merchant, code) for each in reply.expirations or ()]
    return kind(
        code=code,
        name=merchant.wallet(code).label or _text(reply.name) or "",
        description=_text(reply.description) or "",
        amount=read_amount(reply.balance, merchant=merchant, wallet_code=code),
        giftable=wire.truth(reply.giftable),
        # Soonest first; a date nobody can read comes last instead of being dropped.
        expirations=tuple(sorted(expirations, key=lambda each: each.date or date.max)),
    )


def _expiration(reply: wire.ExpirationReply, merchant: Merchant, wallet_code: int | None) -> Expiration:
    day, received = _date(reply.expiration_date)
    amount = read_amount(reply.amount, merchant=merchant, wallet_code=wallet_code)
    return Expiration(amount=amount, date=day, received_date=received)


def _other_card(reply: wire.CardReply | None, asked_number: str) -> Card | None:
    """A listed card, unless it is the one that was asked about or names nothing."""
    if reply is None:
        return None
    number, masked = _text(reply.printed_card_number), _text(reply.masked_card_number)
    if number == asked_number or not (number or masked):
        return None
    return Card(
        number=number or "",
        ending=(masked or ending_of(number or ""))[-_ENDING_LENGTH:],
        status=_text(reply.status),
    )


def _registered(reply: wire.AccountInformation) -> bool | None:
    stated = wire.truth(reply.is_registered)
    return stated if stated is not None else wire.truth(reply.registration_status)


def _store(reply: wire.StoreReply | None) -> Store | None:
    label = _text(reply.label) or _text(reply.code) if reply else None
    return Store(code=_text(reply.code) or "", label=label) if reply and label else None


def _external_name(reply: wire.ExternalAccountReply | str) -> str | None:
    if isinstance(reply, str):
        return reply
    return (reply.integration.name if reply.integration else None) or reply.name or reply.label


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := _text(value)))


def _date(text: str | None) -> tuple[date | None, str | None]:
    """The date, and the text as received. Dates are yyyy-mm-dd; a time behind it is left to the text."""
    received = _text(text)
    try:
        return (datetime.strptime(received, "%Y-%m-%d").date() if received else None), received  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None, received


def _text(value: str | None) -> str | None:
    """Plain text on one line, or None when there is nothing to show."""
    return clean_line(value) or None
