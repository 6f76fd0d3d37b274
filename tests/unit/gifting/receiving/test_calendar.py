"""A deadline as a calendar file."""

from datetime import UTC, datetime

from gifting.gift.domain import Gift
from gifting.receiving.calendar import deadline_file
from tests.support.gift_payloads import balance, gift, person, transfer

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def file_of(found: Gift) -> str:
    assert found.deadline is not None
    return deadline_file(
        found, found.deadline, uid="handle@testserver", url="https://rewards.example/gifts/", now=NOW
    )


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_is_an_event_on_the_whole_last_day_with_a_reminder() -> None:
    lines = unfolded(file_of(gift(balance=balance(expirationDate="2026-12-31", destinationAmount="2"))))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261122T150000Z" in lines
    assert "UID:handle@testserver" in lines
    assert "TRIGGER:-P1D" in lines
    assert "SUMMARY:Last day to accept: 2 Free Coffees from Rosa L." in lines
    assert "URL:https://rewards.example/gifts/" in lines


def test_escapes_what_would_end_a_line_or_a_value() -> None:
    names = person(firstName="Ro;sa,\\\r\nATTENDEE:mailto:x@y", lastName="")
    lines = unfolded(
        file_of(gift(transfer(fromUserInformation=names, balance=balance(expirationDate="2026-12-31"))))
    )

    assert not [line for line in lines if line.startswith("ATTENDEE")]
    assert any("Ro\\;sa\\,\\\\ ATTENDEE:mailto:x@y" in line for line in lines)


def test_folds_lines_at_75_bytes_and_never_within_a_character() -> None:
    names = person(firstName="\U0001f49b" * 60, lastName="")
    text = file_of(gift(transfer(fromUserInformation=names, balance=balance(expirationDate="2026-12-31"))))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\U0001f49b" * 60 in text.replace("\r\n ", "")
