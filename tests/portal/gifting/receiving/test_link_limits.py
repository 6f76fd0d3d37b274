"""Guessing gift codes: five an hour that no gift has, for each guest and for each address before sign-in."""

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from gifting.receiving.outcomes import says_no_gift
from guestportal.merchants.definition import Merchant
from guestportal.throttling.models import Counter
from guestportal.web.models import Session
from tests.support.answering_steps import ANA, COFFEE_CODE, answer, handle_of, signed_in, writes
from tests.support.gift_faults import FAILURE
from tests.support.pages import parse_page
from tests.support.sandbox import PENDING_TRANSFER, SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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
    handle = handle_of(ana)
    answers = []
    for number in range(7):
        ana.get(f"/g/NOSUCHC0DE{number:06d}/")
        answers.append(answer(ana, "accept", handle).status_code)

    assert answers == [409] * 5 + [429] * 2
    assert len(sandbox.requests(PENDING_TRANSFER)) == 5
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
    assert answer(ana, "accept", handle).status_code == 503
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
    assert len([row for row in Counter.objects.all() if row.hits]) == 1, (
        "the session that the first link made"
    )


def test_what_cannot_be_a_code_counts_for_nothing(merchant: Merchant, sandbox: SandboxProcess) -> None:
    assert [follow(Client(), "x") for _ in range(8)] == [404] * 8
    assert sandbox.requests() == []


def test_nothing_counts_while_paytronix_cannot_say(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for _ in range(7):
        sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503, "body": ""}, times=2)
        assert follow(Client(), "NOSUCHC0DE000000") == 503


@pytest.mark.parametrize("signed", [False, True], ids=["nobody", "guest"])
def test_a_refusal_that_says_nothing_of_the_gift_is_not_told_as_a_wrong_code_but_counted(
    merchant: Merchant, sandbox: SandboxProcess, signed: bool
) -> None:
    sandbox.show_codes(False)
    client = signed_in(ANA) if signed else Client()
    for _ in range(5):
        sandbox.queue_fault(PENDING_TRANSFER, {"kind": "replace", "body": FAILURE})
        client.get(f"/g/{COFFEE_CODE}/")
        page = client.get("/g/")
        assert page.status_code == 503
        assert "does not lead to a gift" not in parse_page(page.content).text
    assert follow(client, COFFEE_CODE) == 429


def test_an_answer_by_a_link_that_cannot_be_looked_up_says_so(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.show_codes(False)
    ana = signed_in(ANA)
    handle = handle_of(ana)
    ana.get(f"/g/{COFFEE_CODE}/")
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "replace", "body": FAILURE})
    response = answer(ana, "accept", handle)

    assert "Something went wrong" in parse_page(response.content).text
    assert "open the link" not in parse_page(response.content).text.lower()
    assert writes(sandbox) == []


@pytest.mark.parametrize(
    ("code", "says_so"),
    [
        ("gifttransfer.unknown_code", True),
        ("gifttransfer.UNKNOWN_TRANSFER", True),
        ("gifttransfer.invalid_code", True),
        ("gifttransfer.transfer_not_found", True),
        ("gifttransfer.pending_transfer_not_found", True),
        ("not_found", True),
        ("gifttransfer.system_error", False),
        ("gifttransfer.unknown_error", False),
        ("gifttransfer.card_not_found", False),
        ("gifttransfer.unknown_merchant", False),
        ("gifttransfer.invalid_access_token", False),
        ("", False),
    ],
)
def test_knows_the_codes_that_say_that_there_is_no_such_gift(code: str, says_so: bool) -> None:
    assert says_no_gift(code) is says_so


def test_no_code_is_looked_up_while_the_counters_are_out_of_reach(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    client = Client()
    client.get(f"/g/{COFFEE_CODE}/")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")

    assert client.get("/g/").status_code == 503
    assert Client().get(f"/g/{COFFEE_CODE}/").status_code == 503
    assert sandbox.requests(PENDING_TRANSFER) == []


def test_an_address_makes_sixty_sessions_in_ten_minutes(
    merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
) -> None:
    links = [f"/g/NOSUCHC0DE{number:06d}/" for number in range(62)]
    assert [Client().get(link).status_code for link in links] == [302] * 60 + [429] * 2
    assert Session.objects.count() == 60
    refused = Client().get(links[0])
    assert refused.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in refused.headers["Cache-Control"]
    assert sandbox.requests(PENDING_TRANSFER) == []

    assert Client(REMOTE_ADDR="198.51.100.2").get(links[0]).status_code == 302
    clock.shift(600)
    assert Client().get(links[0]).status_code == 302


def test_who_has_a_session_may_open_any_number_of_links(merchant: Merchant, db: None) -> None:
    ana, visitor = signed_in(ANA), Client()
    for _ in range(65):
        assert visitor.get(f"/g/{COFFEE_CODE}/").status_code == 302
        assert ana.get(f"/g/{COFFEE_CODE}/").status_code == 302
    assert Session.objects.count() == 2
    with_made_up_session = Client()
    with_made_up_session.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    for _ in range(59):
        assert Client().get(f"/g/{COFFEE_CODE}/").status_code == 302
    assert with_made_up_session.get(f"/g/{COFFEE_CODE}/").status_code == 429


def test_new_links_take_away_the_sessions_of_old_ones(
    merchant: Merchant, clock: time_machine.Traveller
) -> None:
    for _ in range(12):
        Client().get(f"/g/{COFFEE_CODE}/")
    clock.shift(3601)
    for _ in range(2):
        Client().get(f"/g/{COFFEE_CODE}/")

    assert Session.objects.count() == 2
