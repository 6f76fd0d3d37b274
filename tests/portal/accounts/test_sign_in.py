"""Signing in with a user name, by both styles, without script, against the sandbox."""

import dataclasses
import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Credential
from guestportal.merchants.definition import Merchant, SignIn
from guestportal.storage.sealing import open_sealed, sealed_columns
from tests.conftest import serving
from tests.support.pages import parse_page
from tests.support.password_sign_in import (
    DIFFICULT,
    INVALID_STATUS,
    NO_CARD,
    ROSA,
    TWO_CARDS,
    sign_in_with_password,
    try_password,
)
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import (
    ACCOUNT_INFORMATION,
    REQUEST_GUEST_TOKEN,
    USER_INFORMATION,
    SandboxProcess,
)

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    return words_of(client.get(path))  # type: ignore[arg-type]  # the test client's response is one


class TestByOAuth:
    def test_makes_three_calls_and_the_balance_page_none(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        response = sign_in_with_password(guest_client, ROSA)
        assert response.headers["Location"] == "/balance/"
        page = text_of(guest_client, "/balance/")

        operations = [request.operation for request in sandbox.requests()]
        assert operations == [REQUEST_GUEST_TOKEN, USER_INFORMATION, ACCOUNT_INFORMATION]
        assert "$42.50" in page
        assert f"Signed in as {ROSA.username}" in page

    def test_calls_the_guest_by_the_name_that_paytronix_has(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_password(Client(), ROSA)
        access_token = sandbox.newest_tokens(ROSA.username).access_token
        body = {"result": "success", "access_token": access_token, "username": ROSA.username}
        sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "replace", "body": json.dumps(body)})
        try_password(guest_client, ROSA.username.upper(), ROSA.password)

        assert f"Signed in as {ROSA.username}" in text_of(guest_client, "/balance/")

    def test_asks_for_no_choice_between_a_card_and_itself(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        body = {"result": "success", "primaryCardNumbers": [ROSA.card_numbers[0]] * 2}
        sandbox.queue_fault(USER_INFORMATION, {"kind": "replace", "body": json.dumps(body)})
        sign_in_with_password(guest_client, ROSA)

        assert guest_client.get("/balance/").status_code == 200

    @pytest.mark.parametrize("sent", ["6000 3010 0073 1206", "6000-3010-0073-1206", 6000301000731206])
    def test_sends_a_card_number_on_without_what_stood_between_its_digits(
        self, guest_client: Client, sandbox: SandboxProcess, sent: object
    ) -> None:
        body = {"result": "success", "primaryCardNumbers": [sent]}
        sandbox.queue_fault(USER_INFORMATION, {"kind": "replace", "body": json.dumps(body)})
        sign_in_with_password(guest_client, ROSA)

        (asked,) = sandbox.requests(ACCOUNT_INFORMATION)
        assert dict(asked.query)["printedCardNumber"] == "6000301000731206"
        assert "6000 3010 0073 1206" in text_of(guest_client, "/balance/")

    def test_asks_for_the_two_scopes_it_needs(self, guest_client: Client, sandbox: SandboxProcess) -> None:
        sign_in_with_password(guest_client, ROSA)

        (asked,) = sandbox.requests(REQUEST_GUEST_TOKEN)
        body = json.loads(asked.body)
        assert (body["grant_type"], body["scope"]) == ("password", "user_read account_read")

    @pytest.mark.parametrize("form", ["http_401", "http_403", "failure"])
    def test_answers_a_wrong_name_and_a_wrong_password_alike(
        self, guest_client: Client, sandbox: SandboxProcess, form: str
    ) -> None:
        sandbox.refuse_passwords_with(form)  # type: ignore[arg-type]

        wrong_password = try_password(guest_client, ROSA.username, "not it")
        wrong_name = try_password(guest_client, "nobody.at.all", "not it")

        assert wrong_password.status_code == wrong_name.status_code == 422
        assert "We could not sign you in. Check the user name and the password." in words_of(wrong_name)
        assert without_own_parts(wrong_password, ROSA.username) == without_own_parts(
            wrong_name, "nobody.at.all"
        )
        assert not Credential.objects.exists()

    @pytest.mark.parametrize("again", [False, True])
    def test_brings_the_password_to_paytronix_byte_for_byte(
        self, guest_client: Client, sandbox: SandboxProcess, again: bool
    ) -> None:
        sign_in_with_password(guest_client, DIFFICULT)
        if again:
            sign_in_with_password(guest_client, DIFFICULT)

        for asked in sandbox.requests(REQUEST_GUEST_TOKEN):
            assert json.loads(asked.body)["password"] == DIFFICULT.password

    def test_drops_blanks_around_the_user_name_only(self, guest_client: Client) -> None:
        assert try_password(guest_client, f"  {ROSA.username} ", ROSA.password).status_code == 302
        assert try_password(guest_client, ROSA.username, f" {ROSA.password}").status_code == 422

    def test_never_fills_the_password_in_again(self, guest_client: Client) -> None:
        response = try_password(guest_client, ROSA.username, "not-the-password-77")

        assert "not-the-password-77" not in response.content.decode()
        assert f'value="{ROSA.username}"' in response.content.decode()

    def test_asks_for_both_without_calling_paytronix(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        response = try_password(guest_client, " ", "")

        assert response.status_code == 422
        assert "Enter your user name." in words_of(response)
        assert "Enter your password." in words_of(response)
        assert sandbox.requests() == []

    def test_takes_no_name_and_no_password_of_any_length(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        response = try_password(guest_client, "r" * 255, "p" * 1001)

        assert response.status_code == 422
        assert "The user name may have up to 254 characters." in words_of(response)
        assert "The password may have up to 1000 characters." in words_of(response)
        assert sandbox.requests() == []

    def test_keeps_the_name_when_paytronix_is_down(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "drop_before"}, times=3)

        response = try_password(guest_client, ROSA.username, ROSA.password)

        assert response.status_code == 503
        assert f'value="{ROSA.username}"' in response.content.decode()
        assert ROSA.password not in response.content.decode()
        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 1, "a grant is never sent twice"

    def test_says_what_it_keeps_when_paytronix_is_down(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": 503})

        text = words_of(try_password(guest_client, ROSA.username, ROSA.password))

        assert "Try again in a few minutes, and enter your password again." in text
        assert "still here" not in text

    def test_lands_where_the_guest_was_going(self, guest_client: Client) -> None:
        page = parse_page(guest_client.get("/sign-in/?next=/help/").content)
        form = page.one("form", action="/sign-in/")
        hidden = {
            each.attributes["name"]: each.attributes["value"] for each in form.all("input", type="hidden")
        }

        response = guest_client.post(
            "/sign-in/", {**hidden, "username": ROSA.username, "password": ROSA.password}
        )

        assert response.headers["Location"] == "/help/"

    def test_replaces_the_card_session_that_was_in(self, guest_client: Client) -> None:
        enter_card(guest_client)
        before = guest_client.cookies["sessionid"].value

        sign_in_with_password(guest_client, ROSA)

        assert Credential.objects.get().kind == "oauth"
        assert guest_client.cookies["sessionid"].value != before


class TestCards:
    def test_says_what_next_when_no_card_belongs_to_the_name(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        response = try_password(guest_client, NO_CARD.username, NO_CARD.password)

        assert response.status_code == 200
        assert words_of(response)
        assert not Credential.objects.exists()
        assert sandbox.requests(ACCOUNT_INFORMATION) == []

    def test_shows_the_merchants_words_for_an_unusable_card(
        self, guest_client: Client, merchant: Merchant
    ) -> None:
        response = try_password(guest_client, INVALID_STATUS.username, INVALID_STATUS.password)

        words = merchant.message("invalid_status", "en")
        assert words
        assert words in words_of(response)
        assert not Credential.objects.exists()

    def test_lets_the_guest_choose_between_two_cards(
        self, guest_client: Client, sandbox: SandboxProcess
    ) -> None:
        assert sign_in_with_password(guest_client, TWO_CARDS).status_code == 302
        assert sandbox.requests(ACCOUNT_INFORMATION) == []
        redirected = guest_client.get("/balance/")
        assert redirected.headers["Location"] == "/sign-in/card/?next=%2Fbalance%2F"

        page = text_of(guest_client, "/sign-in/card/")
        for number in TWO_CARDS.card_numbers:
            assert number[-6:] in page or number[-4:] in page
            assert number not in guest_client.get("/sign-in/card/").content.decode()
        chosen = choose(guest_client, "1")

        assert chosen.headers["Location"] == "/balance/"
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1
        assert TWO_CARDS.card_numbers[1][-6:] in text_of(guest_client, "/balance/")
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1

    @pytest.mark.parametrize("position", ["2", "-1", "x", "", "6000301000731206", "²"])
    def test_takes_no_card_that_is_not_the_guests(
        self, guest_client: Client, sandbox: SandboxProcess, position: str
    ) -> None:
        sign_in_with_password(guest_client, TWO_CARDS)

        response = choose(guest_client, position)

        assert response.status_code == 422
        assert "Choose one of your cards." in words_of(response)
        assert sandbox.requests(ACCOUNT_INFORMATION) == []

    @pytest.mark.parametrize("style", [SignIn.OAUTH, SignIn.GUEST])
    def test_says_what_it_keeps_when_paytronix_is_down(
        self, guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, style: SignIn
    ) -> None:
        with serving(dataclasses.replace(merchant, sign_in=(SignIn.CARD, style))):
            sign_in_with_password(guest_client, TWO_CARDS)
            sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500})
            fields = {"card": "1", "password": TWO_CARDS.password}
            response = submit(guest_client, "/sign-in/card/", fields)

        page = parse_page(response.content)
        assert response.status_code == 503
        assert chosen_on(response) == ["1"]
        assert ("what you entered is still here" in page.text) is (style is SignIn.OAUTH)
        assert ("enter your password again" in page.text) is (style is SignIn.GUEST)

    def test_keeps_the_card_that_was_chosen_and_no_other_after_a_wrong_password(
        self, guest_client: Client, guest_style: Merchant
    ) -> None:
        sign_in_with_password(guest_client, TWO_CARDS)
        submit(guest_client, "/sign-in/card/", {"card": "0", "password": TWO_CARDS.password})

        response = submit(guest_client, "/sign-in/card/", {"card": "1", "password": "not it"})

        assert response.status_code == 422
        open_card: HttpResponse = guest_client.get("/sign-in/card/")  # type: ignore[assignment]
        assert chosen_on(open_card) == ["0"]
        assert chosen_on(response) == ["1"]

    @pytest.mark.parametrize("wrong", [False, True])
    def test_says_beside_the_password_why_it_is_asked_for(
        self, guest_client: Client, guest_style: Merchant, wrong: bool
    ) -> None:
        sign_in_with_password(guest_client, TWO_CARDS)
        if wrong:
            response = submit(guest_client, "/sign-in/card/", {"card": "1", "password": "not it"})
        else:
            response = guest_client.get("/sign-in/card/")  # type: ignore[assignment]
        page = parse_page(response.content)
        field = page.one("input", name="password").attributes

        described = [page.one(id=each).text for each in field["aria-describedby"].split()]
        assert described[0] == "We do not keep it, so it is needed to open a card."
        assert len(described) == (2 if wrong else 1)

    def test_offers_to_change_the_card_once_there_is_one(self, guest_client: Client) -> None:
        sign_in_with_password(guest_client, TWO_CARDS)
        assert "Change card" not in text_of(guest_client, "/sign-in/card/")

        choose(guest_client, "1")
        assert "Change card" in text_of(guest_client, "/balance/")

    def test_card_guests_have_nothing_to_choose(self, guest_client: Client) -> None:
        enter_card(guest_client)

        assert guest_client.get("/sign-in/card/").headers["Location"] == "/balance/"


class TestByGuestStyle:
    def test_puts_the_password_in_no_address(
        self, guest_client: Client, guest_style: Merchant, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_password(guest_client, ROSA)
        text_of(guest_client, "/balance/")

        asked = sandbox.requests()
        assert [request.operation for request in asked] == [USER_INFORMATION, ACCOUNT_INFORMATION]
        for request in asked:
            assert (request.method, request.raw_query) == ("POST", "")
            assert json.loads(request.body)["password"] == ROSA.password

    def test_keeps_the_password_nowhere(self, guest_client: Client, guest_style: Merchant) -> None:
        sign_in_with_password(guest_client, ROSA)

        row = Credential.objects.get()
        for column in sealed_columns(Credential):
            assert ROSA.password not in open_sealed(row, column).decode()

    def test_asks_for_the_password_before_reading_anew(
        self, guest_client: Client, guest_style: Merchant, sandbox: SandboxProcess
    ) -> None:
        sign_in_with_password(guest_client, ROSA)
        sandbox.clear_requests()

        asked = submit(guest_client, "/balance/refresh/", {})
        assert "password" in words_of(asked).lower()
        assert sandbox.requests() == []

        wrong = submit(guest_client, "/balance/refresh/", {"password": "wrong"})
        assert wrong.status_code == 422
        assert "$42.50" in text_of(guest_client, "/balance/"), "a mistyped password takes nothing away"

        right = submit(guest_client, "/balance/refresh/", {"password": ROSA.password})
        assert right.headers["Location"] == "/balance/"

    def test_gives_way_when_paytronix_does_not_grant_the_first_style(
        self, guest_client: Client, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        both = dataclasses.replace(merchant, sign_in=(SignIn.GUEST, SignIn.OAUTH))
        sandbox.queue_fault(USER_INFORMATION, {"kind": "status", "status": 403, "body": ""})
        with serving(both):
            sign_in_with_password(guest_client, ROSA)

        assert Credential.objects.get().kind == "oauth"


class TestWhatTheMerchantOffers:
    def test_has_no_user_name_form_without_such_a_style(
        self, guest_client: Client, merchant: Merchant
    ) -> None:
        with serving(dataclasses.replace(merchant, sign_in=(SignIn.CARD,))):
            assert guest_client.get("/sign-in/").status_code == 404
            assert "/sign-in/" not in guest_client.get("/").content.decode()

    @pytest.mark.parametrize("offered", [(SignIn.CARD, SignIn.OAUTH), (SignIn.OAUTH, SignIn.CARD)])
    def test_has_the_card_form_at_the_entrance_in_whatever_order_it_is_offered(
        self, guest_client: Client, merchant: Merchant, offered: tuple[SignIn, ...]
    ) -> None:
        with serving(dataclasses.replace(merchant, sign_in=offered)):
            page = parse_page(guest_client.get("/").content)
            assert guest_client.get("/balance/").headers["Location"].startswith("/?next=")

        assert page.all("input", name="card_number")
        assert [link for link in page.all("a") if link.text == "Sign in with a user name"]

    def test_leads_to_the_user_name_form_without_card_sign_in(
        self, guest_client: Client, merchant: Merchant
    ) -> None:
        with serving(dataclasses.replace(merchant, sign_in=(SignIn.OAUTH,))):
            assert guest_client.get("/").headers["Location"] == "/sign-in/"
            assert guest_client.get("/balance/").headers["Location"].startswith("/sign-in/?next=")

    def test_entrance_and_user_name_form_link_to_each_other_and_keep_the_way_back(
        self, guest_client: Client, merchant: Merchant
    ) -> None:
        assert "/sign-in/?next=%2Fbalance%2F" in guest_client.get("/?next=/balance/").content.decode()
        assert '/?next=%2Fbalance%2F"' in guest_client.get("/sign-in/?next=/balance/").content.decode()


def choose(client: Client, position: str) -> HttpResponse:
    return submit(client, "/sign-in/card/", {"card": position})


def chosen_on(response: HttpResponse) -> list[str]:
    """The positions that are marked at the choice of a card."""
    choices = parse_page(response.content).all("input", name="card")
    return [each.attributes["value"] for each in choices if "checked" in each.attributes]


def words_of(response: HttpResponse) -> str:
    return parse_page(response.content).text


def without_own_parts(response: HttpResponse, username: str) -> str:
    """The page without what differs by design: the name typed, the reference, the CSRF token."""
    page = response.content.decode().replace(username, "")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"Reference\s+[0-9A-HJKMNP-TV-Z]{8}\b", "", page)
