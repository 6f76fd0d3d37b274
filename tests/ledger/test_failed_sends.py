"""What a failed transferOut means: surely not sent, unknown, refused, and replies that say too little.

For each: how many POSTs there were, where the ledger ends, and what is true at Paytronix. Which failure on the wire
means what is the business of tests/portal/paytronix/test_delivery.py.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from gifting.ledger.wish import GiftUnderWay, WishState
from gifting.models import Wish
from gifting.sending import send
from gifting.sending.domain import Prepared
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from tests.conftest import serving
from tests.support.changed_merchant import knowing_harmless
from tests.support.gift_faults import FAILURE, UNDONE, WORKED
from tests.support.sandbox import TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import (
    Sender,
    grow_older,
    posts,
    sender_with,
    sent_by_api,
    state_of,
    steps_of,
)

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


def test_a_refusal_is_told_at_once_and_believed_later(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    pressed_at = timezone.now()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
    rosa.sends(wish)
    told = rosa.follows(wish)
    assert told.state is WishState.UNKNOWN, "roll-back is promised as best as possible only"
    assert told.refusal is not None
    assert told.refusal.text == "Something went wrong"
    assert not told.may_retry
    for seconds in (60, 75, 85):  # too early, the first clean reading, and one too soon after it
        with time_machine.travel(pressed_at + timedelta(seconds=seconds), tick=False):
            assert rosa.follows(wish).state is WishState.UNKNOWN
    with time_machine.travel(pressed_at + timedelta(seconds=95), tick=False):
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


def test_a_refusal_that_did_it_all_the_same_opens_nothing_while_the_history_lags(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """Check 46: the history shows six seconds ago at every look; the gift was sent, and is sent once."""
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": True})
    sandbox.make_history_stale(calls=50, lag_seconds=6)
    rosa.sends(wish)
    for seconds in (0, 1, 4):
        sandbox.set_clock_offset(seconds)
        grow_older(seconds)
        told = rosa.follows(wish)
        assert told.state is WishState.UNKNOWN
        assert not told.may_retry
        with pytest.raises(GiftUnderWay):
            rosa.sends(rosa.prepares(), another=True)
    sandbox.set_clock_offset(7)

    assert rosa.follows(wish).state is WishState.SENT
    assert len(sent_by_api(sandbox)) == len(posts(sandbox)) == 1


def test_a_refused_gift_may_be_changed_meanwhile_and_waits_to_be_sent(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
    rosa.sends(wish)
    draft = send.retry(merchant=rosa.merchant, guest=rosa.guest, account=rosa.account, wish_id=wish.wish_id)
    changed = rosa.prepares(replace(draft, message="Other words"))
    assert changed.held_up_by == wish.wish_id
    with pytest.raises(GiftUnderWay):
        rosa.sends(changed, another=True)
    assert len(posts(sandbox)) == 1

    assert rosa.is_sure_of(wish).may_retry
    changed = rosa.prepares(replace(draft, message="Other words", wish_id=changed.wish_id))
    assert changed.held_up_by is None
    rosa.sends(changed, another=True)
    assert state_of(changed) is WishState.SENT


def test_a_refusal_that_the_merchant_knows_to_precede_any_work_is_believed_at_once(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    with knowing_harmless(rosa.merchant, "gifttransfer.transfer_failed") as knowing:
        rosa = replace(rosa, merchant=knowing)
        wish = rosa.prepares()
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
        rosa.sends(wish)
        assert rosa.follows(wish).may_retry

    assert steps_of(wish) == [("sending", "claimed"), ("failed", "refused_before_work")]
    assert Wish.objects.get(id=wish.wish_id).next_look_at is not None, "it is watched for a day all the same"


def test_a_gift_whose_number_is_lower_than_an_older_ones_is_sent(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """That transaction numbers grow is nowhere said."""
    wish = rosa.prepares(replace(rosa.drafts(), baseline=10**18))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    assert rosa.follows(wish).state is WishState.SENT
    again = rosa.prepares(replace(rosa.drafts(), baseline=10**18))
    rosa.sends(again, another=True)

    assert state_of(again) is WishState.SENT


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

    assert rosa.follows(wish).state is WishState.UNKNOWN
    assert rosa.is_sure_of(wish).state is WishState.FAILED
