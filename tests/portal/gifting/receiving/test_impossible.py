"""What cannot be answered any more: four different truths, each told as itself, with nothing changed."""

import json

import pytest
from django.test import Client

from gifting.models import Answer
from tests.support.answer_rows import states
from tests.support.answering_steps import (
    ANA_ACCOUNT,
    COFFEE_CODE,
    HTMX,
    ROSA,
    answer,
    handle_of,
    operations,
    signed_in,
    transfer,
    waiting,
    words,
    writes,
)
from tests.support.pages import parse
from tests.support.plain_browser import submit
from tests.support.sandbox import SandboxProcess

ACTIONS = ("accept", "decline")
HISTORY = "transferHistoryForAccount"
PENDING = "pendingTransfersToAccount"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_gift_accepted_in_another_browser(ana: Client, sandbox: SandboxProcess, action: str) -> None:
    handle = handle_of(ana)
    elsewhere = signed_in()
    answer(elsewhere, "accept", handle_of(elsewhere))
    sandbox.clear_requests()
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert "has been accepted already" in words(response)
    assert "on your card" in words(response)
    assert operations(sandbox) == [PENDING, HISTORY]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_gift_declined_in_another_browser(ana: Client, sandbox: SandboxProcess, action: str) -> None:
    handle = handle_of(ana)
    elsewhere = signed_in()
    answer(elsewhere, "decline", handle_of(elsewhere))
    sandbox.clear_requests()
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert "has been declined already" in words(response)
    assert writes(sandbox) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_a_gift_whose_time_is_over(ana: Client, sandbox: SandboxProcess, action: str) -> None:
    handle = handle_of(ana)
    sandbox.set_clock_offset(3 * 24 * 3600)
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert "has expired" in words(response)
    assert writes(sandbox) == []
    assert transfer(sandbox).status == "EXPIRED"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", ["ACCEPTED", "accepted"])
def test_a_gift_that_the_list_has_although_it_is_accepted(
    ana: Client, sandbox: SandboxProcess, action: str, status: str
) -> None:
    handle = handle_of(ana)
    body = pending_reply(sandbox).replace("PENDING", status)
    sandbox.queue_fault(f"gifttransfer/{PENDING}", {"kind": "replace", "body": body}, times=2)
    sandbox.clear_requests()
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert "has been accepted already" in words(response)
    assert operations(sandbox) == [PENDING], "the list has told enough"
    assert waiting(ana) == [], "no Accept for it, and no count"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_gift_that_was_taken_back(ana: Client, sandbox: SandboxProcess, action: str) -> None:
    handle = handle_of(ana)
    sandbox.return_gift(transfer(sandbox).transaction_id)
    response = answer(ana, action, handle)

    assert response.status_code == 409
    assert "no longer waiting" in words(response)
    assert writes(sandbox) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_a_gift_that_paytronix_says_is_for_another_account(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    """The list offers a code that belongs to somebody else's gift: Paytronix refuses, and it still waits."""
    sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_account=ANA_ACCOUNT,
        message="A mixed-up one.",
        members={"code": "R0SATREAT9XW4HDK"},
    )
    response = answer(ana, action, handle_of(ana, "A mixed-up one."))

    assert response.status_code == 422
    assert "not destined for this account. We are making sure that nothing was changed" in words(response)
    assert len(writes(sandbox)) == 1
    assert transfer(sandbox, "R0SATREAT9XW4HDK").status == "PENDING"


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("accept", "has been accepted already"),
        ("decline", "has been declined already"),
        ("expire", "has expired"),
        ("return", "no longer waiting"),
    ],
)
def test_an_end_between_our_list_and_our_call_is_told_as_it_is(
    ana: Client, sandbox: SandboxProcess, action: str, ending: str, told: str
) -> None:
    """The list is read, then the gift ends elsewhere, then the call arrives: Paytronix refuses it."""
    handle = handle_of(ana)
    refusals = {
        "accept": "gifttransfer.already_accepted",
        "decline": "gifttransfer.not_pending",
        "expire": "gifttransfer.expired",
        "return": "gifttransfer.not_pending",
    }
    body = f'{{"result": "failure", "errorCode": "{refusals[ending]}", "errorMessage": "No"}}'
    operation = {"accept": "gifttransfer/acceptTransferIn", "decline": "gifttransfer/rejectTransferIn"}[
        action
    ]
    stale = ana.get("/gifts/").content  # the guest's page is from before
    pending = pending_reply(sandbox)
    end(sandbox, ending)
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "replace", "body": pending})
    sandbox.queue_fault(operation, {"kind": "replace", "body": body, "work": False})
    fields = {"message": "", "csrfmiddlewaretoken": token_from(stale)}
    response = submit(ana, f"/gifts/{handle}/{action}/", fields)

    assert response.status_code == 409
    assert told in words(response)
    assert len(writes(sandbox)) == 1
    assert states()[0][1] == {"accept": "accepted", "decline": "declined"}.get(ending, "ended")


@pytest.mark.parametrize("action", ACTIONS)
def test_htmx_gets_the_same_words_on_the_gifts_own_card(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.set_clock_offset(3 * 24 * 3600)
    response = answer(ana, action, handle, **HTMX)

    assert response.status_code == 200
    assert f'id="gift-{handle}"' in response.content.decode()
    assert "has expired" in words(response)


def test_the_confirmation_page_of_an_ended_gift_says_so(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.return_gift(transfer(sandbox).transaction_id)
    response = ana.get(f"/gifts/{handle}/decline/")

    assert response.status_code == 409
    assert "no longer waiting" in response.content.decode()
    assert ana.get(f"/gifts/{handle}/deadline.ics").status_code == 409


def test_an_answered_gift_that_the_list_still_shows_cannot_be_answered_again(
    ana: Client, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    pending = pending_reply(sandbox)
    answer(ana, "accept", handle)
    for _read in range(3):
        sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "replace", "body": pending})
    assert handle not in {each.handle for each in waiting(ana)}
    response = answer(ana, "decline", handle)

    assert "accepted" in words(response)
    assert len(writes(sandbox)) == 1


def pending_reply(sandbox: SandboxProcess) -> str:
    """What the list says now, to be said again later."""
    gift = transfer(sandbox)
    info = {
        "code": COFFEE_CODE,
        "inbound": True,
        "status": "PENDING",
        "fromPrintedCardNumber": gift.from_card,
        "fromUserInformation": {"firstName": "Rosa", "lastName": "Lindqvist"},
        "balance": {"destinationWalletName": "Free Coffee", "destinationAmount": "1"},
        "transferOutTransactionId": gift.transaction_id,
        "transferDatetime": "2026-11-20 16:29:22 -0500",
    }
    return json.dumps({"result": "success", "transferInfo": [info]})


def end(sandbox: SandboxProcess, ending: str) -> None:
    """Let the coffee end without this browser."""
    match ending:
        case "accept" | "decline":
            other = signed_in()
            answer(other, ending, handle_of(other))
            Answer.objects.all().delete()  # as if it had been done at the counter
            sandbox.clear_requests()
        case "expire":
            sandbox.set_clock_offset(3 * 24 * 3600)
        case _:
            sandbox.return_gift(transfer(sandbox).transaction_id)


def token_from(page: bytes) -> str:
    """The token of a page that was loaded earlier."""
    return parse(page).all("input", name="csrfmiddlewaretoken")[0].attributes["value"]
