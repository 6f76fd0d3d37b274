"""From the vendor's struct to our frozen account: the one place where their field names meet ours."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import get_language

from accounts.domain import Account, Card, Expiration, Reward, Store, Wallet, barring_status
from accounts.masking import ENDING_LENGTH, ending_of, mask_address
from accounts.normalisation import normalise
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.account import (
    AccountInformation,
    CardReply,
    ExpirationReply,
    ExternalAccountReply,
    FieldsReply,
    IntegrationReply,
    PerkReply,
    StoreReply,
    WalletReply,
)
from guestportal.paytronix.replies.structs import Lenient, Text
from guestportal.paytronix.scalars import truth, whole_number
from guestportal.paytronix.text import clean_line

W = TypeVar("W", bound=Wallet)

# "Decimal: string [+-]mmmm[.nn]" (docs/paytronix-api.md, section 8). Decimal() itself also takes NaN and 1E9.
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
# Formatting more digits than a reply may hold costs time; beyond this a number is shown as it came.
_LONGEST_DECIMAL = 500
_MASK = re.compile(r"[Xx]{3,}")  # one that is made of letters
_UNMASKED = re.compile(r"[^\W_]+")  # what a masked number shows


def read_account(
    reply: AccountInformation, *, merchant: Merchant, card_number: str, read_at: datetime
) -> Account:
    """The account behind `card_number`, as read at `read_at` (UTC); hidden wallets are left out."""
    card, primary_card, additional_cards = _cards(reply, card_number)
    fields = reply.fields.value or FieldsReply()
    today = read_at.astimezone(merchant.locale.time_zone).date()
    stored_value = _stored_value(reply.stored_value_balance)
    enroll_date, enroll_date_received = _date(fields.enroll_date)
    return Account(
        card=card,
        account_status=_text(reply.account_status.value),
        primary_card=primary_card,
        additional_cards=additional_cards,
        username=_first_of(reply.username),
        registered=_registered(reply),
        card_type=_first_of(reply.card_template_label),
        card_template_code=whole_number(reply.card_template_code.value),
        tier=_first_of(reply.tier_label, reply.tier_code),
        stored_value=next(iter(_wallets(stored_value, merchant, Wallet, today)), None),
        points=_wallets(reply.point_balances.values, merchant, Wallet, today),
        rewards=_wallets(reply.reward_balances.values, merchant, Reward, today),
        lists_points=not reply.point_balances.is_absent,
        lists_rewards=not reply.reward_balances.is_absent,
        tells_points=reply.point_balances.is_absent or reply.point_balances.is_whole,
        tells_rewards=reply.reward_balances.is_absent or reply.reward_balances.is_whole,
        hides_balances=_any_hidden([*stored_value, *reply.point_balances], merchant),
        hides_rewards=_any_hidden(reply.reward_balances.values, merchant),
        enrollment_store=_store(reply.enrollment_store),
        favorite_store=_store(fields.favorite_store),
        enroll_date=enroll_date,
        enroll_date_received=enroll_date_received,
        perks=_names(_perk_name(perk) for perk in fields.perks),
        external_accounts=_names(_external_name(account) for account in fields.external_accounts),
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


def own_label(wallet_code: int | None, merchant: Merchant) -> str:
    """What the merchant calls a wallet in the active language; empty where it leaves that to Paytronix."""
    return merchant.wallet(wallet_code).labels.get(get_language() or "", "")


def _wallets(replies: Sequence[WalletReply], merchant: Merchant, kind: type[W], today: date) -> tuple[W, ...]:
    order: dict[int | None, int] = {code: place for place, code in enumerate(merchant.wallets)}
    wallets = [_wallet(reply, merchant, kind, today) for reply in replies]
    shown = [wallet for wallet in wallets if not merchant.wallet(wallet.code).hidden]
    # Wallets that the merchant lists come in its order, the others after them as Paytronix sent them.
    return tuple(sorted(shown, key=lambda wallet: order.get(wallet.code, len(order))))


def _stored_value(lenient: Lenient[WalletReply]) -> list[WalletReply]:
    """None when the card has no such thing; one that is sent and cannot be read is a balance that is not known."""
    return [] if lenient.is_absent else [lenient.value or WalletReply()]


def _any_hidden(replies: Sequence[WalletReply], merchant: Merchant) -> bool:
    return any(merchant.wallet(whole_number(reply.wallet_code.value)).hidden for reply in replies)


def _wallet(reply: WalletReply, merchant: Merchant, kind: type[W], today: date) -> W:
    code = whole_number(reply.wallet_code.value)
    # One that cannot be read still says that something ends.
    unread = reply.expirations.left_out + reply.expirations.is_odd
    ending = (*reply.expirations, *[ExpirationReply()] * unread)
    expirations = [_expiration(each, merchant, code, today) for each in ending]
    return kind(
        code=code,
        name=own_label(code, merchant) or _first_of(reply.name) or "",
        description=_first_of(reply.description) or "",
        amount=read_amount(reply.balance.value, merchant=merchant, wallet_code=code),
        giftable=truth(reply.giftable.value),
        # Soonest first; a date that cannot be read comes last instead of being dropped.
        expirations=tuple(sorted(expirations, key=lambda each: each.date or date.max)),
    )


def _expiration(
    reply: ExpirationReply, merchant: Merchant, wallet_code: int | None, today: date
) -> Expiration:
    day, received = _date(reply.expiration_date)
    amount = read_amount(reply.amount.value, merchant=merchant, wallet_code=wallet_code)
    return Expiration(
        amount=amount, date=day, received_date=received, is_past=day is not None and day < today
    )


def _cards(reply: AccountInformation, card_number: str) -> tuple[Card, Card | None, tuple[Card, ...]]:
    """The card that was asked about, the primary one if that is another, and the further ones; each card once.

    A card may be listed more than once, with states that differ: the one that bars it counts.
    """
    asked = Card(card_number, ending_of(card_number), _text(reply.query_card_status.value))
    primary = _card(reply.primary_card.value)
    cards = [asked]
    places = {_end(asked): [0]}  # of the cards with this end: a reply of 1 MiB lists thousands
    for card in (primary, *map(_card, reply.additional_cards)):
        if card is None:
            continue
        alike = places.setdefault(_end(card), [])
        place = next((place for place in alike if _is_same(cards[place], card)), None)
        if place is None:
            alike.append(len(cards))
            cards.append(card)
        else:
            known = cards[place]
            status = barring_status(known.status, card.status)
            cards[place] = replace(known, number=known.number or card.number, status=status)
    asked, *others = cards
    another = others.pop(0) if primary and not _is_same(asked, primary) else None
    return asked, another, tuple(others)


def _card(reply: CardReply | None) -> Card | None:
    """A listed card, unless it names none. A number's own end is shown before a masked one, which may be less."""
    if reply is None:
        return None
    number, masked = (
        normalise(_text(sent.value) or "") for sent in (reply.printed_card_number, reply.masked_card_number)
    )
    if not number.isalnum() or _MASK.search(number):  # masked itself
        number, masked = "", masked or number
    ends = _UNMASKED.findall(_MASK.sub(" ", masked))
    ending = ending_of(number) or (ends[-1][-ENDING_LENGTH:] if ends else "")
    return Card(number, ending, _text(reply.status.value)) if ending else None


def _is_same(first: Card, second: Card) -> bool:
    """Whether two entries are one card: by their numbers, or by the last six digits where one has no number.

    Numbers have come as JSON numbers (docs/paytronix-api.md, section 8), which lose the zeros at their front.
    """
    numbers = [normalise(card.number) for card in (first, second)]
    if all(numbers):
        shorter, longer = sorted(numbers, key=len)
        return shorter in {longer, longer.lstrip("0")}
    return _end(first) == _end(second)


def _end(card: Card) -> str:
    """The last six digits, which all entries of one card have in common."""
    return (normalise(card.number) or card.ending)[-ENDING_LENGTH:].zfill(ENDING_LENGTH)


def _registered(reply: AccountInformation) -> bool | None:
    stated = truth(reply.is_registered.value)
    return stated if stated is not None else truth(reply.registration_status.value)


def _store(lenient: Lenient[StoreReply]) -> Store | None:
    reply = lenient.value or StoreReply()
    label = _first_of(reply.label, reply.code)
    return Store(code=_first_of(reply.code) or "", label=label) if label else None


def _perk_name(reply: PerkReply | str | None) -> str | None:
    return _first_of(reply.label, reply.name, reply.code) if isinstance(reply, PerkReply) else reply


def _external_name(reply: ExternalAccountReply | str | None) -> str | None:
    if not isinstance(reply, ExternalAccountReply):
        return reply
    integration = reply.integration.value or IntegrationReply()
    return _first_of(integration.name, reply.name, reply.label, integration.identifier) or _masked(
        _first_of(reply.identifier)
    )


def _masked(identifier: str | None) -> str | None:
    """As much of an e-mail address or of a network's id as its owner knows it by."""
    return mask_address(identifier) or f"…{identifier[-4:]}" if identifier else None


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := _text(value)))


def _first_of(*texts: Lenient[Text]) -> str | None:
    """The first of these that holds something to show."""
    return next((text for each in texts if (text := _text(each.value))), None)


def _date(lenient: Lenient[Text]) -> tuple[date | None, str | None]:
    """The date, and the text as received. Dates are yyyy-mm-dd; a time behind it is left to the text."""
    received = _text(lenient.value)
    try:
        return (datetime.strptime(received, "%Y-%m-%d").date() if received else None), received  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None, received


def _text(value: str | None) -> str | None:
    """Plain text on one line, or None when there is nothing to show."""
    return clean_line(value) or None
