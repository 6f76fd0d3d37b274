"""Which ends of a sign-in count as a try: all but successes and outages (docs/threats.md, check 41)."""

import pytest
from django.http import HttpResponse

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from guestportal.sandbox.cards import SEED
from guestportal.throttling.models import Counter
from tests.support.guessing import card_number, enter, from_address
from tests.support.password_sign_in import ROSA, try_password
from tests.support.plain_browser import enter_card
from tests.support.sandbox import ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN, SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_integration")]

STATUSES = [400, 401, 403, 404, 409, 410, 422, 429]


def guess_often(number: str, *, times: int) -> list[HttpResponse]:
    """Tries of one card from as many addresses, each as if the breaker of its process had never seen another."""
    answers = []
    for address in range(times):
        forget_clients()
        answers.append(enter(from_address(address), number))
    return answers


@pytest.mark.parametrize("status", STATUSES)
def test_a_card_is_asked_about_five_times_whatever_status_a_wrong_code_has(
    merchant: Merchant, sandbox: SandboxProcess, status: int
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": status, "body": ""}, times=40)

    guess_often(SEED.number, times=40)

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5


@pytest.mark.parametrize("status", STATUSES)
def test_a_user_name_needs_a_proof_after_five_tries_whatever_status_a_wrong_password_has(
    merchant: Merchant, sandbox: SandboxProcess, status: int
) -> None:
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": status, "body": ""}, times=40)

    for address in range(40):
        forget_clients()
        try_password(from_address(address), ROSA.username, "wrong")

    assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 5


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "replace", "body": '{"result": "perhaps"}'},
        {"kind": "replace", "body": '{"result": "success", "username": 7'},
        {"kind": "status", "status": 302, "body": ""},
        {"kind": "status", "status": 500, "body": '{"result": "failure", "errorCode": "card.none"}'},
    ],
    ids=["undocumented", "cut", "redirect", "refused with 500"],
)
def test_an_answer_that_cannot_be_read_counts(
    merchant: Merchant, sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=40)

    guess_often(SEED.number, times=12)

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 5


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_before"},
        {"kind": "status", "status": 502, "body": ""},
        {"kind": "status", "status": 408},
    ],
    ids=["dropped", "gateway", "timed out"],
)
def test_a_password_counts_nowhere_while_paytronix_is_out(
    merchant: Merchant, sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, fault)

    assert try_password(from_address(1), ROSA.username, "wrong").status_code == 503

    assert not [row for row in Counter.objects.all() if row.hits]


def test_nothing_counts_that_we_did_not_ask(merchant: Merchant, sandbox: SandboxProcess) -> None:
    asked_to_wait = {"kind": "status", "status": 429, "headers": {"Retry-After": "60"}}
    sandbox.queue_fault(ACCOUNT_INFORMATION, asked_to_wait)
    assert enter(from_address(1), card_number(1)).status_code == 503
    Counter.objects.all().delete()

    assert [enter(from_address(2), SEED.number).status_code for _ in range(8)] == [503] * 8

    assert not [row for row in Counter.objects.all() if row.hits]
    forget_clients()
    assert enter_card(from_address(2)).status_code == 302
