"""A refused answer is told at once and believed later, whatever its code says and whatever is pressed meanwhile."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from gifting.ledger import answers, rows
from gifting.ledger.answers import Action, Claim, State
from gifting.ledger.rows import RefusalNote, Step
from gifting.models import Answer, Transition
from gifting.receiving import answer as answering
from gifting.receiving.api import Finding, find_out, send_answer
from gifting.receiving.settle import decide, settle_by_reading, settle_unattended
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import Refused, Unavailable
from guestportal.storage import clock
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import (
    COFFEE_CODE,
    HTMX,
    URL_BY_ACTION,
    answer,
    handle_of,
    read_page,
    transfer,
    words,
    writes,
)
from tests.support.changed_merchant import knowing_harmless
from tests.support.gift_faults import FAILURE
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

OPPOSITE = (("accept", "decline"), ("decline", "accept"))
ENDS = {"accept": "ACCEPTED", "decline": "REJECTED"}
# The codes that we take for "the gift is over": a guess, for none is published.
SAYING_IT_IS_OVER = ("gifttransfer.expired", "gifttransfer.not_pending", "gifttransfer.already_accepted")
HARMLESS = "gifttransfer.not_now"


def refusing(code: str, *, done: bool) -> dict[str, Any]:
    body = json.dumps({"result": "failure", "errorCode": code, "errorMessage": "No."})
    return {"kind": "replace", "body": body, "work": done}


def keep_from_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal is busy: the call never leaves."""

    def busy(claimed: Claim, **_inputs: Any) -> None:
        raise Unavailable(operation="gifttransfer", reference="BUSY0000", reason="busy")

    monkeypatch.setattr(answering, "send_answer", busy)


@pytest.mark.parametrize(("action", "other"), OPPOSITE)
def test_a_repeat_that_never_left_opens_no_opposite_answer(
    ana: Client, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, action: str, other: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": False})
    answer(ana, action, handle)
    with monkeypatch.context() as patch:
        keep_from_leaving(patch)
        assert answer(ana, action, handle).status_code == 503
    assert states() == [(action, "unknown")]

    assert "making sure that your earlier answer changed nothing" in words(answer(ana, other, handle, **HTMX))
    assert len(writes(sandbox)) == 1
    answer(ana, action, handle)
    assert transfer(sandbox).status == ENDS[action], "the same one can be given at once"


def test_a_repeat_that_was_refused_harmlessly_opens_no_opposite_answer(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION["accept"], {"kind": "replace", "body": FAILURE, "work": False})
    answer(ana, "accept", handle)
    sandbox.queue_fault(URL_BY_ACTION["accept"], refusing(HARMLESS, done=False))
    with knowing_harmless(merchant, HARMLESS):
        assert "No. We are making sure" in words(answer(ana, "accept", handle))
        answer(ana, "decline", handle)

    assert states() == [("accept", "unknown")]
    assert len(writes(sandbox)) == 2


def test_the_opposite_answer_waits_from_the_call_that_was_refused_and_not_from_the_one_that_never_left(
    ana: Client, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION["accept"], {"kind": "replace", "body": FAILURE, "work": False})
    answer(ana, "accept", handle)
    let_pass(50)
    with monkeypatch.context() as patch:
        keep_from_leaving(patch)
        answer(ana, "accept", handle)
    let_pass(11)
    answer(ana, "decline", handle)

    assert states() == [("decline", "declined")]


@pytest.mark.parametrize("code", SAYING_IT_IS_OVER)
def test_no_code_ends_an_answer_that_was_done_while_the_history_lags(
    ana: Client, sandbox: SandboxProcess, code: str
) -> None:
    """Check 46, for answers."""
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION["accept"], refusing(code, done=True))
    sandbox.make_history_stale(calls=1, lag_seconds=6)
    read = words(answer(ana, "accept", handle))

    assert "We are making sure that nothing was changed" in read
    assert states() == [("accept", "unknown")]
    assert "You accepted" in read_page(ana)
    assert states() == [("accept", "accepted")]


def test_a_refused_gift_that_is_nowhere_ends_after_two_clean_readings_past_the_settling_time(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION["accept"], refusing("gifttransfer.expired", done=True))
    sandbox.make_history_stale(calls=50, lag_seconds=600)
    answer(ana, "accept", handle)
    for seconds, state in ((61, "unknown"), (5, "unknown"), (16, "ended")):
        let_pass(seconds)
        settle_unattended(merchant=merchant)
        assert states() == [("accept", state)]


@pytest.mark.parametrize("code", [*SAYING_IT_IS_OVER, HARMLESS])
def test_a_refusal_ends_nothing_that_was_read_as_done_meanwhile(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    handle = handle_of(ana)

    def read_elsewhere_and_refused(claimed: Claim, **_inputs: Any) -> None:
        rows.write(claimed, Step(state=State.ACCEPTED, cause="found"), merchant=merchant)
        raise Refused(operation="gifttransfer", reference="REF00000", status=200, code=code)

    monkeypatch.setattr(answering, "send_answer", read_elsewhere_and_refused)
    monkeypatch.setattr(answering, "find_out", lambda *_row, **_merchant: Finding(None, clock.now()))
    with knowing_harmless(merchant, HARMLESS):
        response = answer(ana, "accept", handle)

    assert "accepted already" in words(response)
    assert states() == [("accept", "accepted")]


def claim_on_coffee(merchant: Merchant, sandbox: SandboxProcess) -> Claim:
    gift = transfer(sandbox)
    claimed = answers.claim(
        merchant=merchant,
        card_number="6000301000418000",
        transaction_id=str(gift.transaction_id),
        code=COFFEE_CODE,
        action=Action.ACCEPT,
        standing=None,
    )
    assert claimed is not None
    return claimed


@pytest.mark.parametrize("late", [False, True], ids=["doubted", "too late"])
def test_an_answer_that_was_doubted_or_is_late_does_not_leave(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, late: bool
) -> None:
    claimed = claim_on_coffee(merchant, sandbox)
    if late:
        let_pass(60)
        claimed = Claim.read(Answer.objects.get())
    else:
        rows.write(claimed, Step(state=State.UNKNOWN, cause="process_ended"), merchant=merchant)
    with pytest.raises(Unavailable):
        send_answer(claimed, merchant=merchant, note="")

    assert writes(sandbox) == []


def test_a_reading_from_before_the_refusal_was_known_does_not_open_the_same_answer(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    claimed = claim_on_coffee(merchant, sandbox)
    finding = find_out(claimed, merchant=merchant)
    step = Step(state=State.UNKNOWN, cause="refused", refusal=RefusalNote("code", "No.", "REF00000"))
    refused = rows.write(claimed, step, merchant=merchant)
    assert refused is not None

    assert not settle_by_reading(refused, finding, merchant=merchant).may_repeat
    later = replace(finding, asked_at=clock.now())
    assert settle_by_reading(refused, later, merchant=merchant).may_repeat


def test_one_reading_does_not_tell_that_a_gift_waits_no_longer(
    merchant: Merchant, sandbox: SandboxProcess, ana: Client
) -> None:
    unknown = rows.write(
        claim_on_coffee(merchant, sandbox), Step(state=State.UNKNOWN, cause="test"), merchant=merchant
    )
    assert unknown is not None
    asked_at = clock.now() + timedelta(seconds=61)
    first = decide(unknown, Finding(None, asked_at), merchant=merchant)

    assert first is not None
    assert (first.state, first.clean_read_at) == (State.UNKNOWN, asked_at)
    assert [step.state for step in Transition.objects.order_by("id")] == ["claimed", "unknown"]
