"""When a gift's time is up. Only the merchant's zone counts, east and west of UTC, whatever its clocks do."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gifting.gift.domain import Deadline, Moment
from guestportal.paytronix.moments import calendar_day, instant
from guestportal.paytronix.scalars import whole_number

_MOST_DAYS = 36_600  # a hundred years; more is no deadline but a way to say "never"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`. Where midnight does not exist, that is when the clocks go forward."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def read_deadline(
    expiration_date: str | None, days: Iterable[str | None], *, zone: ZoneInfo, now: datetime
) -> Deadline | None:
    """The deadline by its date, else the one counted from today by the first of `days` that is a number.

    A date without a time means the end of that day in the merchant's zone (docs/experience.md, What is shown). None
    when nothing is said, and the text alone when it is no date.
    Source: docs/paytronix-api.md, section 7, TransferredBalance and TransferInfo.
    """
    received = (expiration_date or "").strip()
    if received:
        return _by_date(received, zone)
    for count in days:
        number = _whole_days(count)
        if number is not None:
            day = now.astimezone(zone).date() + timedelta(days=number)
            return Deadline(date=day, ends_at=end_of_day(day, zone), stated=False)
    return None


def read_moment(text: str | None) -> Moment:
    """`yyyy-MM-dd HH:mm:ss Z` or ISO 8601, in UTC without an offset (docs/paytronix-api.md, section 8)."""
    received = (text or "").strip()
    return Moment(instant(received), received)


def _by_date(received: str, zone: ZoneInfo) -> Deadline:
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


def _whole_days(count: str | None) -> int | None:
    number = whole_number(count)
    return number if number is not None and number <= _MOST_DAYS else None
