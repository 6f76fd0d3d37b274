"""When a gift's time is up: in the merchant's zone, to the second, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gifting.gift.dates import end_of_day, read_deadline, read_moment
from gifting.gift.domain import Deadline

NEW_YORK, HONOLULU, AUCKLAND = (
    ZoneInfo(name) for name in ("America/New_York", "Pacific/Honolulu", "Pacific/Auckland")
)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def deadline(text: str, zone: ZoneInfo = NEW_YORK) -> Deadline:
    found = read_deadline(text, (), zone=zone, now=NOW)
    assert found is not None
    return found


@pytest.mark.parametrize("zone", [NEW_YORK, HONOLULU, AUCKLAND], ids=str)
@pytest.mark.parametrize(
    "day", ["2026-11-29", "2026-12-31", "2028-02-29", "2026-03-08", "2026-11-01", "2026-09-27", "2026-04-05"]
)
def test_lasts_to_the_last_second_of_the_day_in_the_merchants_zone(day: str, zone: ZoneInfo) -> None:
    found = deadline(day, zone)
    last_second = datetime.combine(date.fromisoformat(day), datetime.max.time(), tzinfo=zone)
    midnight = found.ends_at
    assert midnight is not None

    assert not found.is_over(last_second.replace(hour=23, minute=59, second=59, microsecond=0))
    assert not found.is_over(last_second.astimezone(UTC))
    assert found.is_over(midnight)
    assert midnight.astimezone(zone).date() == date.fromisoformat(day) + timedelta(days=1)
    assert (midnight.astimezone(zone).hour, midnight.astimezone(zone).minute) == (0, 0)


@pytest.mark.parametrize(
    ("zone", "day", "ends_at"),
    [
        # 23 hours: clocks go forward; 25 hours: they go back.
        (NEW_YORK, "2026-03-07", "2026-03-08T05:00:00+00:00"),
        (NEW_YORK, "2026-03-08", "2026-03-09T04:00:00+00:00"),
        (NEW_YORK, "2026-10-31", "2026-11-01T04:00:00+00:00"),
        (NEW_YORK, "2026-11-01", "2026-11-02T05:00:00+00:00"),
        (HONOLULU, "2026-03-08", "2026-03-09T10:00:00+00:00"),
        (HONOLULU, "2026-11-01", "2026-11-02T10:00:00+00:00"),
        (AUCKLAND, "2026-04-04", "2026-04-04T11:00:00+00:00"),
        (AUCKLAND, "2026-04-05", "2026-04-05T12:00:00+00:00"),
        (AUCKLAND, "2026-09-26", "2026-09-26T12:00:00+00:00"),
        (AUCKLAND, "2026-09-27", "2026-09-27T11:00:00+00:00"),
        # Where midnight does not exist the day ends when the clocks go forward.
        (ZoneInfo("America/Santiago"), "2026-09-05", "2026-09-06T04:00:00+00:00"),
    ],
)
def test_ends_at_the_right_instant_around_clock_changes(zone: ZoneInfo, day: str, ends_at: str) -> None:
    assert end_of_day(date.fromisoformat(day), zone).astimezone(UTC) == datetime.fromisoformat(ends_at)


@pytest.mark.parametrize(
    ("zone", "now", "left"),
    [
        (NEW_YORK, "2026-11-01T03:59:59+00:00", 1),  # 23:59 on the day before the last one
        (NEW_YORK, "2026-11-01T04:00:00+00:00", 0),  # 00:00
        (NEW_YORK, "2026-11-02T04:59:59+00:00", 0),  # 23:59 of a day of 25 hours
        (NEW_YORK, "2026-11-02T05:00:00+00:00", -1),
        (HONOLULU, "2026-11-01T09:59:59+00:00", 1),
        (HONOLULU, "2026-11-01T10:00:00+00:00", 0),
        (HONOLULU, "2026-11-02T09:59:59+00:00", 0),
        (AUCKLAND, "2026-10-31T10:59:59+00:00", 1),
        (AUCKLAND, "2026-10-31T11:00:00+00:00", 0),
        (AUCKLAND, "2026-11-01T10:59:59+00:00", 0),
        (AUCKLAND, "2026-11-01T11:00:00+00:00", -1),
    ],
)
def test_counts_calendar_days_of_the_merchant(zone: ZoneInfo, now: str, left: int) -> None:
    assert deadline("2026-11-01", zone).days_left(datetime.fromisoformat(now)) == left


def test_takes_a_time_of_day_as_it_stands_when_there_is_one() -> None:
    found = deadline("2026-11-29 18:00:00 -0500", AUCKLAND)

    assert found.ends_at == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert found.date == date(2026, 11, 30), "the day in Auckland"


@pytest.mark.parametrize("zone", [NEW_YORK, HONOLULU, AUCKLAND], ids=str)
def test_counts_what_is_left_from_the_merchants_today(zone: ZoneInfo) -> None:
    found = read_deadline(None, ("5", "9"), zone=zone, now=NOW, counts="left")

    assert found is not None
    assert found.days_left(NOW) == 5
    assert not found.stated


def test_counts_by_the_first_number_of_days() -> None:
    by_second = read_deadline("", (None, "4", "9"), zone=NEW_YORK, now=NOW, counts="left")

    assert by_second is not None
    assert by_second.days_left(NOW) == 4


@pytest.mark.parametrize("days", [(), (None, None), ("soon", "1.5"), ("1" + "0" * 12, "9" * 19, "-5")])
def test_has_no_deadline_when_nothing_readable_is_said(days: tuple[str | None, ...]) -> None:
    assert read_deadline(None, days, zone=NEW_YORK, now=NOW, counts="left") is None


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-13-01", "2026-02-30", "29/11/2026", "2026-11-29x", "2026-11-29 25:00:00"],
)
def test_keeps_a_date_that_is_none_as_received(text: str) -> None:
    found = deadline(text)

    assert (found.date, found.ends_at, found.received) == (None, None, text)
    assert found.days_left(NOW) is None
    assert not found.is_over(NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2012-05-23 16:29:22 -0400", "2012-05-23T20:29:22+00:00"),
        ("2014-06-13T23:01:50-0400", "2014-06-14T03:01:50+00:00"),
        ("2014-06-13T23:01:50+05:30", "2014-06-13T17:31:50+00:00"),
        ("2014-06-13 23:01:50 Z", "2014-06-13T23:01:50+00:00"),
        ("2014-06-13T23:01:50.125Z", "2014-06-13T23:01:50+00:00"),
        ("2026-11-20 16:29:22", "2026-11-20T16:29:22+00:00"),
    ],
)
def test_reads_both_forms_of_a_moment_with_its_offset(text: str, moment: str) -> None:
    assert read_moment(text).at == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "yesterday",
        "2026-02-30 00:00:00 -0500",
        "2026-11-20",
        "0001-01-01 00:00:00 +1400",
        "9999-12-31 23:59:59 -1200",
    ],
)
def test_keeps_what_is_no_moment_as_received(text: str | None) -> None:
    found = read_moment(text)

    assert found.at is None
    assert found.received == (text or "")
