"""What a failed answer means for both answers: surely not sent, unknown, refused, and replies that say too little.

For each: what the guest reads at once, how many POSTs there were, and where ledger, gift and page end. Which failure
on the wire means what is the business of tests/portal/paytronix/test_delivery.py.
"""

import dataclasses
import json
from typing import Any

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from tests.conftest import serving
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import (
    ANA,
    HTMX,
    URL_BY_ACTION,
    answer,
    handle_of,
    operations,
    read_page,
    shown_gifts,
    signed_in,
    transfer,
    waiting,
    words,
    writes,
)
from tests.support.changed_merchant import knowing_harmless
from tests.support.gift_faults import FAILURE, HTML, UNDONE, WORKED
from tests.support.pages import parse
from tests.support.sandbox import PENDING_TRANSFER, SandboxProcess
from tests.support.write_blocker import WriteBlocker

pytestmark = pytest.mark.django_db

ACTIONS = ("accept", "decline")
DONE = {"accept": "ACCEPTED", "decline": "REJECTED"}
DECIDED = {"accept": "accepted", "decline": "declined"}
YOU_DID = {"accept": "You accepted", "decline": "You declined"}
CONFIRMING = "We are confirming your answer"
NOT_FAILED = "It has not failed"

# Replies that say nothing at all, and some that may come from in front of Paytronix as well.
SAYS_NOTHING: dict[str, dict[str, Any]] = {
    "an empty success": {"kind": "replace", "body": '{"result": "success", "transferInfo": {}}'},
    "a success without its gift": {"kind": "replace", "body": '{"result": "success"}'},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
}
DID = WORKED | {name: fault | {"work": True} for name, fault in SAYS_NOTHING.items()}
DID_NOT = UNDONE | {name: fault | {"work": False} for name, fault in SAYS_NOTHING.items()}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", DID.values(), ids=DID.keys())
def test_finds_an_answer_that_was_done_although_nobody_said_so(
    ana: Client, sandbox: SandboxProcess, action: str, fault: dict[str, Any]
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], fault)
    response = answer(ana, action, handle, **HTMX)

    assert response.status_code == 200
    read = words(response)
    assert "failed" not in read.replace(NOT_FAILED, "")
    assert (YOU_DID[action] in read) or (CONFIRMING in read)
    assert transfer(sandbox).status == DONE[action]

    page = read_page(ana)
    if CONFIRMING in read:
        assert YOU_DID[action] in page
    assert states() == [(action, DECIDED[action])]
    assert handle not in {each.handle for each in waiting(ana)}
    assert len(writes(sandbox)) == 1


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("fault", DID_NOT.values(), ids=DID_NOT.keys())
def test_says_neither_done_nor_failed_until_the_settling_time_is_over(
    ana: Client, sandbox: SandboxProcess, action: str, fault: dict[str, Any]
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], fault)
    response = answer(ana, action, handle, **HTMX)

    assert CONFIRMING in words(response)
    assert states() == [(action, "unknown")]
    (card,) = [each for each in waiting(ana) if each.handle == handle]
    assert CONFIRMING in card.text
    assert NOT_FAILED in card.text

    for other in ACTIONS:
        assert CONFIRMING in words(answer(ana, other, handle, **HTMX))
    assert len(writes(sandbox)) == 1, "nothing is sent twice, nor the opposite meanwhile"
    assert transfer(sandbox).status == "PENDING"

    let_pass(40)
    assert CONFIRMING in next(each.text for each in waiting(ana) if each.handle == handle)
    let_pass(21)
    (card,) = [each for each in waiting(ana) if each.handle == handle]
    assert CONFIRMING not in card.text
    assert states() == [(action, "released")]

    assert YOU_DID["accept"] in words(answer(ana, "accept", handle, **HTMX))
    assert states() == [("accept", "accepted")]
    assert transfer(sandbox).status == "ACCEPTED"
    assert len(writes(sandbox)) == 2, "one for each claim"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_call_that_arrives_late_ends_as_the_truth(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "late"})
    assert CONFIRMING in words(answer(ana, action, handle, **HTMX))
    let_pass(50)
    assert sandbox.run_late() == 1

    assert YOU_DID[action] in read_page(ana)
    assert states() == [(action, DECIDED[action])]
    assert len(writes(sandbox)) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_after_which_the_gift_still_waits_may_be_tried_again(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": False})
    sandbox.clear_requests()
    response = answer(ana, action, handle)

    assert response.status_code == 422
    assert "Paytronix says: Something went wrong. We are making sure" in words(response)
    assert "gifttransfer.transfer_failed" in words(response)
    assert states() == [(action, "unknown")]
    (shown,) = [each for each in waiting(ana) if each.handle == handle]
    assert "only the same answer can be given again" in shown.text
    assert YOU_DID[action] in words(answer(ana, action, handle, **HTMX))
    assert len(writes(sandbox)) == 2


@pytest.mark.parametrize(("action", "other"), [ACTIONS, ACTIONS[::-1]])
def test_after_a_refusal_the_opposite_answer_waits_until_it_is_confirmed(
    ana: Client, sandbox: SandboxProcess, action: str, other: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": False})
    answer(ana, action, handle)
    shown = parse(ana.get("/gifts/").content).one("article", id=f"gift-{handle}")
    assert bool(shown.all("form")) is (action == "accept")
    assert "Decline" in shown.text if action == "decline" else "Decline" not in shown.text
    assert "making sure that your earlier answer changed nothing" in words(answer(ana, other, handle, **HTMX))
    assert len(writes(sandbox)) == 1
    let_pass(61)

    assert YOU_DID[other] in words(answer(ana, other, handle, **HTMX))
    assert len(writes(sandbox)) == 2


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_is_not_confirmed_by_a_gift_that_is_nowhere(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    """The list and the history lag: neither has the gift just now."""
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": True})
    sandbox.make_history_stale(calls=1)
    response = answer(ana, action, handle)

    assert response.status_code == 422
    assert "Something went wrong" in words(response)
    assert "no longer wait" not in words(response)
    assert states() == [(action, "unknown")]
    assert YOU_DID[action] in read_page(ana)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_that_the_merchant_knows_to_precede_any_work_is_believed_at_once(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": False})
    with knowing_harmless(merchant, "gifttransfer.transfer_failed"):
        response = answer(ana, action, handle)

    assert response.status_code == 422
    assert "Something went wrong The gift was not answered" in words(response)
    assert states() == [(action, "released")]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_refusal_that_did_it_all_the_same_is_told_as_it_is(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": FAILURE, "work": True})
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert f"{DECIDED[action]} earlier" in words(response)
    assert states() == [(action, DECIDED[action])]
    assert transfer(sandbox).status == DONE[action]
    assert len(writes(sandbox)) == 1


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("reader", ["gifttransfer/pendingTransfer", "gifttransfer/transferHistoryForAccount"])
def test_says_nothing_definite_while_reading_fails_too(
    ana: Client, sandbox: SandboxProcess, action: str, reader: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "drop_after"})
    sandbox.queue_fault(reader, {"kind": "status", "status": 500}, times=2)

    assert CONFIRMING in words(answer(ana, action, handle, **HTMX))
    assert states() == [(action, "unknown")]
    sandbox.clear_faults()
    assert YOU_DID[action] in read_page(ana)
    assert states() == [(action, DECIDED[action])]


def test_a_history_that_lags_is_not_taken_for_the_truth(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.make_history_stale(calls=2)
    sandbox.queue_fault(URL_BY_ACTION["accept"], {"kind": "drop_after"})
    assert CONFIRMING in words(answer(ana, "accept", handle, **HTMX))

    assert CONFIRMING in read_page(ana), "neither list has it, and it has not failed"
    assert YOU_DID["accept"] in read_page(ana)


def test_another_gift_that_waits_under_the_code_says_nothing_of_this_one(
    ana: Client, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    another = {"transferOutTransactionId": 1, "status": "PENDING"}
    body = json.dumps({"result": "success", "transferInfo": another})
    sandbox.queue_fault(URL_BY_ACTION["accept"], {"kind": "drop_after"})
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "replace", "body": body})

    assert YOU_DID["accept"] in words(answer(ana, "accept", handle, **HTMX))
    assert states() == [("accept", "accepted")]


def test_a_browser_that_hears_of_an_earlier_answer_asks_for_its_balance_anew(
    ana: Client, sandbox: SandboxProcess
) -> None:
    other, gift = signed_in(), transfer(sandbox)
    info = {"transferOutTransactionId": gift.transaction_id, "status": "ACCEPTED"}
    body = json.dumps({"result": "success", "transferInfo": info})
    handle = handle_of(other)
    # The list still shows the gift to the other browser.
    sandbox.queue_fault(URL_BY_ACTION["accept"], {"kind": "replace", "body": body, "work": False})
    answer(ana, "accept", handle_of(ana))
    assert "accepted already" in words(answer(other, "accept", handle, **HTMX))
    sandbox.clear_requests()

    read_page(other, "/balance/")
    assert operations(sandbox) == ["accountInformation"]


def answer_through(
    blocker: WriteBlocker, merchant: Merchant, sandbox: SandboxProcess, action: str
) -> tuple[Client, str, str]:
    """Answer the coffee while the write is blocked; returns browser, handle and what was read."""
    client = signed_in(ANA)
    handle = handle_of(client)
    integration = dataclasses.replace(merchant.integration, base_url=blocker.base_url)
    with blocker, serving(dataclasses.replace(merchant, integration=integration)):
        sandbox.clear_requests()
        response = answer(client, action, handle)
    forget_clients()
    assert response.status_code in {302, 503}
    return client, handle, words(response) if response.status_code == 503 else ""


def surely_not_sent(client: Client, handle: str, read: str, sandbox: SandboxProcess, action: str) -> None:
    """What holds when Paytronix surely never saw the answer."""
    assert "did not get through" in read
    assert "still waits for you" in read
    assert states() == [(action, "released")]
    assert operations(sandbox) == ["pendingTransfersToAccount"]
    assert transfer(sandbox).status == "PENDING"
    assert handle in {each.handle for each in waiting(client)}
    assert YOU_DID[action] in words(answer(client, action, handle, **HTMX))
    assert len(writes(sandbox)) == 1


@pytest.mark.parametrize("action", ACTIONS)
def test_an_answer_that_was_surely_not_sent_may_be_given_at_once(
    merchant: Merchant, sandbox: SandboxProcess, action: str
) -> None:
    client, handle, read = answer_through(WriteBlocker(sandbox.port), merchant, sandbox, action)

    surely_not_sent(client, handle, read, sandbox, action)


@pytest.mark.parametrize("action", ACTIONS)
def test_two_refusals_that_say_nothing_of_the_gift_leave_it_to_be_answered(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    for operation in (URL_BY_ACTION[action], PENDING_TRANSFER):
        sandbox.queue_fault(operation, {"kind": "replace", "body": FAILURE, "work": False})
    response = answer(ana, action, handle)

    assert response.status_code == 422
    assert "Something went wrong" in words(response)
    assert "no longer waiting" not in words(response)
    assert states() == [(action, "unknown")]
    assert YOU_DID[action] in words(answer(ana, action, handle, **HTMX))


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "fault",
    [{"kind": "status", "status": 500}, {"kind": "replace", "body": HTML}],
    ids=["500", "HTML"],
)
def test_sends_nothing_when_the_list_cannot_be_read(
    ana: Client, sandbox: SandboxProcess, action: str, fault: dict[str, Any]
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", fault, times=2)
    response = answer(ana, action, handle)

    assert response.status_code == 503
    assert writes(sandbox) == []
    assert states() == []
    assert shown_gifts(response.content) == []
