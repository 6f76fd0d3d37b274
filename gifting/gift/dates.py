"""When a gift's time is up. Only the merchant's zone counts, east and west of UTC, whatever its clocks do."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gifting.gift.domain import Deadline, Moment
from guestportal.merchants.definition import ExpirationDays
from guestportal.paytronix.moments import ENDLESS_DAYS, calendar_day, instant
from guestportal.paytronix.scalars import whole_number

_NEVER = timedelta(days=ENDLESS_DAYS)  # so far off is no deadline
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


def read_moment(text: str | None) -> Moment:
    """`yyyy-MM-dd HH:mm:ss Z` or ISO 8601, in UTC without an offset (docs/paytronix-api.md, section 8)."""
    received = (text or "").strip()
    return Moment(instant(received), received)


def _by_count(
    days: Iterable[str | None], *, zone: ZoneInfo, begins_at: datetime | None, is_about: bool
) -> Deadline | None:
    number = next((number for count in days if (number := whole_number(count)) is not None), None)
    if number is None or begins_at is None or number >= ENDLESS_DAYS:
        return None
    day = begins_at.astimezone(zone).date() + timedelta(days=number)
    return Deadline(date=day, ends_at=end_of_day(day, zone), stated=False, is_about=is_about)


def _by_date(received: str, zone: ZoneInfo) -> Deadline | None:
    if not received or received.startswith(_END_OF_CALENDAR):
        return None
    day, moment = calendar_day(received), instant(received)
    try:
        if day is not None:
            return Deadline(date=day, ends_at=end_of_day(day, zone), received=received)
    except OverflowError:  # nothing comes after the last day of the calendar
        return Deadline(date=None, ends_at=None, received=received)
    if moment is None:
        return Deadline(date=None, ends_at=None, received=received)
    local = moment.astimezone(zone)
    return Deadline(date=local.date(), ends_at=local, received=received)
