"""`failed` at sign-in: outage words, and a place of that card alone (docs/threats.md, check 42)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from guestportal.sandbox.cards import RICH, SEED, SHORT
from guestportal.throttling import attack
from guestportal.throttling.models import Doubt
from tests.support.guessing import WRONG, asks_proof, card_number, enter, from_address, page_of
from tests.support.password_sign_in import ROSA, try_password
from tests.support.plain_browser import enter_card
from tests.support.sandbox import ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN, SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_integration")]

START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
OUTAGE = "We cannot look up cards right now"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def fail(sandbox: SandboxProcess, number: str, code: str, *, times: int = 1) -> None:
    """Tries of a card that end as `failed`, each by a process of its own, whose breaker knows of no other."""
    for _ in range(times):
        forget_clients()
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "failed"})
        enter(from_address(1), number, code)
    sandbox.clear_faults()
    forget_clients()


def reaches_paytronix(sandbox: SandboxProcess, number: str) -> bool:
    sandbox.clear_requests()
    enter(from_address(99), number)
    return bool(sandbox.requests(ACCOUNT_INFORMATION))


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "failed"},
        {"kind": "failed", "result": "failure", "code": "guest.system_error", "status": 500},
    ],
    ids=["failed", "system error"],
)
def test_one_card_alone_is_asked_about_five_times_and_nobody_else_pays_for_it(
    merchant: Merchant, sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=40)
    for _ in range(40):
        forget_clients()
        answer = enter(from_address(1), SEED.number)
        assert (answer.status_code, OUTAGE in page_of(answer).text) == (503, True)
    sandbox.clear_faults()

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5
    assert not attack.is_on(merchant)
    forget_clients()
    for number in range(5):  # so the address has failed at no card, and never
        assert not asks_proof(enter(from_address(1), card_number(number)))
    assert enter_card(from_address(1)).status_code == 422, "an answer between did not open one card alone"


def test_a_user_name_takes_a_place_of_its_own_alone(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for _ in range(9):
        forget_clients()
        sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "failed"})
        try_password(from_address(1), ROSA.username, "wrong")
    sandbox.clear_faults()

    assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 5
    forget_clients()
    assert not asks_proof(try_password(from_address(1), "whoever", "wrong"))


def test_an_outage_of_three_cards_opens_them_when_it_is_over(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    for card in (SEED, RICH, SHORT):
        fail(sandbox, card.number, card.code, times=5)
    assert not reaches_paytronix(sandbox, SEED.number)

    enter(from_address(2), card_number(1))  # the next real answer, if only a refusal

    assert not Doubt.objects.exists()
    for card in (SEED, RICH, SHORT):
        assert enter_card(from_address(3), card.number, card.code).status_code == 302


def test_an_answer_between_makes_two_cards_and_one_no_outage(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    fail(sandbox, SEED.number, SEED.code, times=5)
    fail(sandbox, RICH.number, RICH.code, times=5)
    assert enter_card(from_address(2), SHORT.number, SHORT.code).status_code == 302
    fail(sandbox, card_number(3), WRONG, times=5)
    assert enter_card(from_address(2), SHORT.number, SHORT.code).status_code == 302

    assert not Doubt.objects.exists()
    assert not any(reaches_paytronix(sandbox, number) for number in (SEED.number, RICH.number))


def test_what_is_no_answer_does_not_end_an_outage(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for card in (SEED, RICH):
        fail(sandbox, card.number, card.code, times=5)
    forget_clients()
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 502, "body": ""}, times=2)
    assert enter(from_address(2), card_number(1)).status_code == 503
    assert enter(from_address(2), SEED.number).status_code == 503, "limited, so not asked about"
    fail(sandbox, SHORT.number, SHORT.code, times=5)

    enter(from_address(2), card_number(1))

    assert enter_card(from_address(3)).status_code == 302


def test_a_card_is_given_its_places_back_once_a_day(
    merchant: Merchant, sandbox: SandboxProcess, clock: time_machine.Traveller
) -> None:
    guessed = card_number(7)
    for hour in range(2):
        for number in (guessed, card_number(10 + hour), card_number(20 + hour)):
            fail(sandbox, number, WRONG, times=5)
        enter(from_address(2), card_number(30 + hour))
        assert reaches_paytronix(sandbox, card_number(10 + hour)), "it was an outage"
        assert reaches_paytronix(sandbox, guessed) is (hour == 0)
        clock.shift(3600)


def test_the_card_that_ends_an_outage_itself_is_in(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for card in (SEED, RICH, SHORT):
        fail(sandbox, card.number, card.code, times=3)

    assert enter_card(from_address(3)).status_code == 302
    assert reaches_paytronix(sandbox, RICH.number)


def test_nothing_readable_is_kept_of_the_cards(merchant: Merchant, sandbox: SandboxProcess) -> None:
    fail(sandbox, SEED.number, SEED.code)

    (row,) = Doubt.objects.all()
    assert SEED.number not in "".join(str(value) for value in vars(row).values())
