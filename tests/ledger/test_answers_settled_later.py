"""Answers that come to an end while no page of their guest is there: what is asked, how often, and what is told."""

import dataclasses
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from gifting.ledger.schedule import call_time, gift_retention
from gifting.ledger.unattended import Settled
from gifting.models import Answer
from gifting.receiving import settle
from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import (
    COFFEE_MESSAGE,
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
from tests.support.gift_faults import FAILURE
from tests.support.pages import parse
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    ACCOUNT_INFORMATION,
    PENDING_TRANSFER,
    TRANSFER_HISTORY,
    SandboxProcess,
)

pytestmark = pytest.mark.django_db

CONFIRMING = "We are confirming your answer"
DECIDED = {"accept": "accepted", "decline": "declined"}
UNREADABLE = (PENDING_TRANSFER, TRANSFER_HISTORY)


def leave_open(client: Client, sandbox: SandboxProcess, action: str, *, done: bool) -> str:
    """Answer the coffee, and let nobody hear what came of it; returns its handle."""
    handle = handle_of(client)
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "drop_after" if done else "drop_before"})
    for operation in UNREADABLE:
        sandbox.queue_fault(operation, {"kind": "status", "status": 503}, times=2)
    assert answer(client, action, handle).status_code == 302
    assert states() == [(action, "unknown")]
    sandbox.clear_faults()
    sandbox.clear_requests()
    return handle


def settle_after(merchant: Merchant, *, after: float = 16) -> Settled:
    let_pass(after)
    return settle.settle_unattended(merchant=merchant)


@pytest.mark.parametrize("action", DECIDED)
@pytest.mark.parametrize("page", ["/gifts/", "/history/"])
def test_the_next_page_says_once_how_it_ended(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, action: str, page: str
) -> None:
    handle = leave_open(ana, sandbox, action, done=True)
    assert settle_after(merchant) == Settled(looked_at=1, settled=1)
    assert states() == [(action, DECIDED[action])]

    read = read_page(ana, page)
    assert f"You {DECIDED[action]} this gift" in read
    assert CONFIRMING not in read
    assert handle not in {each.handle for each in waiting(ana)}


@pytest.mark.parametrize("ending", ["EXPIRED", "RETURNED"])
def test_an_end_that_was_not_the_guests_is_told_as_what_it_is(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, ending: str
) -> None:
    handle = leave_open(ana, sandbox, "accept", done=False)
    if ending == "RETURNED":
        sandbox.return_gift(transfer(sandbox).transaction_id)
    else:
        sandbox.set_clock_offset(3 * 24 * 3600)
    settle_after(merchant, after=61)

    (told,) = [each.text for each in waiting(ana) if each.handle == handle]
    assert ("has expired" if ending == "EXPIRED" else "no longer waiting") in told
    assert handle not in {each.handle for each in waiting(ana)}


def test_pages_that_do_not_show_it_leave_it_for_the_one_that_does(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    handle = leave_open(ana, sandbox, "accept", done=True)
    for path, headers in (("/gifts/waiting/", HTMX), ("/history.csv", {}), ("/gifts/", HTMX)):
        assert ana.get(path, headers=headers).status_code == 200
    assert states() == [("accept", "accepted")], "read by a page that had no place for it"

    assert "You accepted this gift" in next(each.text for each in waiting(ana) if each.handle == handle)


def test_of_two_answers_each_page_hears_those_it_shows(ana: Client, sandbox: SandboxProcess) -> None:
    second = handle_of(ana, "drew a fern on every cup")
    first = leave_open(ana, sandbox, "accept", done=True)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "drop_after"})
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503}, times=2)
    answer(ana, "accept", second, **HTMX)

    for shown in ((first, second), (second,)):  # two open pages, the other one with a single answer
        query = "&".join(f"unsettled={handle}" for handle in shown)
        fragment = ana.get(f"/gifts/?again=1&{query}", headers={**HTMX, "X-Background": "1"}).content
        told = {each.handle: each.text for each in shown_gifts(fragment)}
        assert sorted(told) == sorted(shown)
        assert all("You accepted" in text for text in told.values())
        assert "You accepted" in parse(fragment).one(hx_swap_oob="innerHTML:#status").text


def test_the_redirect_after_an_answer_says_nothing_that_the_page_knows_better(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    leave_open(ana, sandbox, "accept", done=True)
    assert CONFIRMING not in parse(ana.get("/gifts/").content).one(role="status").text


@pytest.mark.parametrize("settled", [False, True], ids=["while it is open", "after it was settled"])
def test_the_balance_is_asked_again(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess, settled: bool
) -> None:
    assert "Free Coffee" not in read_page(ana, "/balance/")
    leave_open(ana, sandbox, "accept", done=True)
    if settled:
        read_page(ana, "/balance/")
        settle_after(merchant)
    sandbox.clear_requests()

    assert "Free Coffee" in read_page(ana, "/balance/")
    assert [each.operation for each in sandbox.requests()] == [ACCOUNT_INFORMATION]


def test_another_browser_that_hears_of_it_asks_for_its_balance_too(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    other = signed_in()
    leave_open(ana, sandbox, "accept", done=True)
    read_page(other, "/balance/")
    settle_after(merchant)
    assert "You accepted this gift" in read_page(other)
    sandbox.clear_requests()
    read_page(other, "/balance/")
    assert [each.operation for each in sandbox.requests()] == [ACCOUNT_INFORMATION]


def test_is_asked_about_ever_less_and_after_a_day_no_more(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    """The gift is in a state that nobody documented, so that no reading decides anything."""
    leave_open(ana, sandbox, "accept", done=False)
    odd = {
        "inbound": True,
        "status": "CANCELLED",
        "transferOutTransactionId": transfer(sandbox).transaction_id,
    }
    body = json.dumps({"result": "success", "transferInfo": [odd]})
    gone = json.dumps({"result": "failure", "errorCode": "gifttransfer.not_pending", "errorMessage": "No"})
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "replace", "body": gone}, times=1000)
    sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "replace", "body": body}, times=1000)

    seen = looks(merchant, minutes=60)
    pauses = [later - earlier for earlier, later in pairwise(seen)]
    assert 10 <= len(seen) <= 20
    assert seen[0] == 20
    assert pauses == sorted(pauses)
    started = claimed_at()
    with time_machine.travel(started + timedelta(hours=25)):
        assert settle.settle_unattended(merchant=merchant).looked_at == 1
    sandbox.clear_requests()
    with time_machine.travel(started + timedelta(days=30)):
        assert settle.settle_unattended(merchant=merchant) == Settled()
    assert operations(sandbox) == []
    assert states() == [("accept", "ended")]


def claimed_at() -> datetime:
    moment = Answer.objects.get().claimed_at
    assert moment is not None
    return moment


def looks(merchant: Merchant, *, minutes: int) -> list[int]:
    """How many seconds after the claim a settler that runs every ten seconds looked."""
    started, found = claimed_at(), list[int]()
    for seconds in range(0, minutes * 60, 10):
        with time_machine.travel(started + timedelta(seconds=seconds), tick=False):
            found += [seconds] * settle.settle_unattended(merchant=merchant).looked_at
    return found


def test_an_answer_that_cannot_be_read_for_a_day_is_given_up(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    leave_open(ana, sandbox, "accept", done=False)
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503}, times=1000)
    assert settle_after(merchant) == Settled(looked_at=1, unread=1)
    assert states() == [("accept", "unknown")]
    assert settle_after(merchant, after=24 * 3600) == Settled(looked_at=1, settled=1, unread=1)
    assert states() == [("accept", "ended")]

    sandbox.clear_faults()
    assert "You accepted" in words(answer(ana, "accept", handle_of(ana), **HTMX)), (
        "it waits, so it can be answered"
    )


def test_a_look_up_refused_for_a_reason_that_nobody_knows_does_not_end_it(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    handle = leave_open(ana, sandbox, "accept", done=False)
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "replace", "body": FAILURE}, times=2)
    settle_after(merchant, after=61)
    settle_after(merchant, after=16)

    assert states() == [("accept", "released")]
    (card,) = [each for each in waiting(ana) if each.handle == handle]
    assert "no longer waiting" not in card.text
    assert COFFEE_MESSAGE in card.text


@pytest.mark.parametrize("action", DECIDED)
def test_a_decision_that_the_list_contradicts_for_good_gives_way(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    """The reply said that it was done, but it was not: the guest sees the gift again, and may answer it."""
    handle, gift = handle_of(ana), transfer(sandbox)
    status = {"accept": "ACCEPTED", "decline": "REJECTED"}[action]
    info = {"transferOutTransactionId": gift.transaction_id, "status": status}
    body = json.dumps({"result": "success", "transferInfo": info})
    sandbox.queue_fault(URL_BY_ACTION[action], {"kind": "replace", "body": body, "work": False})
    answer(ana, action, handle)
    assert states() == [(action, DECIDED[action])]
    assert handle not in {each.handle for each in waiting(ana)}, "the list may lag"
    assert f"{DECIDED[action]} already" in words(answer(ana, "accept", handle, **HTMX))

    let_pass(61)
    assert [each.handle for each in waiting(ana)].count(handle) == 1
    assert "You accepted" in words(answer(ana, "accept", handle, **HTMX))
    assert transfer(sandbox).status == "ACCEPTED"
    assert len(writes(sandbox)) == 2


def test_no_answer_is_given_up_while_its_call_may_be_under_way(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    leave_open(ana, sandbox, "accept", done=False)
    hasty = dataclasses.replace(merchant.limits, gift_settling_seconds=1)
    with serving(dataclasses.replace(merchant, limits=hasty)):
        let_pass(call_time(merchant).seconds - 5)
        assert CONFIRMING in read_page(ana)
        let_pass(5)
        assert CONFIRMING not in read_page(ana)


def test_the_command_forgets_in_time_what_was_answered(ana: Client, merchant: Merchant) -> None:
    answer(ana, "accept", handle_of(ana))
    for passed, kept in ((timedelta(hours=-1), True), (timedelta(seconds=2), False)):
        with time_machine.travel(timezone.now() + gift_retention(merchant) + passed, tick=False):
            call_command("settle_gifts", stdout=StringIO())
        assert Answer.objects.exists() is kept


class LosingItsDatabase(StringIO):
    """What the loop says. Its connection breaks in the second round, and a signal ends it in the third."""

    def write(self, text: str) -> int:
        written = super().write(text)
        if "answers:" in text:  # the last line of a round
            match self.getvalue().count(text):
                case 2:
                    connections["default"].connection.close()
                case 3:
                    signal.raise_signal(signal.SIGTERM)
        return written


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(20)
def test_the_loop_goes_on_with_a_new_connection_to_the_database(merchant: Merchant) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    said = LosingItsDatabase()
    try:
        call_command("settle_gifts", loop=True, every=0.01, stdout=said)
    finally:
        connections.close_all()
        for number, handler in before.items():
            signal.signal(number, handler)

    assert said.getvalue().count("demo: answers:") == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_of_settlers_at_once_one_looks(ana: Client, merchant: Merchant, sandbox: SandboxProcess) -> None:
    leave_open(ana, sandbox, "accept", done=False)
    let_pass(16)

    def look(_number: int) -> int:
        try:
            return settle.settle_unattended(merchant=merchant).looked_at
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, range(4))) == 1
    assert operations(sandbox) == ["pendingTransfer"]
