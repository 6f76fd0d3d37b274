"""What a failed transferOut means: surely not sent, unknown, refused, and replies that say too little.

For each: how many POSTs there were, where the ledger ends, and what is true at Paytronix. Which failure on the wire
means what is the business of tests/portal/paytronix/test_delivery.py.
"""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from gifting.ledger.wish import WishState
from gifting.sending.domain import Prepared
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from tests.conftest import serving
from tests.support.gift_faults import FAILURE, UNDONE, WORKED
from tests.support.sandbox import TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import Sender, posts, sender_with, sent_by_api, state_of, steps_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant(merchant: Merchant) -> Iterator[Merchant]:
    """Short time limits: until when a call can still arrive is counted from them."""
    integration = dataclasses.replace(
        merchant.integration, connect_timeout_seconds=1.0, read_timeout_seconds=0.6, deadline_seconds=1.2
    )
    hurried = dataclasses.replace(merchant, integration=integration)
    with serving(hurried):
        yield hurried


@pytest.fixture
def rosa(merchant: Merchant, sandbox: SandboxProcess) -> Sender:
    return sender_with(merchant)


@pytest.mark.parametrize("fault", WORKED.values(), ids=WORKED.keys())
def test_finds_a_gift_that_was_sent_although_nobody_said_so(
    rosa: Sender, sandbox: SandboxProcess, fault: dict[str, Any]
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, fault)
    rosa.sends(wish)

    assert state_of(wish) is WishState.UNKNOWN
    receipt = rosa.follows(wish)
    (transfer,) = sent_by_api(sandbox)
    assert receipt.state is WishState.SENT
    assert receipt.gift is not None
    assert receipt.gift.transaction_id == str(transfer.transaction_id)
    assert steps_of(wish)[-1] == ("sent", "found_in_history")
    assert len(posts(sandbox)) == 1


@pytest.mark.parametrize("fault", UNDONE.values(), ids=UNDONE.keys())
def test_says_nothing_definite_until_nothing_can_arrive_any_more(
    rosa: Sender, sandbox: SandboxProcess, fault: dict[str, Any]
) -> None:
    wish = rosa.prepares()
    pressed_at = timezone.now()
    sandbox.queue_fault(TRANSFER_OUT, fault)
    rosa.sends(wish)

    assert rosa.follows(wish).state is WishState.UNKNOWN
    # What Paytronix has called a success is not called unsent by its absence: a person looks.
    end = "needs_review" if "success" in str(fault.get("body")) else "not_sent"
    for seconds, state in ((66, "unknown"), (68, "unknown"), (82, "unknown"), (84, end)):
        with time_machine.travel(pressed_at + timedelta(seconds=seconds), tick=False):
            assert rosa.follows(wish).state == state, f"after {seconds} s"
    assert sent_by_api(sandbox) == []
    assert len(posts(sandbox)) == 1


def test_calls_a_gift_late_until_it_can_have_arrived(rosa: Sender, sandbox: SandboxProcess) -> None:
    """Check 27: what arrives up to the settling time ends as sent."""
    wish = rosa.prepares()
    pressed_at = timezone.now()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    with time_machine.travel(pressed_at + timedelta(seconds=59), tick=False):
        assert rosa.follows(wish).state is WishState.UNKNOWN
        assert sandbox.run_late() == 1
        assert rosa.follows(wish).state is WishState.SENT

    assert len(sent_by_api(sandbox)) == len(posts(sandbox)) == 1


def test_takes_failed_for_an_unknown_outcome_and_finds_the_gift_ten_seconds_later(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """Check 47: executed once, and never offered again before it shows."""
    wish = rosa.prepares()
    pressed_at = timezone.now()
    sandbox.queue_fault(TRANSFER_OUT, [{"kind": "late", "status": 200}, {"kind": "failed"}])
    rosa.sends(wish)
    for seconds in (1, 9):
        with time_machine.travel(pressed_at + timedelta(seconds=seconds), tick=False):
            receipt = rosa.follows(wish)
        assert (receipt.state, receipt.may_retry) == (WishState.UNKNOWN, False)
    sandbox.run_late()

    with time_machine.travel(pressed_at + timedelta(seconds=20), tick=False):
        assert rosa.follows(wish).state is WishState.SENT
    assert len(sent_by_api(sandbox)) == len(posts(sandbox)) == 1


def test_still_finds_a_gift_that_arrives_after_it_was_called_not_sent(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    pressed_at = timezone.now()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    for seconds in (67, 83):
        with time_machine.travel(pressed_at + timedelta(seconds=seconds), tick=False):
            rosa.follows(wish)
    assert state_of(wish) is WishState.NOT_SENT
    sandbox.run_late()

    with time_machine.travel(pressed_at + timedelta(minutes=9), tick=False):
        assert rosa.follows(wish, look=True).state is WishState.SENT


def test_a_refusal_is_told_once_the_history_confirms_it(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
    rosa.sends(wish)
    assert state_of(wish) is WishState.UNKNOWN, "roll-back is promised as best as possible only"
    sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "status", "status": 500})
    assert rosa.follows(wish).state is WishState.UNKNOWN

    failed = rosa.follows(wish)
    assert failed.state is WishState.FAILED
    assert failed.refusal is not None
    assert failed.refusal.text == "Something went wrong"
    assert failed.refusal.code == "gifttransfer.transfer_failed"
    assert failed.may_retry
    assert steps_of(wish) == [("sending", "claimed"), ("unknown", "refused"), ("failed", "refusal_confirmed")]


def test_a_refusal_that_did_it_all_the_same_is_told_as_it_is(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": True})
    rosa.sends(wish)

    assert rosa.follows(wish).state is WishState.SENT
    assert len(sent_by_api(sandbox)) == 1


def send_to(base_url: str, rosa: Sender, sandbox: SandboxProcess) -> tuple[Prepared, Sender]:
    """Decide at the sandbox, press while Paytronix stands at another address; also returns who pressed there."""
    draft = rosa.drafts()
    integration = dataclasses.replace(rosa.merchant.integration, base_url=base_url)
    elsewhere = dataclasses.replace(rosa.merchant, integration=integration)
    there = dataclasses.replace(rosa, merchant=elsewhere)
    with serving(elsewhere):
        wish = there.prepares(draft)
        there.sends(wish)
    forget_clients()
    assert posts(sandbox) == []
    return wish, there


def expect_surely_not_sent(wish: Prepared, there: Sender) -> None:
    """Told at once, nobody is asked about it, and the guest may try again."""
    receipt = there.follows(wish)
    assert receipt.state is WishState.NOT_SENT
    assert receipt.may_retry
    assert not receipt.unread
    assert steps_of(wish) == [("sending", "claimed"), ("not_sent", "surely_not_sent")]


def test_a_refused_connection_is_surely_not_sent(
    rosa: Sender, sandbox: SandboxProcess, free_port: int
) -> None:
    wish, there = send_to(f"http://127.0.0.1:{free_port}/rest/26.6", rosa, sandbox)
    expect_surely_not_sent(wish, there)


def test_our_own_credentials_refused_is_a_refusal_to_be_confirmed(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "status", "status": 401})
    rosa.sends(wish)

    assert state_of(wish) is WishState.UNKNOWN
    assert rosa.follows(wish).state is WishState.FAILED
