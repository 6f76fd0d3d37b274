"""Proofs of work and pauses: good once, for one form, for a while, and by nobody else's hand."""

import base64
import dataclasses
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guestportal.merchants.definition import Merchant
from guestportal.throttling import proofs
from guestportal.throttling.proofs import Given
from guestportal.throttling.tries import Purpose
from tests.support.builders import demo_merchant
from tests.support.proof_solving import encoded, solve

ADDRESS = "192.0.2.7"
PAUSE_SECONDS = 20


def asked(purpose: Purpose = Purpose.CARD, merchant: Merchant | None = None) -> proofs.Challenge:
    return proofs.challenge(merchant=merchant or demo_merchant(), purpose=purpose)


def accepted(
    *,
    work: str = "",
    pause: str = "",
    purpose: Purpose = Purpose.CARD,
    merchant: Merchant | None = None,
    address: str = ADDRESS,
) -> bool:
    return proofs.accept(
        merchant=merchant or demo_merchant(), purpose=purpose, given=Given(work, pause), address=address
    )


@pytest.mark.django_db
class TestWork:
    def test_is_taken_once(self) -> None:
        work = solve(asked().work)

        assert accepted(work=work)
        assert not accepted(work=work)

    def test_is_taken_once_in_all_its_life(self, clock: time_machine.Traveller) -> None:
        work = solve(asked().work)
        assert accepted(work=work)
        clock.shift(proofs.LIFETIME_SECONDS)
        assert not accepted(work=work)

    def test_written_otherwise_it_is_still_the_same(self) -> None:
        challenge = asked()
        work = solve(challenge.work)
        again = solve(challenge.work)
        assert accepted(work=work)

        assert not accepted(work=again + "=" * 4)
        assert not accepted(work=encoded({**json.loads(_decoded(again)), "more": 1}))

    def test_is_good_until_it_expires(self, clock: time_machine.Traveller) -> None:
        work, late = solve(asked().work), solve(asked().work)
        clock.shift(proofs.LIFETIME_SECONDS)
        assert accepted(work=work)
        clock.shift(1)
        assert not accepted(work=late)

    def test_is_for_one_form_of_one_merchant(self) -> None:
        other = dataclasses.replace(demo_merchant(), slug="other")

        assert not accepted(work=solve(asked(Purpose.PASSWORD).work))
        assert not accepted(work=solve(asked(merchant=other).work))
        assert not accepted(work=solve(asked().work), merchant=other)

    @pytest.mark.parametrize(
        "changes",
        [
            {"expiresAt": 99_999_999_999},
            {"data": {"for": "demo/password"}},
            {"cost": 1},
            {"keyPrefix": ""},
            {"keySignature": None},
            {"nonce": "00" * 16},
            {"algorithm": "SHA-256"},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_is_refused_when_the_challenge_was_changed(self, changes: dict[str, Any]) -> None:
        assert not accepted(work=solve(asked().work, **changes))

    def test_is_refused_when_it_was_not_done(self) -> None:
        challenge = json.loads(asked().work)
        prefix = challenge["parameters"]["keyPrefix"]
        for solution in ({"counter": 0, "derivedKey": "00" * 32}, {"counter": 1, "derivedKey": prefix * 2}):
            assert not accepted(work=encoded({"challenge": challenge, "solution": solution}))

    def test_is_refused_without_our_signature(self, settings: Any) -> None:
        work = solve(asked().work)
        settings.SECRET_KEY = "another-" * 8

        assert not accepted(work=work)

    def test_costs_the_rounds_of_the_setting_on_average_wherever_one_begins(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.PROOF_ROUNDS = 2
        for chosen in range(4):
            randbelow = Mock(return_value=chosen)
            monkeypatch.setattr(secrets, "randbelow", randbelow)
            answer = json.loads(_decoded(solve(asked().work)))

            randbelow.assert_any_call(4)
            assert answer["solution"]["counter"] == chosen, "no round can be left out"

    @pytest.mark.parametrize("text", ["x", "e30=", "bnVsbA==", "W10=", "é", "[" * 3000, "A" * 60_000])
    def test_garbage_is_no_proof(self, text: str) -> None:
        assert not accepted(work=text)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_eight_uses_at_once_one_passes() -> None:
    work = solve(asked().work)
    merchant = demo_merchant()

    def use(_number: int) -> bool:
        try:
            return accepted(work=work, merchant=merchant)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(use, range(8)))
    connections.close_all()

    assert taken.count(True) == 1


@pytest.mark.django_db
class TestPause:
    def test_is_good_when_it_is_over_and_not_before(self, clock: time_machine.Traveller) -> None:
        pause = asked().pause
        clock.shift(PAUSE_SECONDS - 1)
        assert not accepted(pause=pause)
        clock.shift(1)
        assert accepted(pause=pause)
        assert not accepted(pause=pause), "once"

    def test_goes_on_when_the_button_was_pressed_too_early(self, clock: time_machine.Traveller) -> None:
        pause = asked().pause
        clock.shift(5)
        again = proofs.challenge(merchant=demo_merchant(), purpose=Purpose.CARD, given=Given(pause=pause))

        assert again.pause == pause

    def test_waits_in_the_page_when_it_is_over_and_not_used_yet(self, clock: time_machine.Traveller) -> None:
        pause = asked_long_ago(clock)
        again = proofs.challenge(merchant=demo_merchant(), purpose=Purpose.CARD, given=Given(pause=pause))

        assert again.pause == pause

    def test_that_is_used_gives_way_to_a_new_one(self, clock: time_machine.Traveller) -> None:
        used = asked_long_ago(clock)
        assert accepted(pause=used)
        new = proofs.challenge(merchant=demo_merchant(), purpose=Purpose.CARD, given=Given(pause=used)).pause
        clock.shift(PAUSE_SECONDS)

        assert accepted(pause=new), "a mistyped code costs one more pause"

    def test_that_is_used_takes_no_neighbours_turn(self, clock: time_machine.Traveller) -> None:
        used, waiting = asked().pause, asked().pause
        clock.shift(PAUSE_SECONDS)
        assert accepted(pause=used)
        clock.shift(PAUSE_SECONDS)
        assert not accepted(pause=used)

        assert accepted(pause=waiting)

    def test_begins_anew_while_the_counters_cannot_say_whether_it_is_used(self) -> None:
        pause = asked().pause
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE throttling_counter RENAME TO away")

        again = proofs.challenge(merchant=demo_merchant(), purpose=Purpose.CARD, given=Given(pause=pause))
        assert again.pause != pause

    def test_is_not_begun_by_a_token_that_is_not_ours(self) -> None:
        for token in ("", "x", "2031-01-01", asked(Purpose.PASSWORD).pause):
            again = proofs.challenge(merchant=demo_merchant(), purpose=Purpose.CARD, given=Given(pause=token))
            assert again.pause != token

    def test_is_for_one_form_and_not_for_ever(self, clock: time_machine.Traveller) -> None:
        pause, old = asked(Purpose.PASSWORD).pause, asked().pause
        clock.shift(PAUSE_SECONDS)
        assert not accepted(pause=pause)
        clock.shift(proofs.LIFETIME_SECONDS)
        assert not accepted(pause=old)

    def test_lets_one_address_through_one_at_a_time(self, clock: time_machine.Traveller) -> None:
        pauses = [asked().pause for _ in range(10)]
        clock.shift(PAUSE_SECONDS)

        assert [accepted(pause=pause) for pause in pauses].count(True) == 1
        clock.shift(PAUSE_SECONDS)
        assert accepted(pause=pauses[-1]), "who was not let through keeps the pause"
        assert accepted(pause=asked_long_ago(clock), address="192.0.2.8")


def asked_long_ago(clock: time_machine.Traveller) -> str:
    pause = asked().pause
    clock.shift(PAUSE_SECONDS)
    return pause


class TestWhateverIsSent(TestCase):
    """Nobody gets through, or breaks anything, by making up an answer."""

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )

    def setUp(self) -> None:
        self.solved = _decoded(solve(asked().work))

    @given(part=st.sampled_from(["challenge", "parameters", "signature", "solution"]), value=json_values)
    def test_a_part_replaced(self, part: str, value: object) -> None:
        answer = json.loads(self.solved)
        if part in {"challenge", "solution"}:
            answer[part] = value
        else:
            answer["challenge"][part] = value

        assert not accepted(work=encoded(answer))


def _decoded(work: str) -> bytes:
    return base64.b64decode(work)
