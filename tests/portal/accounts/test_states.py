"""The answers of Paytronix that are no balance, at the entrance: refused, invalid_status, not to be reached."""

import dataclasses
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import EXCHANGED_INVALID, INVALID_STATUS, LOCKED, REPLACEMENT, RICH, SEED
from guestportal.web.models import Session
from tests.conftest import serving
from tests.support.pages import parse_page, title_of
from tests.support.plain_browser import enter_card, sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
UNKNOWN_NUMBER = "6000301000418001"
UNOPENED = "We could not open this card. Check the number and the code, or try again later."
REFERENCE = re.compile(rb"Reference\s+([0-9A-HJKMNP-TV-Z]{8})\b")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def refused(client: Client, number: str, code: str) -> tuple[HttpResponse, bytes]:
    """The answer, and its body without what must differ: the token, the reference and the echoed values."""
    response = enter_card(client, number, code)
    body, references = REFERENCE.subn(b"Reference", response.content)
    assert references == 1
    body, tokens = TOKEN.subn(b"token", body)
    assert tokens == 1
    for value in (number, code):
        assert body.count(f'value="{value}"'.encode()) == 1
        body = body.replace(f'value="{value}"'.encode(), b"value")
    return response, body


def headers(response: HttpResponse) -> dict[str, str]:
    return dict(response.headers.items())


@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"kind": "status", "status": 401},
        {"kind": "status", "status": 401, "body": "<html>no</html>"},
        {"kind": "replace", "body": '{"result": "failure"}'},
        {
            "kind": "replace",
            "body": '{"result": "failure", "errorCode": "card.unknown", "errorMessage": "No"}',
        },
        {
            "kind": "replace",
            "body": '{"result": "failure", "errorCode": 17, "errorMessage": "Card not found"}',
        },
        {"kind": "status", "status": 404, "body": '{"result": "failure", "errorCode": "guest.none"}'},
    ],
)
def test_tells_nobody_whether_a_card_exists(
    merchant: Merchant, sandbox: SandboxProcess, fault: dict[str, object] | None
) -> None:
    with time_machine.travel(NOON, tick=False):  # the Expires header tells the second
        wrong_code, wrong_code_body = refused(Client(), SEED.number, "999999")
        if fault:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
        unknown, unknown_body = refused(Client(), UNKNOWN_NUMBER, SEED.code)

    assert wrong_code.status_code == unknown.status_code == 422
    assert wrong_code_body == unknown_body
    assert headers(wrong_code) == headers(unknown)
    assert {name: len(cookie.value) for name, cookie in wrong_code.cookies.items()} == {
        name: len(cookie.value) for name, cookie in unknown.cookies.items()
    }
    assert UNOPENED in parse_page(unknown.content).text
    assert len(sandbox.requests()) == 2
    assert not Session.objects.exists()


def test_reads_a_locked_card_like_an_unknown_one_while_the_merchant_has_no_words_for_it(
    merchant: Merchant,
) -> None:
    _response, unknown = refused(Client(), UNKNOWN_NUMBER, SEED.code)
    response, locked = refused(Client(), LOCKED.number, LOCKED.code)

    assert locked == unknown
    assert b"account_locked" not in response.content
    assert b"The account is locked" not in response.content


def test_shows_the_merchants_words_and_the_code_for_a_worded_failure(merchant: Merchant) -> None:
    messages = {"en": {"account_info.account_locked": "This card is <b>locked</b>. Call us."}}
    with serving(dataclasses.replace(merchant, messages=messages)):
        response = enter_card(Client(), LOCKED.number, LOCKED.code)
    page = parse_page(response.content)

    assert response.status_code == 422
    assert "This card is <b>locked</b>. Call us." in page.text
    assert "account_info.account_locked" in page.text
    assert "The account is locked" not in page.text
    assert UNOPENED not in page.text
    assert title_of(page).startswith("Error: ")
    assert not Credential.objects.exists()


def test_keeps_what_was_entered_after_a_refusal_and_leads_to_a_field(guest_client: Client) -> None:
    page = parse_page(enter_card(guest_client, "6000 3010-0041 8000", "99 99 99").content)
    (link,) = [each for each in page.all("a") if each.text == UNOPENED]

    assert page.one("input", name="card_number").attributes["value"] == "6000 3010-0041 8000"
    assert page.one("input", name="registration_code").attributes["value"] == "99 99 99"
    assert page.one(id=link.attributes["href"].removeprefix("#")).name == "input"


def test_gives_an_invalid_status_a_page_of_its_own_without_figures_or_session(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    stored = {"walletCode": 1, "name": "Stored Value", "balance": "4711.77"}
    sandbox.set_reply(SEED.number, {"result": "invalid_status", "storedValueBalance": stored})

    page = parse_page(enter_card(guest_client).content)

    assert merchant.messages["en"]["invalid_status"] in page.text
    assert not title_of(page).startswith("Error: ")
    assert page.all("input", name="card_number") == []
    for figure in ("As of", "4711", "4,711", SEED.number):
        assert figure not in page.text
    assert not Session.objects.exists()
    assert not Credential.objects.exists()
    assert guest_client.get("/balance/").status_code == 302


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (None, "This card has been exchanged. Use the card ending 909909 instead."),
        (
            {"en": {"card_exchanged": "Take the new one."}},
            "Take the new one. Replacement card, ending 909909",
        ),
        (
            {"en": {"invalid_status": "Call us."}},
            "Call us. This card was exchanged. Use the card ending 909909",
        ),
        ({}, "This card was exchanged. Use the card ending 909909 instead."),
    ],
)
def test_tells_the_state_and_the_replacement_of_a_card_with_an_invalid_status(
    merchant: Merchant, words: dict[str, dict[str, str]] | None, said: str
) -> None:
    messages = merchant.messages if words is None else words
    with serving(dataclasses.replace(merchant, messages=messages)):
        response = enter_card(Client(), EXCHANGED_INVALID.number, EXCHANGED_INVALID.code)

    assert said in parse_page(response.content).one("main").text
    assert REPLACEMENT.number not in response.content.decode()


def test_tells_a_signed_in_guest_whose_card_was_exchanged_since(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sign_in_with_card(guest_client)
    body = {
        "result": "invalid_status",
        "queryCardStatus": "EXCHANGED",
        "primaryCard": {"maskedCardNumber": "777777"},
    }
    sandbox.set_reply(SEED.number, body)

    page = parse_page(submit(guest_client, "/balance/refresh/", {}).content)

    assert "Use the card ending 777777 instead." in page.one("main").text


@pytest.mark.parametrize("words", [{}, {"en": {}}])
def test_words_an_invalid_status_itself_where_the_merchant_has_none(
    merchant: Merchant, words: dict[str, dict[str, str]]
) -> None:
    with serving(dataclasses.replace(merchant, messages=words)):
        page = parse_page(enter_card(Client(), INVALID_STATUS.number, INVALID_STATUS.code).content)

    assert "no balance" in page.text.lower()
    assert "invalid" not in page.text.lower()


def test_keeps_what_was_entered_while_paytronix_is_down(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500})

    response = submit(
        guest_client,
        "/",
        {"card_number": "6000 3010 0041 8000", "registration_code": SEED.code, "next": "/help/"},
    )
    page = parse_page(response.content)

    assert response.status_code == 503
    assert page.one("input", name="card_number").attributes["value"] == "6000 3010 0041 8000"
    assert page.one("input", name="registration_code").attributes["value"] == SEED.code
    assert page.one("form", action="/").one("input", name="next").attributes["value"] == "/help/"
    assert UNOPENED not in page.text
    assert page.one("input", name="card_number").attributes.get("aria-invalid") is None
    assert REFERENCE.search(response.content)
    assert len(title_of(page)) > len(title_of(parse_page(guest_client.get("/").content)))
    assert not Session.objects.exists()
    assert not Credential.objects.exists()


def test_keeps_an_earlier_card_open_while_another_is_refused(guest_client: Client) -> None:
    sign_in_with_card(guest_client, RICH.number, RICH.code)

    assert enter_card(guest_client, SEED.number, "999999").status_code == 422
    assert "42.50" in guest_client.get("/balance/").content.decode()
