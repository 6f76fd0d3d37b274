"""A gift's deadline as a calendar file (RFC 5545)."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from gifting.gift.domain import Deadline, Gift
from gifting.gift.words import gift_words, person

_LINE_BYTES = 75


def deadline_file(gift: Gift, deadline: Deadline, *, uid: str, url: str, now: datetime) -> str:
    """An event on the last day, with a reminder the day before. `deadline` has a date.

    A date without a time is an all-day event: a day of the merchant's calendar, whatever zone the reader is in.
    """
    assert deadline.date is not None  # noqa: S101 - the caller's promise, for the type checker
    words = {"gift": gift_words(gift.item), "sender": person(gift.sender)}
    summary = _("Last day to accept: %(gift)s from %(sender)s") % words
    description = _("This gift waits for you here:")
    reminder = _("A gift is about to expire")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//guestportal//gifts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{deadline.date:%Y%m%d}",
        f"DTEND;VALUE=DATE:{deadline.date + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)} {_text(url)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(reminder)}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(text: str) -> str:
    """A value with what has a meaning of its own escaped."""
    for special in ("\\", ";", ","):
        text = text.replace(special, f"\\{special}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, never within a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join([*pieces, piece])
