"""A list with something in it that nobody can read: the rest is shown, and nothing follows from what is missing."""

import json
import logging

import pytest
from django.test import Client
from django.utils import timezone

from gifting.gift.api import read_activity
from gifting.sending.api import read_sent
from guestportal.merchants.definition import Merchant
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import HTMX, answer, handle_of, read_page
from tests.support.gift_payloads import ANA_CARD, sent, transfer
from tests.support.pages import parse
from tests.support.plain_browser import submit
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    PENDING_TRANSFER,
    PENDING_TRANSFERS,
    TRANSFER_HISTORY,
    SandboxProcess,
)

pytestmark = pytest.mark.django_db

NOT_ALL = "Not every gift can be shown right now"
ODD = {"status": ["PENDING"]}


def reply(*transfers: object) -> dict[str, object]:
    body = json.dumps({"result": "success", "transferInfo": list(transfers)})
    return {"kind": "replace", "body": body}


def test_shows_the_gifts_that_can_be_read_and_says_that_there_is_more(
    ana: Client, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, reply(ODD, transfer(transferMessage="For you")))
    with caplog.at_level(logging.ERROR, logger="guestportal.paytronix"):
        page = read_page(ana)
    assert "For you" in page
    assert NOT_ALL in page
    (line,) = [each for each in caplog.records if each.message == "transfers_unread"]
    assert line.fields["operation"] == PENDING_TRANSFERS  # type: ignore[attr-defined]  # given as `extra`
    assert line.fields["unread"] == 1  # type: ignore[attr-defined]


def test_does_not_say_that_nothing_waits_when_nobody_can_tell(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, reply(ODD), times=2)
    for path, headers in (("/gifts/", {}), ("/gifts/waiting/", HTMX)):
        text = parse(ana.get(path, headers=headers).content).text
        assert NOT_ALL in text
        assert "No gift is waiting" not in text


@pytest.mark.parametrize("where", [PENDING_TRANSFERS, TRANSFER_HISTORY])
def test_a_history_that_is_not_whole_has_no_totals(ana: Client, sandbox: SandboxProcess, where: str) -> None:
    accepted = sent(transferOutTransactionId=5, status="ACCEPTED", transferMessage="Enjoy")
    sandbox.queue_fault(PENDING_TRANSFERS, reply(), times=1)
    sandbox.queue_fault(TRANSFER_HISTORY, reply(accepted), times=1)
    whole = read_page(ana, "/history/")
    assert "You gave 1 × Free Coffee" in whole
    assert NOT_ALL not in whole

    submit(ana, "/history/refresh/", {})
    sandbox.queue_fault(PENDING_TRANSFERS, reply(*([ODD] if where == PENDING_TRANSFERS else [])))
    sandbox.queue_fault(TRANSFER_HISTORY, reply(accepted, *([ODD] if where == TRANSFER_HISTORY else [])))
    page = read_page(ana, "/history/")
    assert "Enjoy" in page
    assert NOT_ALL in page
    assert "You gave" not in page


def test_does_not_say_that_there_were_no_gifts_when_nobody_can_tell(
    ana: Client, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, reply())
    sandbox.queue_fault(TRANSFER_HISTORY, reply(ODD))
    page = read_page(ana, "/history/")

    assert NOT_ALL in page
    assert "No gifts so far" not in page


def test_nothing_follows_from_what_is_missing_in_a_history(
    merchant: Merchant, db: None, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(TRANSFER_HISTORY, reply(ODD), times=2)

    assert not read_activity(merchant=merchant, card_number=ANA_CARD, asked_at=timezone.now()).is_whole
    assert not read_sent(merchant=merchant, card_number=ANA_CARD).is_whole


@pytest.mark.parametrize("where", [PENDING_TRANSFERS, TRANSFER_HISTORY])
def test_an_open_answer_does_not_end_by_a_list_that_is_not_whole(
    ana: Client, sandbox: SandboxProcess, where: str
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "drop_before"})
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503}, times=2)
    answer(ana, "accept", handle)
    submit(ana, "/history/refresh/", {})
    for seconds in (61, 16):
        let_pass(seconds)
        sandbox.queue_fault(PENDING_TRANSFERS, reply(*([ODD] if where == PENDING_TRANSFERS else [])))
        sandbox.queue_fault(TRANSFER_HISTORY, reply(*([ODD] if where == TRANSFER_HISTORY else [])))
        assert "no longer waiting" not in read_page(ana)

    assert states() == [("accept", "unknown" if where == TRANSFER_HISTORY else "released")]


NO_LIST = [
    {"left_out": ["transferInfo"]},
    {"members": {"transferInfo": None}},
    {"members": {"transferInfo": {}}},
    {"renamed": {"transferInfo": "gifts"}},
]


@pytest.mark.parametrize("changes", NO_LIST, ids=str)
@pytest.mark.parametrize("where", [PENDING_TRANSFERS, TRANSFER_HISTORY])
def test_says_that_a_list_is_not_available_and_never_that_there_is_none(
    ana: Client, sandbox: SandboxProcess, where: str, changes: dict[str, object]
) -> None:
    sandbox.queue_fault(where, {"kind": "members", **changes}, times=2)
    paths = ["/gifts/", "/history/"] if where == PENDING_TRANSFERS else ["/history/"]
    for path in paths:
        response = ana.get(path)
        text = parse(response.content).text
        assert response.status_code == 503
        for claim in ("No gift is waiting", "Nobody has sent", "has sent no gift", "no gift on offer"):
            assert claim not in text


@pytest.mark.parametrize("name", ["transferInfos", "transfers"])
def test_reads_a_list_under_the_plural_name(ana: Client, sandbox: SandboxProcess, name: str) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, {"kind": "members", "renamed": {"transferInfo": name}})

    assert "sent you" in read_page(ana)
