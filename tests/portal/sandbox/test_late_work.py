"""What makes a sender's life hard: work done after the end of a call, twins, lost requests, lagging histories."""

import http.client
import json
from typing import Any

import pytest

from guestportal.sandbox.cards import RICH, SEED
from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA
from guestportal.sandbox.identity import WALLET_BAG_OF_BEANS, WALLET_FREE_COFFEE
from tests.support.sandbox import ACCEPT_TRANSFER_IN, TRANSFER_OUT, SandboxProcess, SandboxRefused
from tests.support.sandbox_gift_calls import ANA, accept, history, send, to_account, write


def send_coffee(sandbox: SandboxProcess, message: str | None = None) -> Any:
    return send(sandbox, RICH, to_account(ANA), WALLET_FREE_COFFEE, message)


def send_and_meet_the_drop(sandbox: SandboxProcess) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        send_coffee(sandbox, "Ref 7K3M9QX2")


def coffees_sent(sandbox: SandboxProcess) -> int:
    return 3 - int(sandbox.wallets(RICH.number)[WALLET_FREE_COFFEE].balance)


def test_late_work_is_done_when_the_clock_has_moved_so_far(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "seconds": 300})
    send_and_meet_the_drop(sandbox)
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.result, request.outcome) == (False, None, "dropped")
    [late] = sandbox.late_calls()
    assert (late.number, late.operation) == (request.number, TRANSFER_OUT)
    sandbox.set_clock_offset(295)
    assert sandbox.transfers(origin="api") == []
    assert history(sandbox, RICH)[-1].get("transferMessage") != "Ref 7K3M9QX2"
    sandbox.set_clock_offset(301)
    assert history(sandbox, RICH)[-1]["transferMessage"] == "Ref 7K3M9QX2"
    assert coffees_sent(sandbox) == 1
    assert sandbox.late_calls() == []
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.result, request.outcome) == (True, "success", "dropped")


def test_late_work_bears_the_time_it_was_due(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "seconds": 10})
    send_and_meet_the_drop(sandbox)
    [late] = sandbox.late_calls()
    sandbox.set_clock_offset(5000)
    [transfer] = sandbox.transfers(origin="api")
    assert transfer.made_at == late.due_at


def test_late_work_is_done_in_the_order_in_which_it_was_due(sandbox: SandboxProcess) -> None:
    for seconds in (30, 10, 20):
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "seconds": seconds, "status": 504})
    for message in ("third", "first", "second"):
        write(
            sandbox,
            "transferOut",
            fromPrintedCardNumber=RICH.number,
            to=to_account(ANA),
            walletCode=WALLET_FREE_COFFEE,
            transferMessage=message,
        )
    sandbox.set_clock_offset(60)
    sent = sandbox.transfers(origin="api")
    assert [transfer.message for transfer in sent] == ["first", "second", "third"]


def test_late_work_can_wait_for_an_order(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"}, times=2)
    send_and_meet_the_drop(sandbox)
    send_and_meet_the_drop(sandbox)
    sandbox.set_clock_offset(3600)
    assert sandbox.transfers(origin="api") == []
    assert sandbox.run_late("next") == 1
    assert coffees_sent(sandbox) == 1
    assert sandbox.run_late() == 1
    assert coffees_sent(sandbox) == 2
    assert sandbox.run_late() == 0


def test_a_late_call_can_be_answered_with_a_web_page(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late", "status": 504})
    answer = write(
        sandbox, "acceptTransferIn", code=CODE_COFFEE_FOR_ANA, acceptingPrintedCardNumber=SEED.number
    )
    assert (answer.status, answer.header("Content-Type")) == (504, "text/html;charset=UTF-8")
    assert accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)["result"] == "success"
    assert sandbox.run_late() == 1
    first, second = sandbox.requests(ACCEPT_TRANSFER_IN)
    assert (first.worked, first.result, first.error_code) == (
        False,
        "failure",
        "gifttransfer.already_accepted",
    )
    assert second.worked


def test_late_work_that_is_refused_says_so_in_its_record(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "status": 503})
    write(
        sandbox,
        "transferOut",
        fromPrintedCardNumber=RICH.number,
        to=to_account(ANA),
        walletCode=WALLET_BAG_OF_BEANS,
    )
    sandbox.run_late()
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.status, request.error_code) == (
        False,
        503,
        "gifttransfer.insufficient_balance",
    )


def test_a_reset_forgets_late_work(sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "seconds": 5})
    send_and_meet_the_drop(sandbox)
    sandbox.reset()
    sandbox.set_clock_offset(60)
    assert (sandbox.transfers(origin="api"), sandbox.late_calls()) == ([], [])


@pytest.mark.parametrize(("kind", "sent"), [("drop_before", 0), ("drop_after", 1)])
def test_a_lost_request_sends_nothing_and_a_lost_reply_has_sent(
    sandbox: SandboxProcess, kind: str, sent: int
) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": kind})
    send_and_meet_the_drop(sandbox)
    assert coffees_sent(sandbox) == len(sandbox.transfers(origin="api")) == sent
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.outcome) == (bool(sent), "dropped")
    assert request.result == ("success" if sent else None)


def test_a_twin_is_the_same_gift_once_more(sandbox: SandboxProcess) -> None:
    number = send_coffee(sandbox, "Ref 7K3M9QX2")["transferInfo"]["transferOutTransactionId"]
    twin = sandbox.send_twin(number)
    [original] = sandbox.transfers(origin="api")
    assert (twin.transaction_id, twin.code) != (original.transaction_id, original.code)
    assert (twin.message, twin.source_wallet, twin.to_account, twin.from_card) == (
        original.message,
        original.source_wallet,
        original.to_account,
        original.from_card,
    )
    assert sandbox.send_twin(number, message="Without a reference").message == "Without a reference"
    assert coffees_sent(sandbox) == 3
    with pytest.raises(SandboxRefused, match="insufficient_balance"):
        sandbox.send_twin(number)
    assert len(sandbox.requests(TRANSFER_OUT)) == 1


def test_a_stale_history_shows_the_state_of_the_order_for_so_many_reads(sandbox: SandboxProcess) -> None:
    before = history(sandbox, RICH)
    sandbox.make_history_stale(calls=2)
    sent = send_coffee(sandbox)["transferInfo"]
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    assert history(sandbox, RICH) == before
    assert history(sandbox, RICH) == before
    now = history(sandbox, RICH)
    assert now[-1] == sent
    assert [info["status"] for info in now] != [info["status"] for info in before]


def test_a_lagging_history_shows_what_was_so_long_ago(sandbox: SandboxProcess) -> None:
    before = history(sandbox, RICH)
    sandbox.make_history_stale(calls=3, lag_seconds=60)
    sent = send_coffee(sandbox)["transferInfo"]
    assert history(sandbox, RICH) == before
    sandbox.set_clock_offset(50)
    assert history(sandbox, RICH) == before
    sandbox.set_clock_offset(70)
    assert history(sandbox, RICH) == [*before, sent]
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    [answered] = [info for info in history(sandbox, RICH) if info.get("code") == CODE_COFFEE_FOR_ANA]
    assert answered["status"] == "ACCEPTED", "the three reads are used up"


@pytest.mark.parametrize(
    ("action", "order", "sentence"),
    [
        ("transfers", {}, "A transfer order has one of send, twin_of, add, return."),
        ("transfers", {"twin_of": 1}, "There is no transfer 1."),
        ("transfers", {"twin_of": "1"}, "twin_of must be a whole number."),
        ("transfers", {"send": {"from": "1", "wallet_code": 21}}, "to_identifier must be a string."),
        ("history", {"stale_calls": 0}, "stale_calls must be a whole number from 1."),
        ("late", {"run": "some"}, "run must be all or next."),
        ("gifting", {"codes": 1}, "codes must be true or false."),
    ],
)
def test_an_order_about_gifts_that_does_not_fit_is_refused(
    sandbox: SandboxProcess, action: str, order: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SandboxRefused, match=sentence):
        sandbox._order("POST", action, order)


def test_wallets_of_a_card_without_an_account_are_refused(sandbox: SandboxProcess) -> None:
    with pytest.raises(SandboxRefused, match="No account has the card 1"):
        sandbox.wallets("1")


def test_late_work_may_be_refused_first(sandbox: SandboxProcess) -> None:
    refusal = json.dumps({"result": "failure", "errorCode": "gifttransfer.system_error"})
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late", "body": refusal})
    told = write(
        sandbox,
        "transferOut",
        fromPrintedCardNumber=RICH.number,
        to=to_account(ANA),
        walletCode=WALLET_FREE_COFFEE,
    )

    assert (told.status, told.body.decode()) == (200, refusal)
    assert coffees_sent(sandbox) == 0
    sandbox.run_late()
    assert coffees_sent(sandbox) == 1
