"""Guessing at the door: who may still try, what a limited try looks like, and what it costs others."""

import dataclasses
import re

import pytest
import time_machine
from pytest_django import Settings

from guestportal.merchants.definition import Limits, Merchant, SignIn
from guestportal.sandbox.cards import SEED
from guestportal.throttling import tries
from guestportal.throttling.models import Counter, Tally
from tests.conftest import serving
from tests.support.guessing import (
    WRONG,
    asks_proof,
    card_number,
    enter,
    from_address,
    page_of,
    plain,
    proof_in,
)
from tests.support.password_sign_in import ROSA, TWO_CARDS, sign_in_with_password, try_password
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN, SandboxProcess
from tests.support.stopped_clock import START

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "known_integration")]

TOO_MANY = "Too many tries"


class TestACard:
    def test_answers_unknown_card_wrong_code_and_limited_card_alike(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        unknown = plain(enter(from_address(1), card_number(1)))
        wrong = plain(enter(from_address(2), SEED.number))
        for number in range(3, 8):
            enter(from_address(number), SEED.number)
        sandbox.clear_requests()
        limited = plain(enter(from_address(9), SEED.number))
        limited_right = plain(enter(from_address(10), SEED.number, SEED.code))

        assert unknown[0] == 422
        assert unknown == wrong == limited == limited_right
        assert sandbox.requests() == []

    def test_keeps_its_limit_when_the_signing_key_is_another(
        self, merchant: Merchant, sandbox: SandboxProcess, settings: Settings
    ) -> None:
        for number in range(5):
            enter(from_address(number), SEED.number)
        settings.SECRET_KEY = "another-" * 8
        sandbox.clear_requests()

        enter(from_address(9), SEED.number)

        assert sandbox.requests() == []

    def test_makes_no_call_for_the_eleventh_failure_of_a_day_from_any_addresses(
        self, merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
    ) -> None:
        for number in range(60):
            enter(from_address(number), SEED.number)
            clock.shift(20 * 60)
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 10

        clock.move_to(START.replace(day=5), tick=False)
        clock.shift(1)
        enter(from_address(99), SEED.number)
        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 11

    def test_lets_the_guest_in_by_user_name_while_the_card_is_limited(self, merchant: Merchant) -> None:
        for number in range(7):
            enter(from_address(number), ROSA.card_numbers[0])

        sign_in_with_password(from_address(50), ROSA)

    def test_lets_the_guest_in_again_after_the_window(
        self, merchant: Merchant, clock: time_machine.Traveller
    ) -> None:
        for number in range(5):
            enter(from_address(number), SEED.number)
        assert enter_card(from_address(50)).status_code == 422
        clock.shift(15 * 60)
        assert enter_card(from_address(50)).status_code == 302

    def test_clears_its_own_failures_by_success_and_no_others(self, merchant: Merchant) -> None:
        client = from_address(1)
        for _ in range(4):
            enter(client, SEED.number)
            enter(client, card_number(7))
        enter_card(client)
        assert Counter.objects.count() > 0

        assert [enter(from_address(2), SEED.number).status_code for _ in range(5)] == [422] * 5
        # The address has had eight failures: two more are free, the next one is asked for a proof.
        fresh = from_address(1)
        assert not asks_proof(enter(fresh, card_number(7)))
        assert not asks_proof(enter(fresh, card_number(7)))
        assert asks_proof(enter(fresh, card_number(7)))

    def test_counts_nothing_while_paytronix_cannot_say(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        for number in range(8):
            sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503, "body": ""}, times=2)
            assert enter(from_address(number), SEED.number).status_code == 503
        sandbox.clear_faults()

        assert not [row for row in Counter.objects.all() if row.hits]

    def test_counts_a_card_of_which_paytronix_says_its_status_is_invalid(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        sandbox.set_reply(card_number(5), {"result": "invalid_status"}, code=WRONG)
        for number in range(7):
            enter(from_address(number), card_number(5))

        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5

    def test_obeys_a_merchant_who_tightens(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        tight = dataclasses.replace(merchant, limits=Limits(card_failures_in_15_minutes=2))
        with serving(tight):
            for number in range(5):
                enter(from_address(number), SEED.number)

        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 2

    def test_counts_each_programs_cards_apart(self, merchant: Merchant) -> None:
        other = dataclasses.replace(merchant.integration, merchant_id=merchant.integration.merchant_id + 1)
        stranger = dataclasses.replace(merchant, slug="other", integration=other)
        for number in range(6):
            tries.begin_card(
                merchant=stranger, address=f"{number}", card_number=SEED.number, proven=False
            ).fail()

        assert enter_card(from_address(50)).status_code == 302

    def test_counts_once_where_two_merchant_files_lead_to_one_program(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        for slug in ("one", "two"):
            with serving(dataclasses.replace(merchant, slug=slug)):
                for number in range(6):
                    enter(from_address(number), SEED.number)
                    try_password(from_address(number), ROSA.username, "wrong")

        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5
        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 5


class TestAnAddress:
    def test_asks_for_a_proof_at_the_sixth_card_and_stops_at_the_eleventh(
        self, merchant: Merchant, sandbox: SandboxProcess
    ) -> None:
        client = from_address(1)
        for number in range(5):
            assert not asks_proof(enter(client, card_number(number)))
        answer = enter(client, card_number(5))
        assert (answer.status_code, asks_proof(answer)) == (422, True)
        assert len(sandbox.requests()) == 5

        for number in range(5, 10):
            answer = enter(client, card_number(number))
            proven = enter(client, card_number(number), **proof_in(answer))
            assert "We could not open this card" in page_of(proven).text
        assert len(sandbox.requests()) == 10

        assert enter(client, card_number(10)).status_code == 429
        assert len(sandbox.requests()) == 10
        assert enter_card(from_address(2)).status_code == 302

    def test_counts_a_card_once_however_often_it_is_tried(self, merchant: Merchant) -> None:
        client = from_address(1)

        assert not any(asks_proof(enter(client, card_number(number % 3))) for number in range(10))

    def test_says_when_to_try_again_and_whom_to_ask_and_not_which_limit_it_was(
        self, merchant: Merchant, clock: time_machine.Traveller
    ) -> None:
        client = from_address(1)
        for number in range(10):
            given = proof_in(answer) if asks_proof(answer := enter(client, card_number(number))) else {}
            if given:
                enter(client, card_number(number), **given)
        refused = enter(client, card_number(99))
        words = page_of(refused).text

        assert refused.status_code == 429
        assert TOO_MANY in words
        assert "You can try again in 1 hour" in words
        assert refused.headers["Retry-After"] == "3600"
        assert merchant.support.phone
        assert merchant.support.phone in words
        assert not re.search(r"address|network|bucket|limit|different cards", words.lower())
        assert page_of(refused).all("h1")

    @pytest.mark.parametrize("limits", [{"address": "1/60"}, {"user_name": "1/20"}], ids=["ten", "fifteen"])
    def test_names_a_time_that_does_not_tell_ten_minutes_from_a_quarter_of_an_hour(
        self, merchant: Merchant, settings: Settings, limits: dict[str, str]
    ) -> None:
        settings.LIMITS = limits
        client = from_address(1)
        try_password(client, ROSA.username, "wrong")
        asked = try_password(client, ROSA.username, "wrong")
        try_password(client, ROSA.username, "wrong", **proof_in(asked))
        refused = try_password(client, ROSA.username, "wrong")

        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert "You can try again in 15 minutes" in page_of(refused).text

    def test_asks_for_seconds_while_its_tries_are_only_in_flight(self, merchant: Merchant) -> None:
        held = [
            tries.begin_card(
                merchant=merchant, address="198.51.0.1", card_number=card_number(number), proven=True
            )
            for number in range(10)
        ]
        refused = enter_card(from_address(1))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        assert "You can try again in 2 seconds" in page_of(refused).text

        for each in held:
            each.succeed()
        assert enter_card(from_address(1)).status_code == 302

    def test_stops_at_sixty_failures_a_day_with_any_proof(
        self, merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
    ) -> None:
        client = from_address(1)
        for number in range(80):
            answer = enter(client, card_number(number // 4))
            if asks_proof(answer) and answer.status_code != 429:
                enter(client, card_number(number // 4), **proof_in(answer))
            clock.shift(15 * 60 + 1)

        assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 60

    def test_a_forged_header_changes_nothing(self, merchant: Merchant, sandbox: SandboxProcess) -> None:
        client = from_address(1)
        for number in range(8):
            submit(
                client,
                "/",
                {"card_number": card_number(number), "registration_code": WRONG},
                **{"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"},
            )

        assert len(sandbox.requests()) == 5

    def test_behind_one_proxy_the_last_element_counts(
        self, merchant: Merchant, sandbox: SandboxProcess, settings: Settings
    ) -> None:
        settings.TRUSTED_PROXY_COUNT = 1
        client = from_address(1)
        for number in range(8):
            submit(
                client,
                "/",
                {"card_number": card_number(number), "registration_code": WRONG},
                **{"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.4"},
            )
        assert len(sandbox.requests()) == 5
        for number in range(8):
            submit(
                client,
                "/",
                {"card_number": card_number(number), "registration_code": WRONG},
                **{"X-Forwarded-For": f"198.51.100.4, 203.0.113.{number}"},
            )
        assert len(sandbox.requests()) == 13


class TestAUserName:
    def test_asks_for_a_proof_and_then_refuses_for_the_window(
        self, merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
    ) -> None:
        for number in range(5):
            assert not asks_proof(try_password(from_address(number), ROSA.username, "wrong"))
        for number in range(5, 10):
            client = from_address(number)
            answer = try_password(client, ROSA.username.upper(), "wrong")
            assert asks_proof(answer)
            assert "Enter your password again" in page_of(answer).text
            try_password(client, ROSA.username, "wrong", **proof_in(answer))
        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 10

        refused = try_password(from_address(20), ROSA.username, ROSA.password)
        assert refused.status_code == 429
        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 10
        clock.shift(15 * 60)
        sign_in_with_password(from_address(20), ROSA)

    @pytest.mark.parametrize(
        "spelling",
        ["{}\u200b", "{}\u00ad", " {}\u00a0", "{}\u0301", "\u200b\u2028{}\u2029\u200b", "fullwidth"],
        ids=["zero width", "soft hyphen", "blanks", "accent", "lines", "full width"],
    )
    def test_is_the_same_however_it_is_spelt(
        self, merchant: Merchant, sandbox: SandboxProcess, spelling: str
    ) -> None:
        wide = "".join(chr(ord(letter) + 0xFEE0) for letter in ROSA.username)
        name = wide if spelling == "fullwidth" else spelling.format(ROSA.username)
        for number in range(5):
            try_password(from_address(number), ROSA.username, "wrong")
        sandbox.clear_requests()

        assert asks_proof(try_password(from_address(9), name, "wrong"))
        assert sandbox.requests() == []

    def test_leaves_the_guests_card_its_way_in(self, merchant: Merchant) -> None:
        for number in range(7):
            try_password(from_address(number), "whoever", "wrong")

        assert enter_card(from_address(50)).status_code == 302

    def test_clears_its_own_failures_by_success(self, merchant: Merchant) -> None:
        for number in range(4):
            try_password(from_address(number), ROSA.username, "wrong")
        sign_in_with_password(from_address(10), ROSA)

        answers = [try_password(from_address(20 + number), ROSA.username, "wrong") for number in range(5)]
        assert not any(asks_proof(answer) for answer in answers)

    @pytest.mark.parametrize("path", ["/balance/refresh/", "/sign-in/card/"])
    def test_counts_a_password_that_is_asked_again_inside(
        self, merchant: Merchant, sandbox: SandboxProcess, path: str
    ) -> None:
        style = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
        client = from_address(1)
        choice = "/sign-in/card/"
        with serving(style):
            sign_in_with_password(client, TWO_CARDS)
            submit(client, choice, {"card": "0", "password": TWO_CARDS.password})
            sandbox.clear_requests()
            answers = [
                submit(client, path, {"card": "1", "password": f"wrong {number}"}) for number in range(12)
            ]

        assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
        assert len(sandbox.requests()) == 10
        assert client.get("/balance/").status_code == 200

    def test_asking_for_the_password_uses_up_no_try(self, merchant: Merchant) -> None:
        style = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
        client = from_address(1)
        with serving(style):
            sign_in_with_password(client, ROSA)
            asked = [submit(client, "/balance/refresh/", {}) for _ in range(12)]
            given = submit(client, "/balance/refresh/", {"password": ROSA.password})

        assert [answer.status_code for answer in asked] == [200] * 12
        assert given.status_code == 302

    def test_strangers_who_fail_at_the_door_do_not_shut_out_a_guest_who_is_in(
        self, merchant: Merchant
    ) -> None:
        style = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
        client, choice = from_address(1), "/sign-in/card/"
        with serving(style):
            sign_in_with_password(client, TWO_CARDS)
            for number in range(7):
                try_password(from_address(10 + number), TWO_CARDS.username, "wrong")
            chosen = submit(client, choice, {"card": "0", "password": TWO_CARDS.password})

        assert chosen.status_code == 302


def test_nothing_of_what_was_typed_stands_in_the_tables(merchant: Merchant) -> None:
    enter(from_address(1), SEED.number)
    try_password(from_address(2), ROSA.username, "wrong")

    rows = [f"{row.key} {row.hits}" for row in Counter.objects.all()]
    rows += [f"{row.merchant} {row.event} {row.count}" for row in Tally.objects.all()]
    for secret in (SEED.number, ROSA.username, "198.51", "999999"):
        assert not [row for row in rows if secret in row]
