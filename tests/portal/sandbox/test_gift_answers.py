"""Accepting, declining and running out of time: who may answer, where the goods go, and what both sides read."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guestportal.sandbox.cards import REPLACEMENT, RICH, SECOND, SEED, SHORT, Card
from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA
from guestportal.sandbox.identity import WALLET_FIVE_OFF, WALLET_FREE_COFFEE
from tests.support.raw_http import ask
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    REJECT_TRANSFER_IN,
    SandboxProcess,
    SandboxTransfer,
)
from tests.support.sandbox_gift_calls import (
    ANA,
    B2B,
    accept,
    balance,
    history,
    path_of,
    read,
    reject,
    send,
    to_account,
    to_external,
    waiting,
    write,
)

ZONE = ZoneInfo("America/New_York")


def gift_of(sandbox: SandboxProcess, code: str) -> SandboxTransfer:
    [transfer] = [transfer for transfer in sandbox.transfers() if transfer.code == code]
    return transfer


def seen_by(sandbox: SandboxProcess, card: Card, transfer: SandboxTransfer) -> Any:
    [info] = [
        info for info in history(sandbox, card) if info["transferOutTransactionId"] == transfer.transaction_id
    ]
    return info


def move_to_end_of(sandbox: SandboxProcess, expires_on: str | None, *, seconds: float) -> None:
    """Move the clock to so many seconds from the midnight that ends a day in New York."""
    assert expires_on is not None
    midnight = datetime.fromisoformat(expires_on).replace(tzinfo=ZONE) + timedelta(days=1)
    sandbox.set_clock_offset((midnight - datetime.now(ZONE)).total_seconds() + seconds)


def test_accepting_gives_the_goods_and_tells_both_sides(sandbox: SandboxProcess) -> None:
    assert balance(sandbox, SEED, WALLET_FREE_COFFEE) is None
    reply = accept(sandbox, SEED, CODE_COFFEE_FOR_ANA, message="Thanks \U0001f600")
    info = reply["transferInfo"]
    assert (reply["result"], info["status"], info["inbound"]) == ("success", "ACCEPTED", True)
    assert info["responseMessage"] == "Thanks \U0001f600"
    assert info["transferInTransactionId"] > info["transferOutTransactionId"]
    assert info["responseDatetime"] >= info["transferDatetime"]
    assert balance(sandbox, SEED, WALLET_FREE_COFFEE) == "1"
    assert balance(sandbox, RICH, WALLET_FREE_COFFEE) == "3", "it was taken when it was sent"
    assert info not in waiting(sandbox, SEED)
    assert info in history(sandbox, SEED)
    assert {**info, "inbound": False} == seen_by(sandbox, RICH, gift_of(sandbox, CODE_COFFEE_FOR_ANA))
    [request] = sandbox.requests(ACCEPT_TRANSFER_IN)
    assert (request.worked, request.result) == (True, "success")


def test_declining_gives_the_goods_back_and_tells_both_sides(sandbox: SandboxProcess) -> None:
    reply = reject(sandbox, SEED, CODE_COFFEE_FOR_ANA, message="I only drink tea")
    info = reply["transferInfo"]
    assert (reply["result"], info["status"], info["responseMessage"]) == (
        "success",
        "REJECTED",
        "I only drink tea",
    )
    assert info["voidTransferOutTransactionId"] > info["transferOutTransactionId"]
    assert "transferInTransactionId" not in info
    assert balance(sandbox, RICH, WALLET_FREE_COFFEE) == "4"
    assert balance(sandbox, SEED, WALLET_FREE_COFFEE) is None
    assert seen_by(sandbox, RICH, gift_of(sandbox, CODE_COFFEE_FOR_ANA))["status"] == "REJECTED"
    assert sandbox.requests(REJECT_TRANSFER_IN)[0].worked


@pytest.mark.parametrize("answer", [accept, reject])
def test_a_gift_for_another_account_is_refused_by_card(sandbox: SandboxProcess, answer: Any) -> None:
    for card in (RICH, SECOND, SHORT):
        assert answer(sandbox, card, CODE_COFFEE_FOR_ANA)["errorCode"] == "gifttransfer.not_destined"
    assert gift_of(sandbox, CODE_COFFEE_FOR_ANA).status == "PENDING"
    assert [request.worked for request in sandbox.requests()] == [False] * 3


def test_an_address_lets_in_the_account_it_is_linked_to_and_no_other(sandbox: SandboxProcess) -> None:
    info = send(sandbox, RICH, to_external("THEO@example.com", "T"), WALLET_FREE_COFFEE)["transferInfo"]
    assert accept(sandbox, SECOND, info["code"])["errorCode"] == "gifttransfer.not_destined"
    accepted = accept(sandbox, SHORT, info["code"])["transferInfo"]
    assert accepted["toPrintedCardNumber"] == SHORT.number
    outbound = seen_by(sandbox, RICH, gift_of(sandbox, info["code"]))
    assert outbound["toUserInformation"]["lastName"] == "Marchetti", "an answer tells who it was"


@pytest.mark.parametrize("again", [accept, reject])
@pytest.mark.parametrize(
    ("first", "code"), [(accept, "already_accepted"), (reject, "not_pending")], ids=["accepted", "rejected"]
)
def test_an_answer_is_given_once(sandbox: SandboxProcess, first: Any, again: Any, code: str) -> None:
    first(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    before = sandbox.wallets(SEED.number), sandbox.wallets(RICH.number)
    assert again(sandbox, SEED, CODE_COFFEE_FOR_ANA)["errorCode"] == f"gifttransfer.{code}"
    assert read(sandbox, "pendingTransfer", code=CODE_COFFEE_FOR_ANA)["errorCode"] == f"gifttransfer.{code}"
    assert (sandbox.wallets(SEED.number), sandbox.wallets(RICH.number)) == before


@pytest.mark.parametrize("answer", [accept, reject])
def test_an_unknown_code_and_an_unknown_card_are_refused(sandbox: SandboxProcess, answer: Any) -> None:
    assert answer(sandbox, SEED, "NOTHING")["errorCode"] == "gifttransfer.unknown_code"
    name = "acceptTransferIn" if answer is accept else "rejectTransferIn"
    card = "acceptingPrintedCardNumber" if answer is accept else "rejectingPrintedCardNumber"
    reply = write(sandbox, name, code=CODE_COFFEE_FOR_ANA, **{card: "1"}).json
    assert reply["errorCode"] == "gifttransfer.card_not_found"


@pytest.mark.parametrize("name", ["acceptTransferIn", "rejectTransferIn"])
def test_an_answer_travels_by_post_and_b2b_only(sandbox: SandboxProcess, name: str) -> None:
    parameters = {
        "code": CODE_COFFEE_FOR_ANA,
        "acceptingPrintedCardNumber": SEED.number,
        "rejectingPrintedCardNumber": SEED.number,
    }
    assert ask(sandbox, path=path_of(name), query={**B2B, **parameters}).status == 405
    reply = write(sandbox, name, **parameters, authentication="card")
    assert reply.json["errorCode"] == "authentication.not_allowed"
    assert gift_of(sandbox, CODE_COFFEE_FOR_ANA).status == "PENDING"


def test_a_gift_expires_at_the_end_of_its_last_day_and_goes_back(sandbox: SandboxProcess) -> None:
    before = gift_of(sandbox, CODE_COFFEE_FOR_ANA)
    move_to_end_of(sandbox, before.expires_on, seconds=-60)
    [info] = [info for info in waiting(sandbox, SEED) if info.get("code") == CODE_COFFEE_FOR_ANA]
    assert info["balance"]["expirationDays"] == 0
    move_to_end_of(sandbox, before.expires_on, seconds=1)
    assert accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)["errorCode"] == "gifttransfer.expired"
    assert reject(sandbox, SEED, CODE_COFFEE_FOR_ANA)["errorCode"] == "gifttransfer.expired"
    assert read(sandbox, "pendingTransfer", code=CODE_COFFEE_FOR_ANA)["errorCode"] == "gifttransfer.expired"
    after = gift_of(sandbox, CODE_COFFEE_FOR_ANA)
    assert after.status == "EXPIRED"
    assert after.void_id is not None
    assert sandbox.wallets(RICH.number)[WALLET_FREE_COFFEE].balance == 4
    for card in (SEED, RICH):
        info = seen_by(sandbox, card, after)
        assert (info["status"], info["balance"]["expirationDate"]) == ("EXPIRED", after.expires_on)
        assert not {"responseDatetime", "transferExpirationDays"} & info.keys()
        assert "expirationDays" not in info["balance"]


def test_a_gift_to_an_address_that_nobody_has_is_returned_at_its_end(sandbox: SandboxProcess) -> None:
    info = send(sandbox, RICH, to_external("new@example.net"), WALLET_FIVE_OFF)["transferInfo"]
    assert balance(sandbox, RICH, WALLET_FIVE_OFF) == "1"
    move_to_end_of(sandbox, info["balance"]["expirationDate"], seconds=1)
    assert gift_of(sandbox, info["code"]).status == "RETURNED"
    assert balance(sandbox, RICH, WALLET_FIVE_OFF) == "2"
    reply = accept(sandbox, SEED, info["code"])
    assert reply["errorCode"] == "gifttransfer.not_destined"


def test_goods_are_neither_made_nor_lost(sandbox: SandboxProcess) -> None:
    cards = (SEED, RICH, SHORT, REPLACEMENT)

    def held() -> int:
        wallets = [sandbox.wallets(card.number).get(WALLET_FREE_COFFEE) for card in cards]
        waiting_goods = [
            transfer.source_amount
            for transfer in sandbox.transfers()
            if transfer.status == "PENDING" and transfer.source_wallet == WALLET_FREE_COFFEE
        ]
        return int(sum(wallet.balance for wallet in wallets if wallet) + sum(waiting_goods))

    start = held()
    send(sandbox, RICH, to_account(ANA), WALLET_FREE_COFFEE)
    assert held() == start
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    assert held() == start
    for transfer in sandbox.transfers(origin="api"):
        reject(sandbox, SEED, transfer.code)
    assert held() == start
    sandbox.set_clock_offset(365 * 86400)
    assert not [
        transfer for transfer in sandbox.transfers() if transfer.status == "PENDING" and transfer.expires_on
    ]
    assert held() == start
