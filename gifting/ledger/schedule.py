"""When to look for an end that nobody saw, of an answer as of a sent gift; and what a round of looking came to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gifting.ledger.limits import call_time
from guestportal.merchants.definition import Merchant

WATCHED_FOR = timedelta(days=1)
_SHORTEST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were looked at without their guest, how many of them came to an end, and how many unread."""

    looked_at: int = 0
    settled: int = 0
    unread: int = 0


def first_look(merchant: Merchant, claimed_at: datetime) -> datetime:
    """When the process that claimed it has surely ended its call."""
    return claimed_at + call_time(merchant)


def next_look(claimed_at: datetime, now: datetime) -> datetime:
    """When to read again about an unknown end: often at first, then ever less."""
    return now + min(max((now - claimed_at) / 3, _SHORTEST_PAUSE), _LONGEST_PAUSE)
