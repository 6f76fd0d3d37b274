"""Guessing at the whole site: proofs and pauses at the door, attack mode, and counters out of reach."""

import dataclasses
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts import unthrottled
from accounts.models import Credential
from guestportal.merchants.definition import Merchant, SignIn
from guestportal.paytronix.errors import CredentialsRefused
from guestportal.sandbox.cards import SEED
from guestportal.throttling import attack
from guestportal.throttling.models import Tally
from guestportal.throttling.tallies import Event
from tests.conftest import serving
from tests.support.guessing import (
    WRONG,
    asks_proof,
    card_number,
    enter,
    from_address,
    page_of,
    pause_in,
    proof_in,
)
from tests.support.pages import parse_page
from tests.support.password_sign_in import ROSA, try_password
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import SandboxProcess
from tests.support.stopped_clock import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "known_integration")]


class TestAProof:
    def refused_so_far(self, client: Client) -> HttpResponse:
        for number in range(5):
            enter(client, card_number(number))
        return enter(client, card_number(5))

    def test_keeps_what_was_typed(self, merchant: Merchant) -> None:
        page = page_of(self.refused_so_far(from_address(1)))

        assert page.one("input", name="card_number").attributes["value"] == card_number(5)
        assert page.one("input", name="registration_code").attributes["value"] == WRONG
        assert "What you entered is still here" in page.text

    def test_lets_one_try_through(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        client = from_address(1)
        given = proof_in(self.refused_so_far(client))

        enter(client, card_number(5), **given)
        assert len(sandbox.requests()) == 6
        assert asks_proof(enter(client, card_number(6), **given))
        assert len(sandbox.requests()) == 6

    def test_is_not_used_up_by_a_form_that_is_not_filled_in(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        client = from_address(1)
        given = proof_in(self.refused_so_far(client))

        enter(client, "12", **given)
        enter(client, SEED.number, SEED.code, **given)
        assert len(sandbox.requests()) == 6

    def test_is_replaced_by_a_pause_for_guests_without_script(
        self, merchant: Merchant, clock: time_machine.Traveller
    ) -> None:
        client = from_address(1)
        answer = self.refused_so_far(client)
        assert "Wait 20 seconds, then press the button" in page_of(answer).text
        clock.shift(12)
        early = enter(client, SEED.number, SEED.code, **pause_in(answer))
        assert asks_proof(early)
        clock.shift(8)

        assert enter(client, SEED.number, SEED.code, **pause_in(early)).status_code == 302

    def test_never_fills_the_password_in_again(self, merchant: Merchant) -> None:
        for number in range(5):
            try_password(from_address(number), ROSA.username, "wrong")
        answer = try_password(from_address(9), ROSA.username, "not-the-password-77")

        assert asks_proof(answer)
        assert "not-the-password-77" not in answer.content.decode()
        assert page_of(answer).one("input", name="username").attributes["value"] == ROSA.username


class TestTheWholeSite:
    def under_attack(self, count: int = 20) -> None:
        for number in range(count):
            enter(from_address(number), card_number(number))

    def test_asks_everybody_for_a_proof_for_a_quarter_of_an_hour(
        self,
        merchant: Merchant,
        sandbox: SandboxProcess,
        clock: time_machine.Traveller,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        self.under_attack()
        assert enter_card(from_address(95)).status_code == 302, "20 failures are no attack, nor is a success"
        with caplog.at_level(logging.ERROR, "guestportal.throttling"):
            enter(from_address(94), card_number(94))
            assert asks_proof(enter_card(from_address(99)))
            self.under_attack(5)
        (line,) = [record for record in caplog.records if record.message == "attack_mode"]
        assert line.levelno == logging.ERROR
        assert len(sandbox.requests()) == 22

        for path in ("/", "/sign-in/"):
            page = parse_page(from_address(98).get(path).content)
            assert page.all("input", name="proof"), "the page asks before anything is sent"
        client = from_address(97)
        asked: HttpResponse = client.get("/")  # type: ignore[assignment]
        assert enter(client, SEED.number, SEED.code, **proof_in(asked)).status_code == 302

        clock.shift(14 * 60)
        assert asks_proof(enter_card(from_address(98)))
        clock.shift(60)
        assert not parse_page(from_address(98).get("/").content).all("input", name="proof")
        assert enter_card(from_address(96)).status_code == 302

    def test_a_refused_form_is_not_sent_again_by_itself(self, merchant: Merchant) -> None:
        self.under_attack(21)
        client = from_address(99)
        asked = enter(client, SEED.number)
        refused = enter(client, SEED.number, **proof_in(asked))

        assert "We could not open this card" in page_of(refused).text
        assert asks_proof(refused), "the next try needs another one"
        assert "data-send" in asked.content.decode()
        assert "data-send" not in refused.content.decode()

    def test_takes_five_times_the_usual_as_usual(
        self, merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
    ) -> None:
        for hour in range(14):
            Tally.objects.create(
                merchant=merchant.slug, event="card_failure", hour=START.replace(hour=hour, day=3), count=360
            )
        clock.move_to(START.replace(hour=0), tick=False)
        self.under_attack(40)

        assert len(sandbox.requests()) == 31

    def test_takes_no_single_hour_for_the_usual(self, merchant: Merchant) -> None:
        hour = START - timedelta(hours=2)
        Tally.objects.create(merchant="demo", event=Event.CARD_FAILURE, hour=hour, count=60_000)

        assert attack.usual_in(60, merchant) == 0

    def test_keeps_the_pages_of_guests_who_are_in(self, merchant: Merchant) -> None:
        client = from_address(60)
        enter_card(client)
        self.under_attack(22)

        assert client.get("/balance/").status_code == 200
        assert submit(client, "/balance/refresh/", {}).status_code == 302


class TestCountersOutOfReach:
    @pytest.fixture
    def unreachable(self, merchant: Merchant) -> Client:
        client = from_address(1)
        enter_card(client)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
        return client

    def test_refuse_everybody_who_wants_in(self, unreachable: Client, sandbox: SandboxProcess) -> None:
        sandbox.clear_requests()
        card = enter_card(from_address(2))
        password = try_password(from_address(3), ROSA.username, ROSA.password)

        assert card.status_code == password.status_code == 503
        assert SEED.number in card.content.decode(), "what was typed is kept"
        assert "what you entered is still here" in card.content.decode()
        assert "enter your password again" in password.content.decode(), "it is not kept"
        assert "still here" not in password.content.decode()
        assert sandbox.requests() == []
        assert Credential.objects.count() == 1

    def test_let_in_who_has_been_admitted_before(
        self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ask = unthrottled.open_card

        def ask_while_they_go(**asked: Any) -> UUID:
            credential_id = ask(**asked)
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
            return credential_id

        monkeypatch.setattr(unthrottled, "open_card", ask_while_they_go)
        client = from_address(1)
        response = enter_card(client)

        assert (response.status_code, response.headers["Location"]) == (302, "/balance/")
        assert client.get("/balance/").status_code == 200
        assert Credential.objects.count() == 1

    def test_leave_a_refusal_what_it_is(self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse_while_they_go(**_asked: Any) -> UUID:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
            raise CredentialsRefused(operation="stub", reference="ABCD2345", status=401)

        monkeypatch.setattr(unthrottled, "open_card", refuse_while_they_go)

        assert enter_card(from_address(1)).status_code == 422

    def test_promise_nothing_on_a_page_without_a_form(self, merchant: Merchant) -> None:
        client = from_address(1)
        with serving(dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))):
            try_password(client, ROSA.username, ROSA.password)
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE throttling_counter RENAME TO away")
            fields = {"password": ROSA.password}
            response = submit(client, "/balance/refresh/", fields)

        text = parse_page(response.content).text
        assert response.status_code == 503
        assert "Try again in a few minutes." in text
        assert "still here" not in text

    def test_leave_guests_who_are_in_alone(self, unreachable: Client) -> None:
        assert unreachable.get("/balance/").status_code == 200
        refreshed = submit(unreachable, "/balance/refresh/", {})
        assert refreshed.status_code == 302
