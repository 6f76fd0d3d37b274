"""How long things take when sending: what may still arrive, when to look again, when to give up."""

from datetime import datetime, timedelta

from gifting.ledger.limits import call_time, settling_time
from gifting.ledger.schedule import WATCHED_FOR
from guestportal.merchants.definition import Merchant

PREPARED_FOR = timedelta(
    minutes=15
)  # a check page shows balances and costs; an older one has to be looked at again
LAST_LOOK_WITHIN = timedelta(days=7)
TWIN_WINDOW = timedelta(days=1)
CLEAN_READS = 2
# Two readings within moments of each other may come from the same lagging copy.
CLEAN_READ_PAUSE = timedelta(seconds=15)
FOLLOWED_FRESH = timedelta(seconds=60)
CLOCKS_DIFFER = timedelta(minutes=15)
_SHORTEST_WATCH = timedelta(minutes=2)
_LONGEST_WATCH = timedelta(hours=3)


def arrival_time(merchant: Merchant) -> timedelta:
    """How long after the claim a call may still do its work; before that nothing follows from its absence.

    The call may leave as late as `call_time` allows, which the ledger asserts, and is given the settling time from
    there.
    """
    return call_time(merchant) + settling_time(merchant)


def next_watch(claimed_at: datetime, now: datetime) -> datetime | None:
    """When to read again about a gift that was not sent as far as anybody can tell; None after a day."""
    if now - claimed_at >= WATCHED_FOR:
        return None
    return now + min(max((now - claimed_at) / 3, _SHORTEST_WATCH), _LONGEST_WATCH)


def next_last_watch(claimed_at: datetime, now: datetime) -> datetime | None:
    """When to try again where the reading that ends the watched day fails; None after a week."""
    return now + _LONGEST_WATCH if now - claimed_at < LAST_LOOK_WITHIN else None
