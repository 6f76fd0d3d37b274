"""Attack mode: while a whole site sees far more failures than usual, every try needs a proof of work."""

import logging
import statistics
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from guestportal.merchants.definition import Merchant
from guestportal.throttling import counters, tallies
from guestportal.throttling.limits import HOUR, MINUTE, Bucket, Window, limit_of
from guestportal.throttling.tallies import Event

log = logging.getLogger("guestportal.throttling")

LASTS_SECONDS = 15 * MINUTE
TIMES_THE_USUAL = 5
# However much is usual, this many failures a minute are an attack: patience must not wear the alarm out.
MOST_A_MINUTE = 100
_ONCE = (Window(1, LASTS_SECONDS),)


def is_on(merchant: Merchant) -> bool:
    """Whether the site is in attack mode. Raises CountersUnreachable."""
    return counters.is_taken(_key(merchant), seconds=LASTS_SECONDS)


def count_failure(merchant: Merchant) -> None:
    """A try of the site has failed; one more than it may see turns attack mode on. Raises CountersUnreachable."""
    (window,) = limit_of(Bucket.SITE, merchant=merchant).windows
    key = counters.key_of(merchant.slug, Bucket.SITE)
    if counters.take(key, [window]).place:
        return
    usual = TIMES_THE_USUAL * usual_in(window.seconds, merchant)  # matters only now
    if not counters.take(key, [replace(window, failures=_between(window.failures, usual))]).place:
        start(merchant)


def _between(least: int, usual: int) -> int:
    return min(max(least, usual), max(least, MOST_A_MINUTE))


def start(merchant: Merchant) -> None:
    """Turn attack mode on; the process that was first writes the log line. Raises CountersUnreachable."""
    if counters.take(_key(merchant), _ONCE).place:
        fields = {"event": "attack_mode", "merchant": merchant.slug, "lasts_seconds": LASTS_SECONDS}
        log.error("attack_mode", extra={"fields": fields})
        tallies.count(merchant.slug, Event.ATTACK)


def usual_in(seconds: int, merchant: Merchant) -> int:
    """Failures that so many seconds usually see: the median of the last day's hours, which a short attack leaves."""
    since = timezone.now() - timedelta(days=1)
    hours = tallies.by_hour(merchant.slug, since=since)
    failures = [sum(hour.get(event, 0) for event in tallies.FAILURES) for hour in hours.values()]
    quiet = [0] * (24 - len(failures))
    return round(statistics.median([*failures, *quiet]) * seconds / HOUR)


def _key(merchant: Merchant) -> str:
    return counters.key_of(merchant.slug, "attack")
