"""transferOut: what it takes from whom, for whom it then waits, and each refusal that changes nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from guestportal.sandbox.cards import (
    INVALID_STATUS,
    RICH,
    SEED,
    SUSPENDED,
    Card,
)
from guestportal.sandbox.gifts.refusals import MESSAGES, Refusal
from guestportal.sandbox.identity import (
    WALLET_BAG_OF_BEANS,
    WALLET_BIRTHDAY_PASTRY,
    WALLET_FIVE_OFF,
    WALLET_FREE_COFFEE,
    WALLET_LIFETIME_POINTS,
    WALLET_STORED_VALUE,
    WALLET_VISITS,
)
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sandbox_gift_calls import (
    ANA,
    ROSA,
    accept,
    balance,
    history,
    send,
    to_account,
    to_external,
    waiting,
    write,
)


def test_takes_the_cost_and_waits_for_the_account(sandbox: SandboxProcess) -> None:
    reply = send(sandbox, RICH, to_account(ANA), WALLET_FREE_COFFEE, "For you \u2615\nRef 7K3M9QX2")
    info = reply["transferInfo"]
    assert (reply["result"], info["inbound"], info["status"]) == ("success", False, "PENDING")
    assert info["transferMessage"] == "For you \u2615\nRef 7K3M9QX2"
    assert (info["fromPrintedCardNumber"], info["toPrintedCardNumber"]) == (RICH.number, SEED.number)
    assert info["toUserInformation"] == {"salutation": "Ms.", "firstName": "Ana", "lastName": "Example"}
    assert balance(sandbox, RICH, WALLET_FREE_COFFEE) == "2"
    assert {**info, "inbound": True} in waiting(sandbox, SEED)
    assert info in history(sandbox, RICH)
    assert info["transferOutTransactionId"] == max(
        transfer.transaction_id for transfer in sandbox.transfers()
    ), "transaction numbers rise"
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.result, request.error_code) == (True, "success", None)


def test_waits_for_an_external_account_that_need_not_exist(sandbox: SandboxProcess) -> None:
    info = send(sandbox, RICH, to_external("new@example.net", "Zo\u00eb"), WALLET_FIVE_OFF)["transferInfo"]
    assert info["externalTarget"]["identifier"] == "new@example.net"
    assert info["externalTarget"]["name"] == "Zo\u00eb"
    assert info["externalTargetLink"] == "mailto:new@example.net"
    assert not {"toPrintedCardNumber", "toUserInformation", "transferMessage"} & info.keys()
    facebook = send(sandbox, RICH, to_external("1000", "Zo\u00eb"), WALLET_FIVE_OFF)["transferInfo"]
    assert facebook["externalTarget"]["integration"]["name"] == "Facebook"
    assert facebook["externalTargetLink"].startswith("https://")


def test_the_wallet_that_pays_may_differ_from_the_one_that_gets(sandbox: SandboxProcess) -> None:
    visits: list[object] = [
        {"walletCode": WALLET_VISITS, "name": "Visits", "balance": "30", "giftable": True}
    ]
    sandbox.override_fields(SEED.number, pointBalances=visits)
    info = send(sandbox, SEED, to_account(ROSA), WALLET_VISITS)["transferInfo"]
    assert (info["balance"]["sourceWalletName"], info["balance"]["sourceAmount"]) == ("Visit", "29")
    assert info["balance"]["destinationWalletName"] == "Coffee and a Pastry"
    assert info["balance"]["destinationAmount"] == "1"
    assert balance(sandbox, SEED, WALLET_VISITS) == "1"
    accept(sandbox, RICH, info["code"])
    assert balance(sandbox, RICH, info["balance"]["destinationWalletCode"]) == "1"


@pytest.mark.parametrize(
    ("card", "to", "wallet", "code"),
    [
        (RICH, to_account(ANA), WALLET_BAG_OF_BEANS, "insufficient_balance"),
        (RICH, to_account(ANA), WALLET_VISITS, "insufficient_balance"),
        (SEED, to_account(ROSA), WALLET_FREE_COFFEE, "insufficient_balance"),
        (RICH, to_account(ANA), WALLET_BIRTHDAY_PASTRY, "not_giftable"),
        (RICH, to_account(ANA), WALLET_STORED_VALUE, "not_giftable"),
        (RICH, to_account(ANA), WALLET_LIFETIME_POINTS, "not_giftable"),
        (SEED, to_account(ROSA), WALLET_VISITS, "not_giftable"),
        (RICH, to_account(ANA), 999, "not_giftable"),
        (RICH, to_account(1), WALLET_FREE_COFFEE, "unknown_target"),
        (RICH, to_external("not an address"), WALLET_FREE_COFFEE, "unknown_target"),
        (RICH, to_external("@example.com"), WALLET_FREE_COFFEE, "unknown_target"),
        (RICH, to_account(ROSA), WALLET_FREE_COFFEE, "self"),
        (RICH, to_external("GOLD.ROSA@example.ORG"), WALLET_FREE_COFFEE, "self"),
        (SUSPENDED, to_account(ANA), WALLET_FREE_COFFEE, "account_not_active"),
        (INVALID_STATUS, to_account(ANA), WALLET_FREE_COFFEE, "account_not_active"),
    ],
)
def test_a_refusal_changes_nothing(
    sandbox: SandboxProcess, card: Card, to: dict[str, object], wallet: int, code: str
) -> None:
    before = sandbox.transfers(), sandbox.wallets(RICH.number), sandbox.wallets(SEED.number)
    refusal = Refusal(f"gifttransfer.{code}")
    assert send(sandbox, card, to, wallet) == {
        "result": "failure",
        "errorCode": refusal,
        "errorMessage": MESSAGES[refusal],
    }
    assert (sandbox.transfers(), sandbox.wallets(RICH.number), sandbox.wallets(SEED.number)) == before
    [request] = sandbox.requests(TRANSFER_OUT)
    assert (request.worked, request.result, request.error_code) == (False, "failure", refusal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": None}, "request.missing_parameter"),
        ({"to": "ana@example.com"}, "request.wrong_type"),
        ({"to": {}}, "request.missing_parameter"),
        ({"to": {"accountCode": "900001"}}, "request.wrong_type"),
        ({"to": {"identifier": "a@example.com"}}, "request.missing_parameter"),
        ({"to": {"accountCode": ANA, "identifier": "a@example.com", "name": "A"}}, "request.wrong_type"),
        ({"walletCode": "21"}, "request.wrong_type"),
        ({"fromPrintedCardNumber": int(RICH.number)}, "request.wrong_type"),
        ({"transferMessage": 5}, "request.wrong_type"),
        ({"authentication": "oauth"}, "authentication.not_allowed"),
    ],
)
def test_parameters_of_the_wrong_shape_are_refused(
    sandbox: SandboxProcess, changes: dict[str, object], code: str
) -> None:
    parameters = {
        "fromPrintedCardNumber": RICH.number,
        "to": to_account(ANA),
        "walletCode": WALLET_FREE_COFFEE,
        **changes,
    }
    assert write(sandbox, "transferOut", **parameters).json["errorCode"] == code
    assert sandbox.transfers(origin="api") == []


def test_of_many_parallel_sends_only_as_many_work_as_the_wallet_holds(sandbox: SandboxProcess) -> None:
    with ThreadPoolExecutor(10) as pool:
        replies = list(
            pool.map(lambda _n: send(sandbox, RICH, to_account(ANA), WALLET_FREE_COFFEE), range(10))
        )
    assert [reply["result"] for reply in replies].count("success") == 3
    assert sandbox.wallets(RICH.number)[WALLET_FREE_COFFEE].balance == 0
    assert len({transfer.transaction_id for transfer in sandbox.transfers(origin="api")}) == 3
