"""A sign-in that has ended: where the guest comes in again, and what is said there about the end."""

import dataclasses
import json

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant, SignIn
from guestportal.storage.sealing import open_sealed
from guestportal.web.models import Session
from tests.conftest import serving
from tests.support.pages import Element, parse_page, title_of
from tests.support.password_sign_in import ROSA, TWO_CARDS, sign_in_with_password
from tests.support.plain_browser import enter_card, sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

CODE, MESSAGE = "account_info.closed", "The account is closed <b>today</b>"
HTMX = {"HX-Request": "true"}
# The API's word for credentials it does not know, and no reason for a guest.
PLAIN = json.dumps(
    {"result": "failure", "errorCode": "could_not_authenticate", "errorMessage": "Could not Authenticate"}
)


def refuse(sandbox: SandboxProcess, *, message: str = MESSAGE, body: str | None = None) -> None:
    """Let Paytronix take the next credentials no more, whatever they are."""
    said = {"result": "failure", "errorCode": CODE, "errorMessage": message}
    answer = json.dumps(said) if body is None else body
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 401, "body": answer}, times=2)


def refresh(client: Client, **headers: str) -> HttpResponse:
    return submit(client, "/balance/refresh/", {}, **headers)


def where_it_leads(client: Client, response: HttpResponse) -> Element:
    return page_at(client, response.headers.get("HX-Redirect") or response.headers["Location"])


def page_at(client: Client, address: str) -> Element:
    return parse_page(client.get(address).content)


def alert(page: Element) -> str:
    return page.one("section", aria_labelledby="alert-title").text


class TestByARefusal:
    @pytest.fixture
    def ana(self, guest_client: Client, sandbox: SandboxProcess) -> Client:
        sign_in_with_card(guest_client)
        return guest_client

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_says_what_paytronix_said_and_puts_it_into_no_address(
        self, ana: Client, sandbox: SandboxProcess, headers: dict[str, str]
    ) -> None:
        refuse(sandbox)

        response = refresh(ana, **headers)
        page = where_it_leads(ana, response)

        location = response.headers["HX-Redirect" if headers else "Location"]
        assert location == "/?next=%2Fbalance%2F&ended=refused"
        assert title_of(page).startswith("You were signed out")
        assert MESSAGE in alert(page)
        assert CODE in alert(page)
        assert "Reference" in alert(page)
        assert page.one("input", name="card_number").attributes["value"] == ""
        assert "after some time" not in page.text
        assert not Credential.objects.exists()

    def test_prefers_the_merchants_words(
        self, ana: Client, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        refuse(sandbox)
        with serving(dataclasses.replace(merchant, messages={"en": {CODE: "Closed. Ask at a counter."}})):
            page = where_it_leads(ana, refresh(ana))

        assert "Closed. Ask at a counter." in alert(page)
        assert CODE in alert(page)
        assert MESSAGE not in page.text

    @pytest.mark.parametrize("body", ["", "<html>401</html>", PLAIN])
    def test_says_of_a_card_that_it_no_longer_opens_where_paytronix_says_nothing(
        self, ana: Client, sandbox: SandboxProcess, body: str
    ) -> None:
        refuse(sandbox, body=body)

        page = where_it_leads(ana, refresh(ana))

        assert "The number and the code that opened your card before no longer do." in alert(page)
        assert "Reference" in alert(page)
        assert "after some time" not in page.text

    def test_says_it_once_and_then_in_a_sentence(self, ana: Client, sandbox: SandboxProcess) -> None:
        refuse(sandbox)
        location = refresh(ana).headers["Location"]
        ana.get(location)
        kept = [open_sealed(row, "session_data").decode() for row in Session.objects.all()]

        page = page_at(ana, location)

        assert MESSAGE not in page.text
        assert "The card could not be opened again." in page.one(role="status").text
        assert not [text for text in kept if "closed" in text]

    def test_keeps_the_words_for_the_page_that_is_about_them(
        self, ana: Client, sandbox: SandboxProcess
    ) -> None:
        refuse(sandbox)
        location = refresh(ana).headers["Location"]

        assert MESSAGE not in page_at(ana, "/").text
        assert MESSAGE not in page_at(Client(), location).text
        sandbox.clear_faults()
        assert enter_card(ana).status_code == 302
        assert MESSAGE not in page_at(ana, location).text, "another sign-in came between"

    def test_says_it_to_guests_with_a_user_name_as_well(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_password(guest_client, ROSA)
        sandbox.revoke_refresh_tokens(ROSA.username)
        refuse(sandbox)

        response = refresh(guest_client)
        page = where_it_leads(guest_client, response)

        assert response.headers["Location"] == "/sign-in/?next=%2Fbalance%2F&ended=refused"
        assert MESSAGE in alert(page)
        again = page_at(guest_client, response.headers["Location"])
        assert "Your sign-in is no longer accepted" in again.one(role="status").text

    @pytest.mark.parametrize("body", ["", PLAIN])
    def test_takes_a_token_that_is_refused_without_a_word_for_one_that_has_had_its_time(
        self, guest_client: Client, sandbox: SandboxProcess, body: str
    ) -> None:
        sign_in_with_password(guest_client, ROSA)
        sandbox.revoke_refresh_tokens(ROSA.username)
        refuse(sandbox, body=body)

        assert refresh(guest_client).headers["Location"] == "/sign-in/?next=%2Fbalance%2F&ended=1"

    def test_says_it_at_the_choice_of_a_card_too(self, guest_client: Client, sandbox: SandboxProcess) -> None:
        sign_in_with_password(guest_client, TWO_CARDS)
        sandbox.revoke_refresh_tokens(TWO_CARDS.username)
        refuse(sandbox)

        response = submit(guest_client, "/sign-in/card/", {"card": "1"})

        assert MESSAGE in alert(where_it_leads(guest_client, response))


@pytest.mark.parametrize("read", ["a page", "what a failed refresh left"])
def test_leads_back_from_a_sign_in_that_ends_unattended_to_a_page_that_exists(
    guest_client: Client, sandbox: SandboxProcess, read: str
) -> None:
    sign_in_with_card(guest_client)
    response: HttpResponse = guest_client.get("/balance/?again")  # type: ignore[assignment]
    if read != "a page":
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503}, times=2)
        response = refresh(guest_client)
    ended = parse_page(response.content).one(id="session-warning").attributes["data-ended-url"]

    back = page_at(Client(), ended).one("form", action="/").one("input", name="next").attributes["value"]
    assert back == ("/balance/?again" if read == "a page" else "/balance/")


class TestWhileCardsArePaused:
    @pytest.fixture
    def paused(self, merchant: Merchant) -> Merchant:
        return dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, card_form=False))

    def test_leads_strangers_to_a_form_that_works(self, guest_client: Client, paused: Merchant) -> None:
        with serving(paused):
            response = guest_client.get("/balance/")
            page = page_at(guest_client, response.headers["Location"])

        assert response.headers["Location"] == "/sign-in/?next=%2Fbalance%2F&ended=1"
        assert page.all("input", name="username")

    def test_asks_nobody_for_a_card_that_cannot_be_entered(
        self, guest_client: Client, paused: Merchant
    ) -> None:
        with serving(dataclasses.replace(paused, sign_in=(SignIn.CARD,))):
            page = page_at(guest_client, guest_client.get("/balance/").headers["Location"])

        assert "Checking balances is paused" in page.text
        assert "Nobody is signed in here now." in page.one(role="status").text
        assert "enter the card" not in page.text

    def test_tells_a_cards_guest_at_the_entrance(
        self, guest_client: Client, paused: Merchant, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_card(guest_client)
        refuse(sandbox)
        with serving(paused):
            page = where_it_leads(guest_client, refresh(guest_client))

        assert MESSAGE in alert(page)
        assert "Checking balances is paused" in page.text

    def test_explains_no_form_that_is_not_there(self, guest_client: Client, paused: Merchant) -> None:
        with serving(dataclasses.replace(paused, pages={})):
            page = page_at(guest_client, "/help/")

        assert "Checking balances is paused" in page.one("main").text
        assert "Type them as they stand there" not in page.text
        assert "With a user name" in page.text
