"""What becomes of wishes whose end nobody saw: by reading, never by sending again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from gifting.ledger import wishes
from gifting.ledger.wish import Recipient, WishGone, WishState
from gifting.models import Wish
from gifting.sending import send
from gifting.sending.domain import Prepared
from gifting.sending.follow import recent_wishes
from gifting.sending.settle import settle_unattended
from tests.support.sandbox import TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import (
    MESSAGE,
    MIRA,
    POINTS,
    Sender,
    make_due,
    posts,
    sender_with,
    sent_by_api,
    state_of,
    steps_of,
)


def test_an_abandoned_wish_is_doubted_once_its_call_has_surely_ended(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    wishes.claim(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id, another=False)
    assert settle_unattended(merchant=rosa.merchant).looked_at == 0
    call = timedelta(seconds=rosa.merchant.integration.deadline_seconds + 5)
    with time_machine.travel(timezone.now() + call, tick=False):
        assert settle_unattended(merchant=rosa.merchant).looked_at == 1
        assert state_of(wish) is WishState.UNKNOWN
    for seconds in (76, 92, 108):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            make_due()
            settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.NOT_SENT
    assert posts(sandbox) == []


def test_a_day_without_an_answer_is_a_persons_business(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "status", "status": 500}, times=50)
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        make_due()
        assert settle_unattended(merchant=rosa.merchant).unread == 1
        assert state_of(wish) is WishState.UNKNOWN
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1), tick=False):
        make_due()
        assert settle_unattended(merchant=rosa.merchant).settled == 1
    assert state_of(wish) is WishState.NEEDS_REVIEW


def test_two_gifts_with_our_reference_are_a_persons_business(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    sandbox.send_twin(sent_by_api(sandbox)[0].transaction_id)
    assert rosa.follows(wish).state is WishState.NEEDS_REVIEW


def test_a_twin_with_other_words_is_not_taken_for_ours(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    sandbox.send_twin(sent_by_api(sandbox)[0].transaction_id, message="From the app")
    receipt = rosa.follows(wish)
    assert receipt.gift is not None
    assert receipt.gift.transaction_id == str(sent_by_api(sandbox)[0].transaction_id)


def test_without_a_reference_a_look_alike_is_a_persons_business(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    features = replace(rosa.merchant.features, send_reference=False)
    plain = replace(rosa, merchant=replace(rosa.merchant, features=features))
    wish = plain.prepares()
    assert wish.reference == ""
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    plain.sends(wish)
    assert sent_by_api(sandbox)[0].message == MESSAGE
    assert plain.follows(wish).state is WishState.NEEDS_REVIEW


def test_a_history_without_its_list_proves_nothing(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    for seconds in (76, 92, 108):
        sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "replace", "body": '{"result": "success"}'})
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            assert rosa.follows(wish).state is WishState.UNKNOWN


def test_follows_an_accepted_gift_at_most_once_a_minute(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares(rosa.drafts(recipient=Recipient(address="ana@example.com", name="Ana")))
    rosa.sends(wish)
    sandbox.clear_requests()
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=59), tick=False):
        assert rosa.follows(wish).gift is not None
    assert sandbox.requests() == []
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        receipt = rosa.follows(wish)
        rosa.follows(wish)
    assert len(sandbox.requests()) == 1
    assert receipt.read_at == now + timedelta(seconds=61)
    with time_machine.travel(now + timedelta(seconds=70), tick=False):
        rosa.follows(wish, look=True)
    assert len(sandbox.requests()) == 2


def test_a_gift_found_after_a_long_silence_needs_nobody_any_more(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1), tick=False):
        make_due()
        sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "status", "status": 500})
        settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.NEEDS_REVIEW
    assert rosa.follows(wish).state is WishState.NEEDS_REVIEW, "without a look nobody is asked"
    assert rosa.follows(wish, look=True).state is WishState.SENT


def test_a_matter_for_a_person_stays_one_however_often_somebody_looks(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    sandbox.send_twin(sent_by_api(sandbox)[0].transaction_id)
    for _ in range(3):
        assert rosa.follows(wish, look=True).state is WishState.NEEDS_REVIEW
    assert steps_of(wish)[1:] == [("unknown", "OutcomeUnknown"), ("needs_review", "candidates")]


@pytest.mark.parametrize(
    "message", [None, "Have one", "Have &#111;ne o"], ids=["none", "cut off", "escaped and cut off"]
)
def test_a_look_alike_that_may_be_ours_is_a_persons_business_once_ours_cannot_arrive(
    rosa: Sender, sandbox: SandboxProcess, message: str | None
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    sandbox.send_elsewhere(
        from_card=rosa.guest.card_number,
        wallet_code=21,
        to_external=(MIRA.address, MIRA.name),
        message=message,
    )
    now = timezone.now()
    for seconds, state in ((1, "unknown"), (76, "unknown"), (92, "needs_review")):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert rosa.follows(wish).state == state


@pytest.mark.parametrize(
    "more",
    [
        {"transferInfo": {"status": "PENDING"}},
        {"transferInfo": {}},
        {"transferInfo": None},
        {"transferInfo": []},
        {"transferInfo": {"transferOutTransactionId": [7]}},
        {},
    ],
    ids=json.dumps,
)
def test_what_paytronix_called_a_success_is_never_called_not_sent(
    rosa: Sender, sandbox: SandboxProcess, more: dict[str, object]
) -> None:
    wish = rosa.prepares()
    reply = json.dumps({"result": "success", **more})
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": reply, "work": False})
    rosa.sends(wish)
    now = timezone.now()
    for seconds in (76, 92):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            rosa.follows(wish)
    assert steps_of(wish)[1:] == [("unknown", "odd_success"), ("needs_review", "in_doubt")]


def test_a_success_that_says_it_came_in_is_not_believed(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    reply = json.dumps(
        {"result": "success", "transferInfo": {"transferOutTransactionId": 10**18, "inbound": True}}
    )
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": reply, "work": False})
    rosa.sends(wish)
    assert state_of(wish) is WishState.UNKNOWN


@pytest.mark.parametrize("result", ["processing", "pending", "", "SUCCESS"])
def test_a_result_that_nobody_documented_refuses_nothing(
    rosa: Sender, sandbox: SandboxProcess, result: str
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(
        TRANSFER_OUT, {"kind": "replace", "body": json.dumps({"result": result}), "work": True}
    )
    rosa.sends(wish)
    assert steps_of(wish)[-1] == ("unknown", "OutcomeUnknown")
    assert rosa.follows(wish).state is WishState.SENT


def called_not_sent(rosa: Sender, sandbox: SandboxProcess) -> Prepared:
    """A gift that was called not sent, and is done all the same after that."""
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    now = timezone.now()
    for seconds in (76, 92):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            make_due()
            settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.NOT_SENT
    sandbox.run_late()
    return wish


def test_is_read_once_more_when_the_day_of_watching_is_over(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = called_not_sent(rosa, sandbox)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.SENT


UNREADABLE: dict[str, dict[str, object]] = {
    "unreachable": {"kind": "status", "status": 503},
    "without its list": {"kind": "replace", "body": '{"result": "success"}'},
}


@pytest.mark.parametrize("fault", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_the_look_that_ends_the_day_of_watching_is_made_up_for_when_it_fails(
    rosa: Sender, sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    wish, now = called_not_sent(rosa, sandbox), timezone.now()
    for hours in (25, 29, 33):
        sandbox.queue_fault(TRANSFER_HISTORY, fault, times=2 if "status" in fault else 1)
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            assert settle_unattended(merchant=rosa.merchant).looked_at == 1
        assert state_of(wish) is WishState.NOT_SENT
    with time_machine.travel(now + timedelta(hours=37), tick=False):
        settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.SENT


def test_a_history_that_cannot_be_read_for_a_week_is_not_asked_for_any_more(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish, now = called_not_sent(rosa, sandbox), timezone.now()
    sandbox.queue_fault(TRANSFER_HISTORY, UNREADABLE["unreachable"], times=50)
    for days, looked_at in ((2, 1), (6, 1), (8, 1), (9, 0)):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            assert settle_unattended(merchant=rosa.merchant).looked_at == looked_at
    assert Wish.objects.get(id=wish.wish_id).next_look_at is None


def test_what_is_open_is_told_of_however_long_ago_it_was_sent(rosa: Sender, sandbox: SandboxProcess) -> None:
    """Nobody has settled for a day; the card can still send nothing else."""
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        again = sender_with(rosa.merchant)
        (told,) = recent_wishes(merchant=again.merchant, guest=again.guest, language="en")
        assert told.id == wish.wish_id
        assert told.is_unsettled
        assert again.follows(wish).state is WishState.SENT


def test_trying_again_first_looks_whether_it_has_arrived(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    now = timezone.now()
    for seconds in (76, 92):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            rosa.follows(wish)
    again = send.retry(merchant=rosa.merchant, guest=rosa.guest, account=rosa.account, wish_id=wish.wish_id)
    assert (again.recipient, again.message, again.wallet_code) == (MIRA, MESSAGE, 21)
    assert again.wish_id is None
    sandbox.run_late()
    with pytest.raises(WishGone):
        send.retry(merchant=rosa.merchant, guest=rosa.guest, account=rosa.account, wish_id=wish.wish_id)
    assert state_of(wish) is WishState.SENT


def test_a_row_that_no_key_opens_is_handed_to_a_person_and_blocks_nobody_for_ever(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    Wish.objects.filter(id=wish.wish_id).update(contents="gone")
    assert rosa.follows(wish).forgotten
    make_due()
    settle_unattended(merchant=rosa.merchant)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=20), tick=False):
        settle_unattended(merchant=rosa.merchant)
    assert state_of(wish) is WishState.NEEDS_REVIEW
    other = rosa.prepares(rosa.drafts(wallet_code=POINTS))
    rosa.sends(other)
    assert state_of(other) is WishState.SENT
