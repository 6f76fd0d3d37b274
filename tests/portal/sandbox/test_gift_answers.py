"""Accepting, declining and running out of time: who may answer, where the goods go, and what both sides read."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guestportal.sandbox.cards import EXCHANGED, REPLACEMENT, RICH, SECOND, SEED, SHORT, SUSPENDED, Card
from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA, CODE_TREAT_FOR_ROSA
from guestportal.sandbox.gifts.transfers import Status
from guestportal.sandbox.identity import WALLET_FIVE_OFF, WALLET_FREE_COFFEE, WALLET_POINTS
from guestportal.sandbox.world import World
from tests.support.raw_http import ask, card_parameters
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    REJECT_TRANSFER_IN,
    SandboxProcess,
    SandboxRefused,
    SandboxTransfer,
)
from tests.support.sandbox_gift_calls import (
    ANA,
    B2B,
    SOFIA,
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


def test_a_new_wallet_stands_at_the_end_of_its_list(sandbox: SandboxProcess) -> None:
    before = ask(sandbox, query=card_parameters(SEED)).json
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    reply = ask(sandbox, query=card_parameters(SEED)).json
    assert reply == {
        **before,
        "rewardBalances": [{"balance": "1", "giftable": True, "name": "Free Coffee", "walletCode": 21}],
    }


def test_points_go_into_the_wallet_that_is_there(sandbox: SandboxProcess) -> None:
    [points] = [info for info in waiting(sandbox, SEED) if info["balance"]["destinationWalletCode"] == 3]
    accept(sandbox, SEED, points["code"])
    assert balance(sandbox, SEED, WALLET_POINTS) == "250"


def test_what_was_accepted_can_be_sent_on(sandbox: SandboxProcess) -> None:
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    assert send(sandbox, SEED, to_account(SOFIA), WALLET_FREE_COFFEE)["result"] == "success"
    assert balance(sandbox, SEED, WALLET_FREE_COFFEE) == "0"
    assert len(waiting(sandbox, REPLACEMENT)) == 1
    assert len(waiting(sandbox, EXCHANGED)) == 1, "an exchanged card is the same account"


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


def test_declining_without_a_card_asks_nobody_for_whom_it_was(sandbox: SandboxProcess) -> None:
    reply = write(sandbox, "rejectTransferIn", code=CODE_COFFEE_FOR_ANA).json
    assert reply["transferInfo"]["status"] == "REJECTED"


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


def test_an_account_that_is_not_active_accepts_nothing(sandbox: SandboxProcess) -> None:
    [added] = sandbox.add_gift(from_card=RICH.number, to_account=900006, wallet_code=WALLET_FREE_COFFEE)
    reply = accept(sandbox, SUSPENDED, added.code)
    assert reply["errorCode"] == "gifttransfer.account_not_active"


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


def test_accepting_needs_the_card(sandbox: SandboxProcess) -> None:
    reply = write(sandbox, "acceptTransferIn", code=CODE_COFFEE_FOR_ANA).json
    assert reply["errorCode"] == "request.missing_parameter"


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


def test_a_gift_without_an_end_waits_for_ever(sandbox: SandboxProcess) -> None:
    [points] = [info for info in waiting(sandbox, SEED) if info["balance"]["destinationWalletCode"] == 3]
    sandbox.set_clock_offset(3650 * 86400)
    assert accept(sandbox, SEED, points["code"])["result"] == "success"
    assert waiting(sandbox, SEED) == []


def test_the_merchant_can_give_a_waiting_gift_back(sandbox: SandboxProcess) -> None:
    gift = gift_of(sandbox, CODE_TREAT_FOR_ROSA)
    assert sandbox.return_gift(gift.transaction_id).status == "RETURNED"
    assert accept(sandbox, RICH, gift.code)["errorCode"] == "gifttransfer.not_pending"
    assert balance(sandbox, SEED, gift.source_wallet) == "1"
    with pytest.raises(SandboxRefused, match="is RETURNED, not PENDING"):
        sandbox.return_gift(gift.transaction_id)


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


def test_a_reset_brings_back_the_seeded_gifts_and_wallets(sandbox: SandboxProcess) -> None:
    accept(sandbox, SEED, CODE_COFFEE_FOR_ANA)
    sandbox.show_codes(False)
    sandbox.reset()
    assert len(waiting(sandbox, SEED)) == 5
    assert balance(sandbox, SEED, WALLET_FREE_COFFEE) is None
    assert any("code" in info for info in waiting(sandbox, SEED))


@pytest.mark.parametrize(("moment", "status"), [(-1, Status.PENDING), (0, Status.EXPIRED)])
def test_a_gift_ends_with_the_first_moment_after_its_last_day(moment: int, status: Status) -> None:
    world = World()
    coffee = world.gifts.by_code(CODE_COFFEE_FOR_ANA)
    assert coffee is not None
    assert coffee.ends_at is not None
    with world.at(coffee.ends_at + timedelta(microseconds=moment)):
        world.catch_up()

    ended = world.gifts.by_code(CODE_COFFEE_FOR_ANA)
    assert ended is not None
    assert ended.status is status
