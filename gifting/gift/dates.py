"""When a gift's time is up. Only the merchant's zone counts, east and west of UTC, whatever its clocks do."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gifting.gift.domain import Deadline, Moment
from guestportal.paytronix.scalars import whole_number

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)? ?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
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


def read_moment(text: str | None, *, zone: ZoneInfo) -> Moment:
    """`yyyy-MM-dd HH:mm:ss Z` or ISO 8601, in `zone` without an offset (docs/paytronix-api.md, section 8)."""
    received = (text or "").strip()
    return Moment(_instant(received, zone), received)


def _by_date(received: str, zone: ZoneInfo) -> Deadline:
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


def _whole_days(count: str | None) -> int | None:
    number = whole_number(count)
    return number if number is not None and number <= _MOST_DAYS else None
