"""How much happened in each hour, for the report and for what is usual. Numbers alone, without guests or cards."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.utils import timezone

from guestportal.throttling import counters, doubts
from guestportal.throttling.models import Tally

KEPT = timedelta(days=8)


class Event(StrEnum):
    """What is counted. A try is one that Paytronix was asked about."""

    CARD_TRY = "card_try"
    CARD_FAILURE = "card_failure"
    CARD_LIMITED = "card_limited"
    PASSWORD_TRY = "password_try"  # noqa: S105 - a name
    PASSWORD_FAILURE = "password_failure"  # noqa: S105 - a name
    GIFT_CODE_FAILURE = "gift_code_failure"
    THROTTLED = "throttled"
    PROOF_ASKED = "proof_asked"
    PROOF_TAKEN = "proof_taken"
    PROOF_REFUSED = "proof_refused"
    PAUSE_TAKEN = "pause_taken"
    ATTACK = "attack"


FAILURES = (Event.CARD_FAILURE, Event.CARD_LIMITED, Event.PASSWORD_FAILURE)


_COUNT = """
    INSERT INTO throttling_tally AS tally (merchant, event, hour, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (merchant, event, hour) DO UPDATE SET count = tally.count + 1
    RETURNING count
"""


def count(merchant_slug: str, event: Event) -> None:
    """Add one to this hour. The hour's first of its kind sweeps. Raises CountersUnreachable."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with counters.reachable():
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [merchant_slug, event, connection.ops.adapt_datetimefield_value(hour)])
            (counted,) = cursor.fetchone()
        if counted == 1:
            Tally.objects.filter(hour__lt=hour - KEPT).delete()
            doubts.sweep(hour)
            counters.sweep()


def by_hour(merchant_slug: str, *, since: datetime) -> Mapping[datetime, Mapping[str, int]]:
    """Counts by event of each hour from `since` on that has any. Raises CountersUnreachable."""
    hours: dict[datetime, dict[str, int]] = defaultdict(dict)
    with counters.reachable():
        rows = Tally.objects.filter(merchant=merchant_slug, hour__gte=since)
        for hour, event, counted in rows.values_list("hour", "event", "count"):
            hours[hour][event] = counted
    return hours
