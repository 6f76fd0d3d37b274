"""When a gift's time is up. Only the merchant's zone counts, east and west of UTC, whatever its clocks do."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gifting.gift.domain import Deadline, Moment
from guestportal.merchants.definition import ExpirationDays
from guestportal.paytronix.scalars import whole_number

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)? ?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_NEVER = timedelta(days=36_500)  # a hundred years; so many or more are no deadline but a way to say "never"
_END_OF_CALENDAR = "9999"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`. Where midnight does not exist, that is when the clocks go forward."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def read_deadline(
    expiration_date: str | None,
    days: Iterable[str | None],
    *,
    zone: ZoneInfo,
    now: datetime,
    sent_at: datetime | None = None,
    counts: ExpirationDays = "unknown",
) -> Deadline | None:
    """The earlier of the stated deadline and the one counted by the first of `days` that is a number.

    A date without a time means the end of that day in the merchant's zone (docs/experience.md, What is shown). Days
    are counted from `sent_at`, or from `now` where the merchant says by `counts` that they are what is left.

    None when nothing is said, when what is said means "never", or when days are counted from a moment that is not
    known; the text alone when it is no date. Source: docs/paytronix-api.md, section 7.14.
    """
    stated = _by_date((expiration_date or "").strip(), zone)
    if stated is not None and stated.ends_at is not None and stated.ends_at - now >= _NEVER:
        stated = None
    begins_at = now if counts == "left" else sent_at
    counted = _by_count(days, zone=zone, begins_at=begins_at, is_about=counts == "unknown")
    known = [each for each in (stated, counted) if each is not None and each.ends_at is not None]
    return min(known, key=lambda each: each.ends_at or now, default=stated)


def read_moment(text: str | None, *, zone: ZoneInfo) -> Moment:
    """`yyyy-MM-dd HH:mm:ss Z` or ISO 8601, in `zone` without an offset (docs/paytronix-api.md, section 8)."""
    received = (text or "").strip()
    return Moment(_instant(received, zone), received)


def _by_count(
    days: Iterable[str | None], *, zone: ZoneInfo, begins_at: datetime | None, is_about: bool
) -> Deadline | None:
    number = next((number for count in days if (number := whole_number(count)) is not None), None)
    if number is None or begins_at is None or number >= _NEVER.days:
        return None
    day = begins_at.astimezone(zone).date() + timedelta(days=number)
    return Deadline(date=day, ends_at=end_of_day(day, zone), stated=False, is_about=is_about)


def _by_date(received: str, zone: ZoneInfo) -> Deadline | None:
    if not received or received.startswith(_END_OF_CALENDAR):
        return None
    try:
        if _DATE.fullmatch(received):
            day = date.fromisoformat(received)
            return Deadline(date=day, ends_at=end_of_day(day, zone), received=received)
    except (ValueError, OverflowError):
        return Deadline(date=None, ends_at=None, received=received)
    instant = _instant(received, zone)
    if instant is None:
        return Deadline(date=None, ends_at=None, received=received)
    local = instant.astimezone(zone)
    return Deadline(date=local.date(), ends_at=local, received=received)


def _instant(received: str, zone: ZoneInfo) -> datetime | None:
    found = _MOMENT.fullmatch(received)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        # At the ends of the calendar no other zone could show it.
        return moment if 1 < moment.year < 9999 else None
    except ValueError:
        return None
