"""Dates and times in every form that Paytronix writes them (docs/paytronix-api.md, section 8)."""

import re
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})? ?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
ENDLESS_DAYS: Final = 36_500  # a hundred years from now, and 9999-12-31, are ways to say "never"


def calendar_day(text: str) -> date | None:
    """A day without a time, `yyyy-mm-dd` or `yyyymmdd`; None when the text is none."""
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None


def instant(text: str) -> datetime | None:
    """A moment, with its offset; without one it is in UTC, as Paytronix itself reads it. None when it is none."""
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
    except ValueError:
        return None
    # At the ends of the calendar no other zone could show it.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) if 1 < moment.year < 9999 else None


def day_of(text: str, zone: ZoneInfo) -> date | None:
    """The day of a field that is documented as a date, whatever it came with; None when it holds none.

    Midnight behind a date says nothing, so that date stands; any other time is a moment, and its day is that in
    `zone`.
    """
    day = calendar_day(text)
    if day is not None:
        return day
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    if found[2] == "00:00:00" or found[1].startswith("9999"):
        return calendar_day(found[1])
    moment = instant(text)
    return moment.astimezone(zone).date() if moment else None


def is_endless(day: date, *, today: date) -> bool:
    """Whether a last day is so far off that it says "no end"."""
    return (day - today).days >= ENDLESS_DAYS
