"""Dates and times in every form of docs/paytronix-api.md, section 8."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from guestportal.paytronix.moments import day_of, instant, is_endless

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2031-01-02", date(2031, 1, 2)),
        ("20310102", date(2031, 1, 2)),
        # A time that says nothing: the date stands.
        ("2031-01-02 00:00:00", date(2031, 1, 2)),
        ("2031-01-02T00:00:00.000Z", date(2031, 1, 2)),
        ("2031-01-02T00:00:00.000-05:00", date(2031, 1, 2)),
        # A moment: its day is the merchant's.
        ("2031-01-02 23:59:59 -0500", date(2031, 1, 2)),
        ("2031-01-02T23:59:59.999Z", date(2031, 1, 2)),
        ("2031-01-02T04:59:59Z", date(2031, 1, 1)),
        ("2031-01-02 04:59:59", date(2031, 1, 1)),
        ("2031-01-01T22:00:00-0800", date(2031, 1, 2)),
        ("9999-12-31T23:59:59Z", date(9999, 12, 31)),
        # None at all.
        *(
            (text, None)
            for text in (
                "",
                "soon",
                "2031-02-30",
                "20310230",
                "2031-01-02T25:00:00Z",
                "2031-01",
                "02/01/2031",
            )
        ),
        ("2031-01-02T", None),
        ("٢٠٣١-٠١-٠٢", None),
        ("0000-01-02 00:00:00", None),
        ("0001-01-01T10:00:00+14:00", None),
    ],
)
def test_reads_the_day_of_whatever_stands_for_a_date(text: str, day: date | None) -> None:
    assert day_of(text, NEW_YORK) == day


def test_takes_a_moment_without_an_offset_for_utc() -> None:
    assert instant("2026-11-20 06:30:00") == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "endless"),
    [
        (date(9999, 12, 31), True),
        (date(2126, 11, 22), True),  # a hundred years
        (date(2126, 10, 29), True),  # 36,500 days
        (date(2126, 10, 28), False),
        (date(2099, 12, 31), False),
        (date(1900, 1, 1), False),
    ],
)
def test_takes_the_end_of_the_calendar_and_a_hundred_years_for_no_end(day: date, endless: bool) -> None:
    assert is_endless(day, today=date(2026, 11, 22)) is endless
