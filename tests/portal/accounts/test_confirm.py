"""Password or code once more: when it is asked for, what it takes, and how often it may be wrong."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.credentials import MOST_DOUBTFUL_TRIES, give_try_back, take_try
from accounts.identities import PasswordIdentity
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from guestportal.storage.sealing import seal_for
from guestportal.throttling.models import Tally
from guestportal.throttling.tallies import Event
from tests.conftest import serving
from tests.support.pages import parse_page
from tests.support.password_sign_in import ROSA, TWO_CARDS, grow_old, sign_in_with_password
from tests.support.plain_browser import SEED_CODE, sign_in_with_card, submit
from tests.support.sandbox import REQUEST_GUEST_TOKEN, USER_INFORMATION, SandboxProcess
from tests.support.stored_identity import stored_oauth, write_stored_identity

pytestmark = pytest.mark.django_db
PAGE = "/sign-in/again/?next=/help/"
WRONG = "not it 77"


@pytest.fixture
def rosa(guest_client: Client, sandbox: SandboxProcess) -> Client:
    """Rosa, who signed in with her password sixteen minutes ago."""
    sign_in_with_password(guest_client, ROSA)
    grow_old()
    sandbox.clear_requests()
    return guest_client


def is_old() -> bool:
    return Credential.objects.get().confirmed_at < timezone.now() - timedelta(minutes=15)


def give(client: Client, secret: str, *, field: str = "password") -> HttpResponse:
    """Send what is typed into the page's form."""
    return submit(client, "/sign-in/again/", {field: secret, "next": "/help/"})


def test_says_why_it_asks(rosa: Client) -> None:
    page = parse_page(rosa.get(PAGE).content)

    assert page.one("h1").text == "Enter your password again"
    assert "You signed in more than 15 minutes ago." in page.one("main").text
    assert page.one("input", name="password").attributes["autocomplete"] == "current-password"
    assert page.all("button", data_reveal="")
    assert page.one("main").one("input", name="next").attributes["value"] == "/help/"


def test_does_not_ask_somebody_who_has_just_signed_in(guest_client: Client) -> None:
    sign_in_with_password(guest_client, ROSA)

    assert guest_client.get(PAGE).headers["Location"] == "/help/"


def test_asks_at_the_merchants_limit(guest_client: Client, merchant: Merchant) -> None:
    sign_in_with_password(guest_client, ROSA)
    Credential.objects.update(confirmed_at=timezone.now() - timedelta(minutes=2))
    limits = dataclasses.replace(merchant.limits, confirm_after_seconds=60)
    with serving(dataclasses.replace(merchant, limits=limits)):
        page = parse_page(guest_client.get(PAGE).content)

    assert "You signed in more than 1 minute ago." in page.one("main").text


def test_leads_on_with_the_right_password_and_keeps_the_new_tokens(
    rosa: Client, sandbox: SandboxProcess
) -> None:
    before = stored_oauth()

    response = give(rosa, ROSA.password)

    assert response.headers["Location"] == "/help/"
    assert not is_old()
    (asked,) = sandbox.requests()
    assert asked.operation == REQUEST_GUEST_TOKEN
    assert json.loads(asked.body)["grant_type"] == "password"
    assert (
        stored_oauth().access_token
        == sandbox.newest_tokens(ROSA.username).access_token
        != before.access_token
    )
    assert stored_oauth().card_numbers == before.card_numbers


@pytest.mark.django_db(transaction=True)
def test_leaves_tokens_that_became_newer_meanwhile(rosa: Client, sandbox: SandboxProcess) -> None:
    newer = dataclasses.replace(stored_oauth(), access_token="the newer one")
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "delay_after", "seconds": 0.3})
    row = Credential.objects.get()
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(_press, dict_of(rosa), ROSA.password)
        while not sandbox.requests(REQUEST_GUEST_TOKEN):
            pass
        write_stored_identity(newer, version=row.version + 1)
        assert pressed.result() == "/balance/"

    assert stored_oauth().access_token == "the newer one"
    assert not is_old()


def test_a_wrong_password_changes_nothing_and_is_not_filled_in_again(rosa: Client) -> None:
    response = give(rosa, WRONG)

    page = parse_page(response.content)
    assert response.status_code == 422
    assert page.one("title").text.startswith("Error: Enter your password again")
    assert "We could not confirm this password." in page.one("section", id="error-summary").text
    assert WRONG not in response.content.decode()
    assert page.one("main").one("input", name="next").attributes["value"] == "/help/"
    assert is_old()


@pytest.mark.parametrize("form", ["http_401", "http_403", "failure"])
def test_every_kind_of_refusal_reads_the_same(rosa: Client, sandbox: SandboxProcess, form: str) -> None:
    sandbox.refuse_passwords_with(form)  # type: ignore[arg-type]

    response = give(rosa, WRONG)

    assert "We could not confirm this password." in response.content.decode()


def test_asks_for_what_is_missing_without_calling_paytronix(rosa: Client, sandbox: SandboxProcess) -> None:
    response = give(rosa, "")

    assert response.status_code == 422
    assert "Enter your password." in response.content.decode()
    assert sandbox.requests() == []


def test_five_wrong_ones_end_the_sign_in(rosa: Client) -> None:
    statuses = [give(rosa, WRONG).status_code for _try in range(MOST_DOUBTFUL_TRIES - 1)]
    last = give(rosa, WRONG)

    assert statuses == [422] * 4
    assert last.headers["Location"].startswith("/sign-in/?next=")
    assert last.headers["Location"].endswith("&ended=tries")
    assert "too many wrong tries" in rosa.get(last.headers["Location"]).content.decode()
    assert not Credential.objects.exists()
    assert rosa.get("/balance/").status_code == 302
    assert Tally.objects.get(event=Event.PASSWORD_FAILURE).count == 5, "the last one is one of them"


def test_a_right_one_counts_the_wrong_ones_anew(rosa: Client) -> None:
    for _try in range(MOST_DOUBTFUL_TRIES - 1):
        give(rosa, WRONG)
    give(rosa, ROSA.password)
    grow_old()

    assert give(rosa, WRONG).status_code == 422
    assert Credential.objects.exists()


def test_what_paytronix_could_not_say_does_not_count(rosa: Client, sandbox: SandboxProcess) -> None:
    for _try in range(MOST_DOUBTFUL_TRIES + 1):
        sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": 500})
        assert give(rosa, ROSA.password).status_code == 503
        forget_clients()  # with their breaker, which would answer for Paytronix

    assert is_old()
    assert give(rosa, ROSA.password).headers["Location"] == "/help/"


def test_a_try_given_back_after_a_right_one_is_none_more(rosa: Client) -> None:
    credential_id = Credential.objects.get().id
    take_try(credential_id=credential_id)
    give(rosa, ROSA.password)
    give_try_back(credential_id=credential_id)

    assert Credential.objects.get().doubtful_tries == 0


def test_says_that_the_password_is_gone_when_paytronix_is_down(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": 500})
    down = give(rosa, ROSA.password).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
    paused = give(rosa, ROSA.password).content.decode()

    for page in (down, paused):
        assert "Try again in a few minutes, and enter your password again." in page
        assert "still here" not in page


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_leads_nowhere_else(rosa: Client, wanted: str) -> None:
    fields = {"password": ROSA.password, "next": wanted}

    response = submit(rosa, "/sign-in/again/", fields)

    assert response.headers["Location"] == "/balance/"


def test_asks_for_a_sign_in_first(guest_client: Client) -> None:
    assert guest_client.get(PAGE).headers["Location"].startswith("/?next=%2Fsign-in%2Fagain")


class TestByGuestStyle:
    @pytest.fixture
    def rosa(self, guest_style: Merchant, guest_client: Client, sandbox: SandboxProcess) -> Client:
        sign_in_with_password(guest_client, ROSA)
        grow_old()
        sandbox.clear_requests()
        return guest_client

    def test_takes_the_right_password_with_one_call(self, rosa: Client, sandbox: SandboxProcess) -> None:
        assert give(rosa, WRONG).status_code == 422
        sandbox.clear_requests()

        assert give(rosa, ROSA.password).headers["Location"] == "/help/"
        assert [request.operation for request in sandbox.requests()] == [USER_INFORMATION]
        assert not is_old()

    def test_ends_the_sign_in_when_the_password_belongs_to_other_cards(self, rosa: Client) -> None:
        other = PasswordIdentity(username=ROSA.username, card_numbers=("6000301000000000",))
        write_stored_identity(other)

        response = give(rosa, ROSA.password)

        assert response.headers["Location"].startswith("/sign-in/")
        assert not Credential.objects.exists()
        assert not Tally.objects.filter(event=Event.PASSWORD_FAILURE).exists(), "it was the right one"

    def test_takes_the_same_cards_in_another_order(self, rosa: Client) -> None:
        two = PasswordIdentity(username=TWO_CARDS.username, card_numbers=TWO_CARDS.card_numbers[::-1])
        write_stored_identity(two)
        credential = Credential.objects.get()
        chosen = seal_for(
            Credential,
            "card",
            TWO_CARDS.card_numbers[0].encode(),
            row=credential.id,
            merchant=credential.merchant,
        )
        Credential.objects.update(card=chosen)

        assert give(rosa, TWO_CARDS.password).headers["Location"] == "/help/"


class TestByCard:
    @pytest.fixture
    def ana(self, guest_client: Client, sandbox: SandboxProcess) -> Client:
        sign_in_with_card(guest_client)
        grow_old()
        sandbox.clear_requests()
        return guest_client

    @pytest.mark.parametrize("typed", [SEED_CODE, f" {SEED_CODE[:3]}-{SEED_CODE[3:]}\u200b"])
    def test_takes_the_code_as_people_type_it_and_asks_nobody(
        self, ana: Client, sandbox: SandboxProcess, typed: str
    ) -> None:
        assert parse_page(ana.get(PAGE).content).one("h1").text == "Enter the code of your card again"

        assert give(ana, typed, field="registration_code").headers["Location"] == "/help/"
        assert not is_old()
        assert sandbox.requests() == []

    @pytest.mark.parametrize("typed", ["", "123457", "12345", "1234567", "\x00"])
    def test_takes_no_other(self, ana: Client, typed: str) -> None:
        assert give(ana, typed, field="registration_code").status_code == 422
        assert is_old()

    def test_five_wrong_ones_end_the_sign_in(self, ana: Client) -> None:
        for _try in range(MOST_DOUBTFUL_TRIES):
            response = give(ana, "999999", field="registration_code")

        assert response.headers["Location"].startswith("/?next=")
        assert not Credential.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_tries_made_together_are_not_more_than_five(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "delay_before", "seconds": 0.2}, times=12)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(_press, [dict_of(rosa)] * 12, [WRONG] * 12))

    assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) <= MOST_DOUBTFUL_TRIES
    assert not Credential.objects.exists()
    connections.close_all()


def dict_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _press(cookies: dict[str, str], password: str) -> str:
    """One press in a browser window of its own; returns where it leads."""
    client = Client(enforce_csrf_checks=True)
    for name, value in cookies.items():
        client.cookies[name] = value
    try:
        return str(submit(client, "/sign-in/again/", {"password": password}).headers.get("Location", ""))
    finally:
        connection.close()
