"""Everything that was given and received, as one list: joined, filtered, counted and paged. Nothing is stored."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from accounts.credentials import SignedInGuest
from gifting.gift.api import Activity, PendingList, at_once, read_activity, read_pending_list
from gifting.gift.domain import Direction, Gift, GiftStatus, Item
from gifting.gift.words import counted_words
from gifting.history.filters import Filters
from gifting.ledger import clock
from gifting.receiving.inbox import Inbox, settle_and_list
from guestportal.merchants.definition import Merchant

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class History:
    """All gifts of a card, newest first. `inbox` is what the list of waiting gifts said.

    With `has_unread` there are more that could not be read, so no sum of these is one of all.
    """

    gifts: tuple[Gift, ...]
    inbox: Inbox
    asked_at: datetime
    has_unread: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the merchant's calendar; `first` is None for gifts without a readable date."""

    first: date | None
    gifts: tuple[Gift, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list. `start` and `end` count from 1."""

    number: int
    count: int
    start: int
    end: int
    total: int
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How much of one reward has changed hands by accepted gifts; None where there was none."""

    item: Item
    given: Item | None
    received: Item | None

    @property
    def given_words(self) -> str:
        return counted_words(self.given) if self.given else ""

    @property
    def received_words(self) -> str:
        return counted_words(self.received) if self.received else ""


def load_history(*, merchant: Merchant, guest: SignedInGuest) -> History:
    """Both lists of the guest's card, asked at the same time. Open answers are settled by them on the way.

    Two calls. Raises PaytronixErrors.
    """
    card_number, asked_at = guest.card_number, clock.now()

    def pending_list() -> PendingList:
        return read_pending_list(merchant=merchant, card_number=card_number, asked_at=asked_at)

    def activity() -> Activity:
        return read_activity(merchant=merchant, card_number=card_number, asked_at=asked_at)

    pending, past = at_once(pending_list, activity)
    waiting = settle_and_list(merchant=merchant, guest=guest, pending=pending, activity=past)
    gifts = join((each.gift for each in pending.gifts), past.gifts)
    return History(gifts, waiting, pending.asked_at, pending.has_unread or past.has_unread)


def join(pending: Iterable[Gift], past: Iterable[Gift]) -> tuple[Gift, ...]:
    """Both lists as one, newest first, each transferOutTransactionId once (docs/paytronix-api.md, section 7.6).

    The history is the later word on a gift that stands in both. Gifts without a number are never taken for doubles.
    """
    known: dict[str, Gift] = {}
    for place, gift in enumerate((*past, *pending)):
        known.setdefault(gift.transaction_id or f"place {place}", gift)
    return tuple(sorted(known.values(), key=_age))


def matching(gifts: Iterable[Gift], filters: Filters) -> tuple[Gift, ...]:
    """The gifts that pass all filters. Text is looked for in what the page shows, whatever its case and accents."""
    words = set(_folded(filters.q).split())
    return tuple(
        gift
        for gift in gifts
        if filters.direction in {"", gift.direction}
        and filters.status in {"", gift.status}
        and (not words or _holds(_shown_text(gift), words))
    )


def page_of(gifts: tuple[Gift, ...], number: int, *, zone: ZoneInfo, size: int = PAGE_SIZE) -> Page:
    """One page, grouped by the month in which gifts were sent; a number out of range means the nearest one."""
    count = max(1, -(-len(gifts) // size))
    number = min(max(number, 1), count)
    start = (number - 1) * size
    shown = gifts[start : start + size]
    return Page(
        number=number,
        count=count,
        start=start + 1 if shown else 0,
        end=start + len(shown),
        total=len(gifts),
        months=_months(shown, zone),
    )


def totals(gifts: Iterable[Gift]) -> tuple[Total, ...]:
    """Given and received per reward, by name. Only accepted gifts count: others went back, or still may.

    An amount that is no number makes its sum unknown, never smaller.
    """
    accepted = [gift for gift in gifts if gift.status == GiftStatus.ACCEPTED]
    sums: dict[tuple[int | None, str], list[Gift]] = {}
    for gift in accepted:
        sums.setdefault(_reward_key(gift.item), []).append(gift)
    found = (
        Total(
            item=together[0].item,
            given=_sum(gift.item for gift in together if gift.direction is Direction.OUT),
            received=_sum(gift.item for gift in together if gift.direction is Direction.IN),
        )
        for together in sums.values()
    )
    return tuple(sorted(found, key=lambda total: _folded(total.item.name)))


def _sum(items: Iterable[Item]) -> Item | None:
    summed: Item | None = None
    for item in items:
        summed = item if summed is None else replace(summed, amount=summed.amount.plus(item.amount))
    return summed


def _reward_key(item: Item) -> tuple[int | None, str]:
    return (item.wallet_code, "" if item.wallet_code is not None else item.name)


def _months(gifts: Iterable[Gift], zone: ZoneInfo) -> tuple[Month, ...]:
    def first_of_month(gift: Gift) -> date | None:
        return gift.sent.at.astimezone(zone).date().replace(day=1) if gift.sent.at else None

    return tuple(Month(first, tuple(group)) for first, group in groupby(gifts, key=first_of_month))


def _age(gift: Gift) -> tuple[bool, float, int]:
    """Newest first; those without a readable date last; then the higher transaction number."""
    at = gift.sent.at
    number = (
        int(gift.transaction_id) if gift.transaction_id.isdecimal() and len(gift.transaction_id) < 30 else 0
    )
    return (at is None, -at.timestamp() if at else 0.0, -number)


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _shown_text(gift: Gift) -> str:
    item = gift.item
    shown = (
        gift.sender.short,
        gift.recipient.short,
        gift.target.name,
        gift.target.masked,
        item.name,
        item.plural,
        item.long,
        gift.message,
        gift.reply,
        gift.transaction_id,
        gift.transfer_in_id,
        gift.void_id,
    )
    return _folded(" ".join(shown))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
