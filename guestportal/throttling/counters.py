"""Sliding windows that hold exactly, however many processes count at once.

One upsert looks at the windows, takes a place if there is one, and returns what is counted; the database runs
such statements on one row one after the other. A try takes its place before it is made and gives it back
unless it fails, so tries at the same moment cannot be more than the limit either. Until its end is known the place
is marked as in flight: it takes room like a failure, but no guest is told to wait long for it.
"""

import math
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.utils import timezone

from guestportal.storage.lookup import LookupUnavailable, lookup_hash
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.limits import MINUTE, Window
from guestportal.throttling.models import Counter

# A hit: how it stands, in a character that no hit has elsewhere, so that none is found across two others; the
# microsecond; and a mark of its own.
_IN_FLIGHT, _FAILED = "~", "."
_MOMENT_DIGITS = 16
_HIT_LENGTH = 1 + _MOMENT_DIGITS + 8
# A try that nobody ended in this time never will be: its place counts as a failure.
_LONGEST_TRY = timedelta(seconds=MINUTE)
# A guest's request pays for the sweeping, so what an attack leaves behind goes bit by bit.
_SWEPT_AT_ONCE, _MOST_BATCHES = 500, 4


@dataclass(frozen=True, slots=True)
class Place:
    """A counted try, which its holder may give back."""

    key: str
    hit: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of `take`: a place or none, the moments that are counted, and those of failures; newest first."""

    place: Place | None
    moments: tuple[datetime, ...]
    failures: tuple[datetime, ...]


def key_of(*parts: str) -> str:
    """The counter's key for a merchant, a bucket and a value; the value cannot be told from it without our key.

    Raises CountersUnreachable.
    """
    with reachable():
        return lookup_hash("counter", *parts)


# The place of a window's last allowed failure is free when it is empty or holds one that is old enough.
_TAKE = """
    INSERT INTO throttling_counter AS counter (key, hits, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE
            WHEN substr(counter.hits, %s, %s) <= %s AND substr(counter.hits, %s, %s) <= %s
            THEN substr(excluded.hits || counter.hits, 1, %s)
            ELSE counter.hits
        END,
        expires_at = excluded.expires_at
    RETURNING hits
"""


def take(key: str, windows: Sequence[Window]) -> Counted:
    """A place in the windows, one or two, if each has one left. Raises CountersUnreachable."""
    now = timezone.now()
    hit = f"{_IN_FLIGHT}{_digits(now)}{secrets.token_hex(4)}"
    expires_at = now + timedelta(seconds=max(window.seconds for window in windows))
    held = 2 * max(window.failures for window in windows)  # a proof may double them
    first, second = _last_place(windows[0], now), _last_place(windows[-1], now)
    with reachable(), connection.cursor() as cursor:
        adapted = connection.ops.adapt_datetimefield_value(expires_at)
        cursor.execute(_TAKE, [key, hit, adapted, *first, *second, held * _HIT_LENGTH])
        (hits,) = cursor.fetchone()
    marks = hits[::_HIT_LENGTH]
    moments = tuple(_moment(hits[start + 1 :]) for start in range(0, len(hits), _HIT_LENGTH))
    failures = tuple(
        moment
        for mark, moment in zip(marks, moments, strict=True)
        if mark == _FAILED or now - moment > _LONGEST_TRY
    )
    return Counted(Place(key, hit) if hits.startswith(hit) else None, moments, failures)


def seconds_until_free(counted: Counted, windows: Sequence[Window], *, call_seconds: float) -> int:
    """Seconds until each window has a place again; 0 when each has one now.

    A window that only tries in flight have filled has one again when their call is over, which takes `call_seconds`
    at most.
    """
    waits = [
        max(_wait(counted.failures, window), min(_wait(counted.moments, window), call_seconds))
        for window in windows
    ]
    return math.ceil(max(waits))


def _wait(moments: Sequence[datetime], window: Window) -> float:
    if len(moments) < window.failures:
        return 0
    free_at = moments[window.failures - 1] + timedelta(seconds=window.seconds)
    return max(0, (free_at - timezone.now()).total_seconds())


def is_taken(key: str, *, seconds: int) -> bool:
    """Whether the key's newest place was taken less than so many seconds ago. Raises CountersUnreachable."""
    with reachable():
        hits = Counter.objects.filter(key=key).values_list("hits", flat=True).first()
    return bool(hits) and timezone.now() - _moment(str(hits)[1:]) < timedelta(seconds=seconds)


def give_back(place: Place) -> None:
    """Count the try no longer. Raises CountersUnreachable."""
    with reachable(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE throttling_counter SET hits = replace(hits, %s, '') WHERE key = %s",
            [place.hit, place.key],
        )


def keep(place: Place) -> Place:
    """The try has failed: count it until its window is over. Returns it as it stands now.

    Raises CountersUnreachable.
    """
    kept = Place(place.key, place.hit.replace(_IN_FLIGHT, _FAILED))
    with reachable(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE throttling_counter SET hits = replace(hits, %s, %s) WHERE key = %s",
            [place.hit, kept.hit, place.key],
        )
    return kept


def clear(key: str) -> None:
    """Forget every failure of the key. Raises CountersUnreachable."""
    with reachable():
        Counter.objects.filter(key=key).delete()


def sweep() -> int:
    """Delete counters that count nothing any more, no more than a request may pay for; return how many it were."""
    swept = 0
    for _ in range(_MOST_BATCHES):
        with transaction.atomic():
            # A row that somebody is about to use again is left alone: waiting for it could lock both out.
            rows = Counter.objects.select_for_update(skip_locked=True).filter(expires_at__lt=timezone.now())
            keys = list(rows.values_list("key", flat=True)[:_SWEPT_AT_ONCE])
            swept += Counter.objects.filter(key__in=keys).delete()[0]
        if len(keys) < _SWEPT_AT_ONCE:
            break
    return swept


@contextmanager
def together() -> Iterator[None]:
    """Several counters in one transaction: all count or, when the block raises, none. Raises CountersUnreachable."""
    with reachable(), transaction.atomic():
        yield


@contextmanager
def reachable() -> Iterator[None]:
    """Turn what the database says, or does not hold, into CountersUnreachable."""
    try:
        yield
    except (Error, LookupUnavailable):  # a connection that was lost is no DatabaseError
        raise CountersUnreachable from None


def _last_place(window: Window, now: datetime) -> tuple[int, int, str]:
    """Where the window's last allowed failure stands, and the moment from which on it still counts."""
    position = (window.failures - 1) * _HIT_LENGTH + 2
    return position, _MOMENT_DIGITS, _digits(now - timedelta(seconds=window.seconds))


def _digits(moment: datetime) -> str:
    """Microseconds since 1970 with leading zeros: as text they sort like moments in every database."""
    return f"{int(moment.timestamp()) * 1_000_000 + moment.microsecond:0{_MOMENT_DIGITS}d}"


def _moment(digits: str) -> datetime:
    microseconds = int(digits[:_MOMENT_DIGITS])
    return datetime.fromtimestamp(microseconds // 1_000_000, tz=timezone.get_default_timezone()).replace(
        microsecond=microseconds % 1_000_000
    )
