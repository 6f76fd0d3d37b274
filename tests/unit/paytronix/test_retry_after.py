"""For how long Paytronix asks to be left alone, and that it is."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from guestportal.paytronix.calls import Answer
from guestportal.paytronix.retry_after import Hold, seconds_asked
from tests.support.clock import Clock


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 30 ", 30),
        ("0", 0),
        ("300", 300),
        ("3600", 300),
        ("9" * 5000, 300),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u00b2", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 300),
        ("Wed, 32 Foo 2015", None),
        ("Wed, 21 Oct 2015 07:28:00", None),
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 99999999999999999999:00:00 GMT", None),
        ("1 Jan 2024 00:00:00 +99999999999999999999", None),
    ],
)
def test_reads_how_long_to_wait_from_any_header(header: str | None, seconds: int | None) -> None:
    assert seconds_asked(header) == seconds


def test_reads_how_long_to_wait_until_a_moment() -> None:
    header = format_datetime(timezone.now() + timedelta(seconds=90), usegmt=True)

    assert seconds_asked(header) in range(80, 91)


@pytest.mark.parametrize(
    ("status", "header", "holds"),
    [
        (429, "20", True),
        (503, "20", True),
        (429, None, False),
        (503, None, False),
        (503, "soon", False),
        (500, "20", False),
        (200, "20", False),
        (302, "20", False),
    ],
)
def test_keeps_to_what_an_answer_asks(status: int, header: str | None, holds: bool) -> None:
    clock = Clock()
    hold = Hold(clock=clock)
    hold.keep_to(Answer(status, b"", header))

    assert hold.is_on is holds
    clock.now += 20.1
    assert not hold.is_on


def test_never_waits_for_less_than_was_asked_before() -> None:
    clock = Clock()
    hold = Hold(clock=clock)
    hold.keep_to(Answer(503, b"", "20"))
    hold.keep_to(Answer(503, b"", "1"))
    clock.now += 10

    assert hold.is_on
