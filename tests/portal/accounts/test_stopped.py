"""Guests whom Paytronix knows and does not let in: pages that say what it is and whom to ask, and what counts."""

import dataclasses
import json
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Links, Merchant, SignIn
from guestportal.throttling.models import Counter
from tests.conftest import serving
from tests.support.pages import parse_page, title_of
from tests.support.password_sign_in import ROSA, try_password
from tests.support.sandbox import (
    ACCOUNT_INFORMATION,
    REQUEST_GUEST_TOKEN,
    USER_INFORMATION,
    SandboxProcess,
)

pytestmark = pytest.mark.django_db

CHECK_THE_PASSWORD = "Check the user name and the password"
NOT_FOUND, LOCKED = "user_info.not_found", "account_info.account_locked"
MIGRATION = "oauth.username_migration_required"
STOPS = [(USER_INFORMATION, NOT_FOUND), (ACCOUNT_INFORMATION, LOCKED), (REQUEST_GUEST_TOKEN, MIGRATION)]


def refuse(sandbox: SandboxProcess, operation: str, code: str, *, times: int = 1) -> None:
    body = json.dumps({"result": "failure", "errorCode": code, "errorMessage": "vendor's text"})
    sandbox.queue_fault(operation, {"kind": "replace", "body": body}, times=times)


def counted() -> bool:
    return any(row.hits for row in Counter.objects.all())


@pytest.fixture
def by_password(merchant: Merchant) -> Iterator[Merchant]:
    """The merchant whose guests' passwords travel with each call."""
    other = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
    with serving(other):
        yield other


def come(client: Client) -> HttpResponse:
    return try_password(client, ROSA.username, ROSA.password)


@pytest.mark.parametrize(
    ("operation", "code", "title"),
    [
        (USER_INFORMATION, NOT_FOUND, "No account belongs to this user name"),
        (ACCOUNT_INFORMATION, LOCKED, "Your account is locked"),
        (REQUEST_GUEST_TOKEN, MIGRATION, "Your user name has to be renewed first"),
    ],
)
def test_says_what_it_is_and_whom_to_ask(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, operation: str, code: str, title: str
) -> None:
    refuse(sandbox, operation, code)
    with serving(dataclasses.replace(merchant, links=Links(home="https://corner.example/"))):
        page = parse_page(come(guest_client).content)

    assert title_of(page).startswith(title)
    assert page.one("h1").text == title
    assert CHECK_THE_PASSWORD not in page.text
    assert "vendor's text" not in page.text
    assert code in page.text
    assert merchant.support.phone
    assert merchant.support.phone in page.one("main").text
    assert [
        each for each in page.one("main").all("a") if each.attributes["href"] == "https://corner.example/"
    ]
    assert not Credential.objects.exists()


@pytest.mark.parametrize(("operation", "code"), STOPS)
def test_lets_the_merchants_words_win(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, operation: str, code: str
) -> None:
    refuse(sandbox, operation, code)
    with serving(dataclasses.replace(merchant, messages={"en": {code: "Ask <b>Ida</b> at the till."}})):
        page = parse_page(come(guest_client).content)

    assert page.one("p", class_="lead").text == "Ask <b>Ida</b> at the till."


@pytest.mark.parametrize(
    ("operation", "code", "counts"), [(*STOPS[0], False), (*STOPS[1], False), (*STOPS[2], True)]
)
def test_counts_unless_the_password_was_proven(
    guest_client: Client, sandbox: SandboxProcess, operation: str, code: str, counts: bool
) -> None:
    refuse(sandbox, operation, code)
    come(guest_client)

    assert counted() is counts


def test_a_locked_account_is_told_to_its_password_alone(
    guest_client: Client, by_password: Merchant, sandbox: SandboxProcess
) -> None:
    refuse(sandbox, ACCOUNT_INFORMATION, LOCKED)
    assert "Your account is locked" in parse_page(come(guest_client).content).text

    refuse(sandbox, USER_INFORMATION, LOCKED)
    response = come(guest_client)
    assert (response.status_code, LOCKED in response.content.decode()) == (422, False)
    assert CHECK_THE_PASSWORD in parse_page(response.content).text


@pytest.mark.parametrize("code", [LOCKED, "oauth.account_locked", NOT_FOUND])
def test_what_is_said_before_the_password_is_proven_reads_like_a_wrong_one(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, code: str
) -> None:
    refuse(sandbox, REQUEST_GUEST_TOKEN, code)
    response = come(guest_client)

    assert (response.status_code, code in response.content.decode()) == (422, False)
    assert CHECK_THE_PASSWORD in parse_page(response.content).text
    assert counted()


def test_an_unknown_user_name_reads_like_a_wrong_password_where_no_token_was_given(
    guest_client: Client, by_password: Merchant, sandbox: SandboxProcess
) -> None:
    refuse(sandbox, USER_INFORMATION, NOT_FOUND)

    assert CHECK_THE_PASSWORD in parse_page(come(guest_client).content).text
    assert counted()
