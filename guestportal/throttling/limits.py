"""The limits, in one table (docs/threats.md, section 2): the environment changes them, merchants only tighten."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from django.conf import settings

from guestportal.merchants.definition import Limits, Merchant

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HIGHEST = 200  # counters hold every failure that still counts, so this bounds their size


class Bucket(StrEnum):
    """What is counted, each for itself; the values are the names in `LIMITS`."""

    CARD = "card"
    USER_NAME = "user_name"
    ADDRESS = "address"
    CARDS_OF_ADDRESS = "cards_of_address"
    GIFT_CODE = "gift_code"
    GIFT_LINK = "gift_link"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Window:
    """So many failures in so many seconds, counted back from each moment."""

    failures: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """All windows hold at once. With `step_up`, past the first one each try needs a proof, up to twice as many."""

    windows: tuple[Window, ...]
    step_up: bool = False

    def proven(self) -> tuple[Window, ...]:
        """The windows for a try that comes with a proof."""
        first, *others = self.windows
        if not self.step_up:
            return self.windows
        return (replace(first, failures=2 * first.failures), *others)


TABLE: Mapping[Bucket, Limit] = {
    Bucket.CARD: Limit((Window(5, 15 * MINUTE), Window(10, DAY))),
    Bucket.USER_NAME: Limit((Window(5, 15 * MINUTE), Window(20, DAY)), step_up=True),
    Bucket.ADDRESS: Limit((Window(10, 10 * MINUTE), Window(60, DAY)), step_up=True),
    Bucket.CARDS_OF_ADDRESS: Limit((Window(5, HOUR),), step_up=True),
    Bucket.GIFT_CODE: Limit((Window(5, HOUR),)),
    Bucket.GIFT_LINK: Limit((Window(60, 10 * MINUTE),)),  # opened without a session: each of these makes one
    Bucket.SITE: Limit((Window(20, MINUTE),)),
}


def limit_of(bucket: Bucket, *, merchant: Merchant) -> Limit:
    """The limit in force: the table's or the environment's, or the merchant's where that is lower."""
    limit = limits_from(tuple(sorted(settings.LIMITS.items())))[bucket]
    wishes = _wishes(bucket, merchant.limits)
    windows = tuple(
        replace(window, failures=min(window.failures, wish or window.failures))
        for window, wish in zip(limit.windows, wishes or (None,) * len(limit.windows), strict=True)
    )
    return replace(limit, windows=windows)


@cache
def limits_from(changes: tuple[tuple[str, str], ...]) -> Mapping[Bucket, Limit]:
    """The table with the failures of the setting LIMITS, such as `card=3/6`. Raises ValueError naming the mistake."""
    limits = dict(TABLE)
    for name, text in changes:
        if name not in list(Bucket):
            raise ValueError(f'"{name}" is no counter; expected one of {", ".join(Bucket)}')
        windows = TABLE[Bucket(name)].windows
        numbers = text.split("/")
        right = all(number.isascii() and number.isdigit() for number in numbers)
        if not right or len(numbers) != len(windows) or not all(0 < int(each) <= HIGHEST for each in numbers):
            form = "/".join(str(window.failures) for window in windows)
            raise ValueError(f"{name}: expected whole numbers from 1 to {HIGHEST} in the form of {form}")
        limits[Bucket(name)] = replace(
            TABLE[Bucket(name)],
            windows=tuple(
                replace(window, failures=int(number)) for window, number in zip(windows, numbers, strict=True)
            ),
        )
    return limits


def _wishes(bucket: Bucket, limits: Limits) -> tuple[int | None, ...]:
    """What the merchant's file says about the bucket's windows, in the table's order."""
    match bucket:
        case Bucket.CARD:
            return limits.card_failures_in_15_minutes, limits.card_failures_in_a_day
        case Bucket.USER_NAME:
            return limits.user_name_failures_in_15_minutes, limits.user_name_failures_in_a_day
        case Bucket.ADDRESS:
            return limits.address_failures_in_10_minutes, limits.address_failures_in_a_day
        case Bucket.CARDS_OF_ADDRESS:
            return (limits.cards_of_an_address_in_an_hour,)
        case Bucket.GIFT_CODE:
            return (limits.unknown_gift_codes_in_an_hour,)
        case Bucket.GIFT_LINK | Bucket.SITE:
            return ()
