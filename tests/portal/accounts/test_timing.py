"""Whether the time of a refusal tells which it was (docs/threats.md, check 2), with a stub that differs by 300 ms.

Nobody sleeps: what is slept moves the clock.
"""

import threading
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from accounts import unthrottled
from accounts.identities import CardIdentity
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import CredentialsRefused
from guestportal.paytronix.standing import of_this_process
from guestportal.sandbox.cards import SEED
from guestportal.throttling import tries
from guestportal.throttling.models import Counter
from guestportal.web.pace import wait_for_pace

TRIES = 3
PACE_SECONDS = 1.0
SLOWER_SECONDS = 0.3
UNKNOWN, LIMITED = "6099000000000001", "6099000000000002"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], float]:
    """A clock that sleeping moves, and each look at it by a millisecond."""
    passed = [0.0]

    def look() -> float:
        passed.append(0.001)
        return sum(passed)

    monkeypatch.setattr(time, "monotonic", look)
    monkeypatch.setattr(time, "sleep", passed.append)
    return look


@pytest.fixture
def slow_for_unknown_cards(monkeypatch: pytest.MonkeyPatch, clock: Callable[[], float]) -> None:
    def refuse(*, merchant: Merchant, identity: CardIdentity) -> UUID:
        if identity.card_number == UNKNOWN:
            time.sleep(SLOWER_SECONDS)
        raise CredentialsRefused(operation="stub", reference="ABCD2345", status=401)

    monkeypatch.setattr(unthrottled, "open_card", refuse)


@pytest.fixture
def limited(merchant: Merchant, db: None) -> str:
    """The counter of a card that has had its failures."""
    for _ in range(5):
        attempt = tries.begin_card(merchant=merchant, address="", card_number=LIMITED, proven=True)
        attempt.fail()
    return attempt.own_key


def test_is_the_same_for_unknown_card_wrong_code_and_limited_card(
    limited: str, settings: Settings, slow_for_unknown_cards: None, clock: Callable[[], float]
) -> None:
    settings.FAILED_ANSWER_SECONDS = PACE_SECONDS
    client = Client()
    times: dict[str, list[float]] = {UNKNOWN: [], LIMITED: [], SEED.number: []}
    for _ in range(TRIES):
        for number, taken in times.items():
            Counter.objects.exclude(key=limited).delete()  # nothing but the card may be limited
            started = clock()
            response = client.post("/", {"card_number": number, "registration_code": "999999"})
            taken.append(clock() - started)
            assert b"We could not open this card" in response.content

    assert list(times.values()) == [[pytest.approx(PACE_SECONDS, abs=0.02)] * TRIES] * 3


@pytest.mark.parametrize(("worked", "answered"), [(0.001, 1.0), (0.3, 1.0), (0.99, 1.0), (1.2, 2.0)])
def test_answers_at_the_next_multiple_of_the_pace(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, worked: float, answered: float
) -> None:
    settings.FAILED_ANSWER_SECONDS = 1.0
    slept: list[float] = []
    monkeypatch.setattr(time, "monotonic", lambda: 100.0 + worked)
    monkeypatch.setattr(time, "sleep", slept.append)

    wait_for_pace(100.0)

    assert slept == [pytest.approx(answered - worked)]


def test_withholds_a_refusal_when_too_many_wait_for_theirs(
    merchant: Merchant, db: None, settings: Settings
) -> None:
    settings.FAILED_ANSWER_SECONDS = 1.0
    standing = of_this_process()
    while standing.enter():
        pass
    try:
        assert not wait_for_pace(100.0)
    finally:
        for _thread in range(standing.most):
            standing.leave()


def test_lets_eight_refusals_wait_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FAILED_ANSWER_SECONDS = 1.0
    waiting, answers = threading.Barrier(9, timeout=10), []
    end = threading.Event()

    def sleep(_seconds: float) -> None:
        waiting.wait()
        end.wait(10)

    monkeypatch.setattr(time, "sleep", sleep)
    threads = [threading.Thread(target=lambda: answers.append(wait_for_pace(0.0))) for _guest in range(8)]
    for thread in threads:
        thread.start()
    waiting.wait()

    assert wait_for_pace(0.0) is False
    end.set()
    for thread in threads:
        thread.join(timeout=10)
    assert answers == [True] * 8


def test_says_nothing_of_the_card_when_its_refusal_is_withheld(
    merchant: Merchant, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.entry.wait_for_pace", lambda _started: False)
    response = Client().post("/", {"card_number": SEED.number, "registration_code": "999999"})

    assert response.status_code == 503
    assert b"We could not open this card" not in response.content
