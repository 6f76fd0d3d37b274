"""Numbers, dates and zones in the page's language, as it is written in the merchant's country."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from guestportal.web.locales import current_locale, in_territory, written_day, zone_name


@pytest.mark.parametrize(
    ("language", "territory", "locale"),
    [
        ("es", "US", "es_US"),
        ("es", None, "es"),
        ("en", "GB", "en_GB"),
        ("fr", "US", "fr"),  # CLDR has no such pair
        ("fr", "CA", "fr_CA"),
    ],
)
def test_takes_the_country_where_the_language_is_written_there(
    language: str, territory: str | None, locale: str
) -> None:
    with translation.override(language), in_territory(territory):
        assert current_locale() == locale
    assert current_locale() == "en", "nothing is left behind"


@pytest.mark.parametrize(
    ("day", "language", "territory", "words"),
    [
        (date(2026, 12, 1), "en", None, "December 1, 2026"),
        (date(2026, 12, 1), "en", "GB", "1 December 2026"),
        (date(2026, 12, 1), "fr", None, "1er décembre 2026"),
        (date(2026, 12, 1), "fr", "CA", "1er décembre 2026"),
        (date(2026, 12, 11), "fr", None, "11 décembre 2026"),
        (date(2026, 12, 1), "es", "US", "1 de diciembre de 2026"),
    ],
)
def test_writes_a_day_as_people_write_it(day: date, language: str, territory: str | None, words: str) -> None:
    with translation.override(language), in_territory(territory):
        assert written_day(day, "long") == words


def test_puts_the_weekday_first() -> None:
    with translation.override("fr"):
        assert written_day(date(2026, 12, 1), "full") == "mardi 1er décembre 2026"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (ZoneInfo("America/New_York"), "EST"),
        (ZoneInfo("America/Sao_Paulo"), "UTC-3"),
        (ZoneInfo("Asia/Kathmandu"), "UTC+5:45"),
        (ZoneInfo("Asia/Dubai"), "UTC+4"),
        (UTC, "UTC"),
        (timezone(timedelta(hours=-10)), "UTC-10:00"),
    ],
)
def test_names_a_zone_without_an_abbreviation_by_its_offset(zone: ZoneInfo, name: str) -> None:
    assert zone_name(datetime(2026, 12, 1, 12, tzinfo=zone)) == name
