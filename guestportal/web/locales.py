"""How numbers, dates and zones are written: in the page's language, as it is written in the merchant's country."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Literal

from babel import localedata
from babel.dates import format_date
from django.utils.translation import get_language

_territory: ContextVar[str] = ContextVar("territory", default="")


@contextmanager
def in_territory(territory: str | None) -> Iterator[None]:
    """Write as in this country (ISO 3166) inside the block; None leaves it to the language alone."""
    token = _territory.set(territory or "")
    try:
        yield
    finally:
        _territory.reset(token)


def current_locale() -> str:
    """The active language with the merchant's country, where CLDR knows the pair; else the language alone."""
    language = get_language() or "en"
    regional = f"{language}_{_territory.get()}"
    return regional if localedata.exists(regional) else language


def written_day(value: date, width: Literal["long", "full"]) -> str:
    """A date in words; `full` has the weekday. French writes the first of a month as an ordinal, CLDR does not."""
    locale = current_locale()
    text = format_date(value, width, locale=locale)
    if value.day == 1 and locale.startswith("fr"):
        return text.replace("1 ", "1er ", 1)
    return text


def zone_name(value: datetime) -> str:
    """The zone's abbreviation at that time, such as EST; one that has none by its offset, such as UTC-3."""
    name = value.tzname() or ""
    if not name.startswith(("+", "-")):
        return name
    hours, minutes = name[:3], name[3:]
    return f"UTC{hours[0]}{int(hours[1:])}" + (f":{minutes}" if minutes.strip("0") else "")
