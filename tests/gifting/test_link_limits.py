"""Guessing gift codes: five an hour that no gift has, for each guest and for each address before sign-in."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.throttling.models import Counter
from tests.gifting.doing import ANA, COFFEE_CODE, answer, handle_of, signed_in, token_of, writes
from tests.html import parse_page
from tests.sandbox_process import PENDING_TRANSFER, SandboxProcess

pytestmark = pytest.mark.django_db

START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def follow(client: Client, code: str) -> int:
    client.get(f"/g/{code}/")
    return client.get("/g/").status_code


def statuses(client: Client, count: int) -> list[int]:
    return [follow(client, f"NOSUCHC0DE{number:06d}") for number in range(count)]


def test_an_address_has_five_an_hour(
    merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
) -> None:
    assert statuses(Client(), 7) == [404] * 5 + [429] * 2
    assert len(sandbox.requests(PENDING_TRANSFER)) == 5
    assert follow(Client(REMOTE_ADDR="198.51.100.2"), COFFEE_CODE) == 200
    clock.shift(3600)
    assert statuses(Client(), 1) == [404]


def test_a_guest_has_five_an_hour_in_any_browser(merchant: Merchant, sandbox: SandboxProcess) -> None:
    assert statuses(signed_in(ANA), 3) == [404] * 3
    assert statuses(signed_in(ANA), 4) == [404] * 2 + [429] * 2
    assert signed_in(ANA).get("/gifts/").status_code == 200, "the gifts of this guest stay in reach"


def test_a_code_that_the_list_leaves_out_is_looked_up_under_the_same_limit(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.show_codes(False)
    ana = signed_in(ANA)
    handle, token = handle_of(ana), token_of(ana)
    answers = []
    for number in range(7):
        ana.get(f"/g/NOSUCHC0DE{number:06d}/")
        answers.append(answer(ana, "accept", handle, token=token).status_code)

    assert answers == [409] * 5 + [429] * 2
    assert len(sandbox.requests(PENDING_TRANSFER)) == 5
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
    assert answer(ana, "accept", handle, token=token).status_code == 503
    assert len(sandbox.requests(PENDING_TRANSFER)) == 5
    assert writes(sandbox) == []


def test_says_when_to_try_again(merchant: Merchant) -> None:
    client = Client()
    statuses(client, 6)
    page = client.get("/g/")

    assert "You can try again in 1 hour" in parse_page(page.content).text
    assert page.headers["Retry-After"] == "3600"


def test_gifts_that_there_are_count_for_nothing(merchant: Merchant) -> None:
    client = Client()

    assert [follow(client, COFFEE_CODE) for _ in range(8)] == [200] * 8
    assert not [row for row in Counter.objects.all() if row.hits]


def test_what_cannot_be_a_code_counts_for_nothing(merchant: Merchant, sandbox: SandboxProcess) -> None:
    assert [follow(Client(), "x") for _ in range(8)] == [404] * 8
    assert sandbox.requests() == []


def test_nothing_counts_while_paytronix_cannot_say(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for _ in range(7):
        sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503, "body": ""}, times=2)
        assert follow(Client(), "NOSUCHC0DE000000") == 503


def test_no_code_is_looked_up_while_the_counters_are_out_of_reach(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")

    assert follow(Client(), COFFEE_CODE) == 503
    assert sandbox.requests(PENDING_TRANSFER) == []
