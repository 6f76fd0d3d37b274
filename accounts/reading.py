"""From the vendor's struct to our frozen account: the one place where their field names meet ours."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from accounts.domain import (
    Account,
    Card,
    CardStatus,
    Expiration,
    Reward,
    Standing,
    Store,
    Wallet,
    barring_status,
)
from accounts.masking import ENDING_LENGTH, ending_of, mask_address
from accounts.normalisation import normalise
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.moments import day_of, is_endless
from guestportal.paytronix.replies.account import (
    AccountInformation,
    CardReply,
    ExpirationReply,
    ExternalAccountReply,
    FieldsReply,
    PerkReply,
    StoreReply,
    WalletReply,
)
from guestportal.paytronix.replies.integration import IntegrationNamesReply
from guestportal.paytronix.replies.structs import Lenient, Text
from guestportal.paytronix.scalars import exact_decimal, truth, whole_number
from guestportal.paytronix.text import received_line

W = TypeVar("W", bound=Wallet)

_NOTHING = {"none", "null"}  # how some programs write a number that they do not have
_STATES = frozenset(CardStatus)
_MASK = re.compile(r"[Xx]{3,}")  # one that is made of letters
_UNMASKED = re.compile(r"[^\W_]+")  # what a masked number shows


def read_account(
    reply: AccountInformation, *, merchant: Merchant, card_number: str, read_at: datetime
) -> Account:
    """The account behind `card_number`, as read at `read_at` (UTC); hidden wallets are left out."""
    card, primary_card, additional_cards = _cards(reply, card_number)
    fields = reply.fields.value or FieldsReply()
    zone = merchant.locale.time_zone
    today = read_at.astimezone(zone).date()
    stored_value = _stored_value(reply.stored_value_balance)
    enroll_date, enroll_date_received = _date(fields.enroll_date, zone)
    return Account(
        card=card,
        account_status=_state(reply.account_status),
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


def read_standing(told: AccountInformation) -> Standing:
    """What a reply without figures tells of the card that was asked about; its primary card is taken for another."""
    return Standing(
        card=_state(told.query_card_status),
        account=_state(told.account_status),
        primary_card=_card(told.primary_card.value),
    )


def read_amount(text: str | None, *, merchant: Merchant, wallet_code: int | None = None) -> Amount:
    """An exact amount in the wallet's unit. What is no decimal keeps its text and has no value."""
    received = received_line(text)
    received = "" if received.lower() in _NOTHING else received
    unit = merchant.wallet(wallet_code).unit
    return Amount(received or None, exact_decimal(received), unit, merchant.locale.currency)


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
    amount = read_amount(reply.balance.value, merchant=merchant, wallet_code=code)
    # One that cannot be read still says that something ends.
    unread = reply.expirations.left_out + reply.expirations.is_odd
    ending = (*reply.expirations, *[ExpirationReply()] * unread)
    read = (_expiration(each, merchant, code, today) for each in ending)
    lots = _joined(lot for lot in read if lot.amount.value != 0)
    return kind(
        code=code,
        name=own_label(code, merchant) or _first_of(reply.name) or "",
        description=_first_of(reply.description) or "",
        amount=amount,
        giftable=truth(reply.giftable.value),
        expirations=tuple(lot for lot in lots if not (lot.date and is_endless(lot.date, today=today))),
        is_over=_is_over(amount, lots),
    )


def _expiration(
    reply: ExpirationReply, merchant: Merchant, wallet_code: int | None, today: date
) -> Expiration:
    day, received = _date(reply.expiration_date, merchant.locale.time_zone)
    amount = read_amount(reply.amount.value, merchant=merchant, wallet_code=wallet_code)
    return Expiration(
        amount=amount, date=day, received_date=received, is_past=day is not None and day < today
    )


def _joined(lots: Iterable[Expiration]) -> tuple[Expiration, ...]:
    """One lot for each day, soonest first; days that cannot be read come last, and such amounts beside the sum."""
    joined: dict[tuple[date | str | None, str | None], Expiration] = {}
    for lot in lots:
        day, is_counted = lot.date or lot.received_date, lot.amount.value is not None
        key = (day, None if is_counted else lot.amount.received or "")
        known = joined.get(key)
        if known is None:
            joined[key] = lot
        elif is_counted:
            joined[key] = replace(known, amount=known.amount.plus(lot.amount))
    return tuple(sorted(joined.values(), key=lambda lot: lot.date or date.max))


def _is_over(balance: Amount, lots: Sequence[Expiration]) -> bool:
    """Whether all of a balance had an end, and every end is past. A single lot without an amount is all of it."""
    if balance.value is None or not lots or not all(lot.is_past for lot in lots):
        return False
    ended = lots[0].amount
    for lot in lots[1:]:
        ended = ended.plus(lot.amount)
    return len(lots) == 1 if ended.value is None else ended.value >= balance.value


def _cards(reply: AccountInformation, card_number: str) -> tuple[Card, Card | None, tuple[Card, ...]]:
    """The card that was asked about, the primary one if that is another, and the further ones; each card once.

    A card may be listed more than once, with states that differ: the one that bars it counts. queryCardStatus
    alone decides for the card that was asked about (docs/paytronix-api.md, section 5).
    """
    asked = Card(card_number, ending_of(card_number), _state(reply.query_card_status))
    is_decided = asked.status is not None
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
        elif place > 0 or not is_decided:
            known = cards[place]
            status = barring_status(known.status, card.status)
            cards[place] = replace(known, number=known.number or card.number, status=status)
    asked, *others = cards
    another = others.pop(0) if primary and not _is_same(asked, primary) else None
    return asked, another, tuple(others)


def _card(reply: CardReply | None) -> Card | None:
    """A listed card, unless it names none. A number's own end is shown before a masked one, which may be less.

    A documented sample has two cards under one number, with other masks (docs/paytronix-api.md, section 5): a card
    whose mask is not the number's end has a number that is not told.
    """
    if reply is None:
        return None
    number, masked = (
        normalise(_text(sent.value) or "") for sent in (reply.printed_card_number, reply.masked_card_number)
    )
    if not number.isalnum() or _MASK.search(number):  # masked itself
        number, masked = "", masked or number
    ends = _UNMASKED.findall(_MASK.sub(" ", masked))
    end = ends[-1][-ENDING_LENGTH:] if ends else ""
    if not number.zfill(ENDING_LENGTH).endswith(end):
        number = ""
    ending = ending_of(number) or end
    return Card(number, ending, _state(reply.status)) if ending else None


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
    return (
        _first_of(reply.label, reply.perk_label, reply.name, reply.code)
        if isinstance(reply, PerkReply)
        else reply
    )


def _external_name(reply: ExternalAccountReply | str | None) -> str | None:
    if not isinstance(reply, ExternalAccountReply):
        return reply
    integration = reply.integration.value or IntegrationNamesReply()
    names = (integration.name, reply.integration_name, reply.name, reply.label, integration.identifier)
    return _first_of(*names) or _masked(_first_of(reply.identifier))


def _masked(identifier: str | None) -> str | None:
    """As much of an e-mail address or of a network's id as its owner knows it by."""
    return mask_address(identifier) or f"…{identifier[-4:]}" if identifier else None


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := _text(value)))


def _first_of(*texts: Lenient[Text]) -> str | None:
    """The first of these that holds something to show."""
    return next((text for each in texts if (text := _text(each.value))), None)


def _date(lenient: Lenient[Text], zone: ZoneInfo) -> tuple[date | None, str | None]:
    """The date, in `zone` where it came with a time, and the text as received."""
    received = _text(lenient.value)
    return (day_of(received, zone) if received else None), received


def _state(lenient: Lenient[Text]) -> str | None:
    """A documented state in upper case, whatever it came in; another one as received."""
    state = _text(lenient.value)
    return state.upper() if state and state.upper() in _STATES else state


def _text(value: str | None) -> str | None:
    """Plain text on one line, or None when there is nothing to show."""
    return received_line(value) or None
