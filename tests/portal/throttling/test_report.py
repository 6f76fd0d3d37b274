"""`manage.py attack_report`: the last day as it was, from what was really tried."""

import io
import re

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED
from guestportal.throttling import tallies
from guestportal.throttling.models import Tally
from guestportal.throttling.tallies import Event
from tests.support.password_sign_in import ROSA, try_password
from tests.support.plain_browser import enter_card, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def report() -> str:
    out = io.StringIO()
    call_command("attack_report", stdout=out)
    return out.getvalue()


def hours(text: str) -> dict[str, dict[str, int]]:
    """The numbers by the line's name and the column's title."""
    _name, head, *lines = text.splitlines()
    titles = re.split(r"  +", head)[1:]
    return {
        line[:16].strip(): dict(zip(titles, map(int, line[16:].split()), strict=True))
        for line in lines
        if re.match(r"\d{4}-|the day", line)
    }


def test_counts_what_was_tried_in_its_hour(merchant: Merchant, clock: time_machine.Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    for number in range(7):
        submit(client, "/", {"card_number": f"{6099_0000_0000_0000 + number}", "registration_code": "999999"})
    clock.shift(3600)
    for number in range(6):
        browser = Client(enforce_csrf_checks=True, REMOTE_ADDR=f"198.51.100.{number}")
        enter_card(browser, SEED.number, "999999")
    try_password(Client(enforce_csrf_checks=True), ROSA.username, "wrong")
    try_password(Client(enforce_csrf_checks=True), ROSA.username, ROSA.password)
    clock.shift(1800)
    text = report()
    counted = hours(text)

    first, second, day = (counted[name] for name in ("2031-05-04 12:00", "2031-05-04 13:00", "the day"))
    assert (first["card tries"], first["card failures"], first["proofs asked"]) == (5, 5, 2)
    assert (second["card failures"], second["card limited"]) == (5, 1)
    assert (second["sign-in tries"], second["sign-in failures"]) == (2, 1)
    assert day["card failures"] == 10
    assert len(counted) == 25
    assert "Expected cracks a day, codes of 6 digits: 0.000010" in text
    assert "Expected cracks a day, codes of 4 digits: 0.001000" in text


def test_forgets_after_a_week(clock: time_machine.Traveller) -> None:
    tallies.count("demo", Event.CARD_TRY)
    clock.shift(9 * 24 * 3600)
    tallies.count("demo", Event.CARD_TRY)

    assert Tally.objects.count() == 1


def test_counts_each_merchant_apart(merchant: Merchant) -> None:
    tallies.count("other", Event.CARD_FAILURE)

    assert hours(report())["the day"]["card failures"] == 0
