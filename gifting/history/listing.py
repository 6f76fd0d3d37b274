"""Everything that was given and received, as one list: joined, filtered, counted and paged."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from gifting.gift.domain import Direction, Gift, GiftStatus, Item
from gifting.gift.words import counted_words
from gifting.history.filters import Filters
from gifting.history.gifts import Gifts, Line
from gifting.receiving.inbox import Inbox
from gifting.receiving.outcomes import AnswerOutcome

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class History:
    """All gifts of a card, newest first, as both lists said at `asked_at`; `waiting_count` of them wait.

    With `has_unread` there are more that could not be read, so no sum of these is one of all. `inbox` is what the
    list of waiting gifts said; None when the history was kept, which it is while no answer has news.
    """

    gifts: Gifts
    waiting_count: int
    asked_at: datetime
    has_unread: bool = False
    inbox: Inbox | None = None

    @property
    def ended_answers(self) -> tuple[AnswerOutcome, ...]:
        return self.inbox.ended_answers if self.inbox else ()

    @property
    def unlisted_answers(self) -> tuple[AnswerOutcome, ...]:
        return self.inbox.unlisted_answers if self.inbox else ()


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


def join(pending: Iterable[Gift], past: Iterable[Gift]) -> tuple[Gift, ...]:
    """Both lists as one, newest first, each transferOutTransactionId once (docs/paytronix-api.md, section 7.6).

    The history is the later word on a gift that stands in both. Gifts without a number are never taken for doubles.
    """
    known: dict[str, Gift] = {}
    for place, gift in enumerate((*past, *pending)):
        known.setdefault(gift.transaction_id or f"place {place}", gift)
    return tuple(sorted(known.values(), key=_age))


def matching(gifts: Gifts, filters: Filters) -> Gifts:
    """The gifts that pass all filters. Text is looked for in what the page shows, whatever its case and accents.

    Only a look for text opens gifts, and of those that pass the other filters alone.
    """
    places = [
        place
        for place, line in enumerate(gifts.lines)
        if filters.direction in {"", line.direction} and filters.status in {"", line.status}
    ]
    if words := set(_folded(filters.q).split()):
        opened = zip(places, gifts.at(places), strict=True)
        places = [place for place, gift in opened if _holds(_shown_text(gift), words)]
    return gifts.only(places)


def page_of(gifts: Gifts, number: int, *, zone: ZoneInfo, size: int = PAGE_SIZE) -> Page:
    """One page, grouped by the month in which gifts were sent; a number out of range means the nearest one.

    It opens the gifts of that page.
    """
    count = max(1, -(-len(gifts) // size))
    number = min(max(number, 1), count)
    start = (number - 1) * size
    shown = gifts.at(range(start, min(start + size, len(gifts))))
    return Page(
        number=number,
        count=count,
        start=start + 1 if shown else 0,
        end=start + len(shown),
        total=len(gifts),
        months=_months(shown, zone),
    )


def totals(gifts: Gifts) -> tuple[Total, ...]:
    """Given and received per reward, by name. Only accepted gifts count: others went back, or still may.

    An amount that is no number makes its sum unknown, never smaller.
    """
    accepted = Counter(line for line in gifts.lines if line.status == GiftStatus.ACCEPTED)
    by_reward: dict[tuple[int | None, str], list[tuple[Line, int]]] = {}
    for line, times in accepted.items():
        by_reward.setdefault(_reward_key(line.item), []).append((line, times))
    found = (
        Total(
            item=together[0][0].item,
            given=_sum(together, Direction.OUT),
            received=_sum(together, Direction.IN),
        )
        for together in by_reward.values()
    )
    return tuple(sorted(found, key=lambda total: _folded(total.item.name)))


def _sum(counted: Iterable[tuple[Line, int]], direction: Direction) -> Item | None:
    """The items of one direction together, each as many times as it stands there; None where there is none."""
    summed: Item | None = None
    for line, times in counted:
        if line.direction == direction:
            amount = line.item.amount.times(times)
            summed = replace(summed or line.item, amount=summed.amount.plus(amount) if summed else amount)
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
