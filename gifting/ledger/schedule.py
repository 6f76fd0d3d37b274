"""When the ledger looks again, what may still arrive, and how long contents are kept; of answers and wishes alike."""

from datetime import datetime, timedelta

from guestportal.merchants.definition import Merchant

WATCHED_FOR = timedelta(days=1)
LAST_LOOK_WITHIN = timedelta(days=7)
# A check page shows balances and costs; an older one has to be looked at again.
PREPARED_FOR = timedelta(minutes=15)
TWIN_WINDOW = timedelta(days=1)
CLEAN_READS = 2
# Two readings within moments of each other may come from the same lagging copy.
CLEAN_READ_PAUSE = timedelta(seconds=15)
FOLLOWED_FRESH = timedelta(seconds=60)
CLOCKS_DIFFER = timedelta(minutes=15)
_SHORTEST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)
_SHORTEST_WATCH = timedelta(minutes=2)
_LONGEST_WATCH = timedelta(hours=3)


def settling_time(merchant: Merchant) -> timedelta:
    """How long an answer or a gift may still be on its way: after it, what still waits or is nowhere is believed."""
    return timedelta(seconds=merchant.limits.gift_settling_seconds)


def call_time(merchant: Merchant) -> timedelta:
    """How long the process that claimed an answer can be busy with it; older claims have lost their process."""
    return timedelta(seconds=merchant.integration.deadline_seconds + 5)


def arrival_time(merchant: Merchant) -> timedelta:
    """How long after the claim a call may still do its work; before that nothing follows from its absence.

    The call may leave as late as `call_time` allows, which the ledger asserts, and is given the settling time from
    there.
    """
    return call_time(merchant) + settling_time(merchant)


def gift_retention(merchant: Merchant) -> timedelta:
    """How long the contents of a settled wish or answer are kept."""
    return timedelta(days=merchant.limits.gift_retention_days)


def first_look(merchant: Merchant, claimed_at: datetime) -> datetime:
    """When the process that claimed it has surely ended its call."""
    return claimed_at + call_time(merchant)


def next_look(claimed_at: datetime, now: datetime) -> datetime:
    """When to read again about an unknown end: often at first, then ever less."""
    return now + min(max((now - claimed_at) / 3, _SHORTEST_PAUSE), _LONGEST_PAUSE)


def next_watch(claimed_at: datetime, now: datetime) -> datetime | None:
    """When to read again about a gift that was not sent as far as readings tell; None after a day."""
    if now - claimed_at >= WATCHED_FOR:
        return None
    return now + min(max((now - claimed_at) / 3, _SHORTEST_WATCH), _LONGEST_WATCH)


def next_last_watch(claimed_at: datetime, now: datetime) -> datetime | None:
    """When to try again where the reading that ends the watched day fails; None after a week."""
    return now + _LONGEST_WATCH if now - claimed_at < LAST_LOOK_WITHIN else None
