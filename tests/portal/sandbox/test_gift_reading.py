"""What waits, what is over, and what may be sent: the documented shapes and the seeded gifts."""

import re
from typing import Any

import pytest

from guestportal.sandbox import identity
from guestportal.sandbox.cards import CARDS, RICH, SEED, SHORT, Card
from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA, LONG_MESSAGE
from tests.support.raw_http import ask
from tests.support.sandbox import SandboxProcess
from tests.support.sandbox_gift_calls import B2B, history, path_of, read, waiting

READING: dict[str, dict[str, object]] = {
    "giftingConfig": {"cardTemplateCode": 3},
    "pendingTransfer": {"code": CODE_COFFEE_FOR_ANA},
    "pendingTransfersToAccount": {"printedCardNumber": SEED.number},
    "transferHistoryForAccount": {"printedCardNumber": SEED.number},
}
REQUIRED = {
    "inbound": bool,
    "status": str,
    "fromPrintedCardNumber": str,
    "fromUserInformation": dict,
    "balance": dict,
    "transferOutTransactionId": int,
    "transferDatetime": str,
}
OPTIONAL = {
    "code": str,
    "toPrintedCardNumber": str,
    "toUserInformation": dict,
    "externalTarget": dict,
    "transferInTransactionId": int,
    "voidTransferOutTransactionId": int,
    "transferMessage": str,
    "responseDatetime": str,
    "responseMessage": str,
    "transferExpirationDays": int,
    "externalTargetLink": str,
}
BALANCE_REQUIRED = {
    "sourceWalletCode": int,
    "sourceWalletName": str,
    "sourceAmount": str,
    "destinationWalletCode": int,
    "destinationWalletName": str,
    "destinationWalletPluralName": str,
    "destinationAmount": str,
}
BALANCE_OPTIONAL = {
    "expirationDate": str,
    "expirationDays": int,
    "destinationWalletNameTiny": str,
    "destinationWalletNameShort": str,
    "destinationWalletNameLong": str,
}


def check_shape(value: Any, required: dict[str, type], optional: dict[str, type]) -> None:
    assert required.keys() <= value.keys() <= required.keys() | optional.keys()
    for name, expected in (required | optional).items():
        assert name not in value or type(value[name]) is expected, name


def everything(sandbox: SandboxProcess) -> list[Any]:
    return [info for card in CARDS for info in (*waiting(sandbox, card), *history(sandbox, card))]


def test_every_transfer_has_the_seeds_shape(sandbox: SandboxProcess) -> None:
    infos = everything(sandbox)
    for info in infos:
        check_shape(info, REQUIRED, OPTIONAL)
        check_shape(info["balance"], BALANCE_REQUIRED, BALANCE_OPTIONAL)
        if "externalTarget" in info:
            check_shape(info["externalTarget"], {"integration": dict, "identifier": str, "name": str}, {})
            check_shape(
                info["externalTarget"]["integration"],
                {"identifier": str, "name": str, "reportingName": str},
                {"detail": str},
            )
    seen = {name for info in infos for name in (*info, *info["balance"])}
    assert seen == REQUIRED.keys() | OPTIONAL.keys() | BALANCE_REQUIRED.keys() | BALANCE_OPTIONAL.keys()


def test_encodings_are_the_documented_ones(sandbox: SandboxProcess) -> None:
    for info in everything(sandbox):
        for name in ("transferDatetime", "responseDatetime"):
            if name in info:
                assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d -0[45]00", info[name])
        assert re.fullmatch(r"\d+", info["balance"]["sourceAmount"])
        assert info["transferOutTransactionId"] > 2**53
        assert set(info["fromUserInformation"]) <= {"salutation", "firstName", "lastName"}


def test_the_seeds_guest_has_five_gifts_waiting_each_for_another_test(sandbox: SandboxProcess) -> None:
    infos = waiting(sandbox, SEED)
    assert len(infos) == 5
    assert all(info["inbound"] and info["status"] == "PENDING" for info in infos)
    assert LONG_MESSAGE in {info.get("transferMessage") for info in infos}
    assert sum("transferMessage" not in info for info in infos) == 1
    assert sum("code" not in info for info in infos) == 1
    assert sum(info["fromUserInformation"] == {} for info in infos) == 1
    assert sum("expirationDate" not in info["balance"] for info in infos) == 1
    assert {info["balance"]["destinationAmount"] for info in infos} == {"1", "2", "250"}
    assert {info["externalTarget"]["identifier"] for info in infos if "externalTarget" in info} == {
        "Ana@Example.COM",
        "100004567890123",
    }
    ends = [info["balance"].get("expirationDate", "") for info in infos]
    assert ends != sorted(ends), "nobody may take them for sorted"
    assert len(set(ends)) == 5


@pytest.mark.parametrize("card", [SEED, RICH], ids=["seed", "rich"])
def test_the_past_has_every_state_in_both_directions(sandbox: SandboxProcess, card: Card) -> None:
    infos = history(sandbox, card)
    states = {(info["inbound"], info["status"]) for info in infos}
    over = {"ACCEPTED", "REJECTED", "RETURNED", "EXPIRED"}
    assert states == {(True, state) for state in over} | {(False, state) for state in over | {"PENDING"}}
    for info in infos:
        assert ("transferInTransactionId" in info) == (info["status"] == "ACCEPTED")
        assert ("voidTransferOutTransactionId" in info) == (
            info["status"] in {"REJECTED", "RETURNED", "EXPIRED"}
        )
        assert ("responseDatetime" in info) == (info["status"] in {"ACCEPTED", "REJECTED"})
    assert any("responseMessage" in info for info in infos)


def test_an_address_is_matched_without_regard_to_case_and_its_account_is_not_told(
    sandbox: SandboxProcess,
) -> None:
    [inbound] = [info for info in waiting(sandbox, SEED) if info.get("transferMessage") == LONG_MESSAGE]
    assert inbound["externalTarget"] == {
        "integration": {"identifier": "email", "name": "E-mail", "reportingName": "E-mail address"},
        "identifier": "Ana@Example.COM",
        "name": "Ana",
    }
    assert inbound["toPrintedCardNumber"] == SEED.number
    [outbound] = [info for info in history(sandbox, SHORT) if not info["inbound"]]
    assert outbound["transferOutTransactionId"] == inbound["transferOutTransactionId"]
    assert not {"toPrintedCardNumber", "toUserInformation"} & outbound.keys()


def test_a_code_opens_one_waiting_gift(sandbox: SandboxProcess) -> None:
    info = read(sandbox, "pendingTransfer", code=CODE_COFFEE_FOR_ANA)["transferInfo"]
    assert info["code"] == CODE_COFFEE_FOR_ANA
    assert info["fromUserInformation"] == {"firstName": "Rosa", "lastName": "Lindqvist"}
    assert info in waiting(sandbox, SEED)


def test_codes_can_be_switched_off(sandbox: SandboxProcess) -> None:
    sandbox.show_codes(False)
    assert not any("code" in info for info in everything(sandbox))
    assert "code" not in read(sandbox, "pendingTransfer", code=CODE_COFFEE_FOR_ANA)["transferInfo"]
    sandbox.show_codes(True)
    assert any("code" in info for info in waiting(sandbox, SEED))


def test_any_card_of_an_account_stands_for_the_account(sandbox: SandboxProcess) -> None:
    infos = read(sandbox, "pendingTransfersToAccount", printedCardNumber="6000301000731214")["transferInfo"]
    assert infos == waiting(sandbox, RICH)
    assert {info.get("toPrintedCardNumber") for info in infos} == {RICH.number}


def test_lists_what_may_be_sent_and_its_cost(sandbox: SandboxProcess) -> None:
    reply = read(sandbox, "giftingConfig", cardTemplateCode=identity.CARD_TEMPLATE_CODE)
    assert reply == {
        "result": "success",
        "configs": [
            {"descriptiveLabel": "Free Coffee", "walletCode": 21, "quantityRequired": "1"},
            {"descriptiveLabel": "5 Off Any Order", "walletCode": 23, "quantityRequired": "1"},
            {"descriptiveLabel": "Bag of Beans", "walletCode": 24, "quantityRequired": "2"},
            {"descriptiveLabel": "Birthday Pastry", "walletCode": 22, "quantityRequired": "1"},
            {"descriptiveLabel": "500 Points", "walletCode": 3, "quantityRequired": "500"},
            {"descriptiveLabel": "Coffee and a Pastry", "walletCode": 5, "quantityRequired": "29"},
        ],
    }


@pytest.mark.parametrize(
    ("name", "parameters", "code"),
    [
        ("giftingConfig", {"cardTemplateCode": 4}, "gifttransfer.unknown_card_template"),
        ("giftingConfig", {}, "request.missing_parameter"),
        ("pendingTransfer", {"code": "NOTHING"}, "gifttransfer.unknown_code"),
        ("pendingTransfersToAccount", {"printedCardNumber": "1"}, "gifttransfer.card_not_found"),
        ("transferHistoryForAccount", {"printedCardNumber": "1"}, "gifttransfer.card_not_found"),
    ],
)
def test_a_read_that_finds_nothing_is_a_failure(
    sandbox: SandboxProcess, name: str, parameters: dict[str, object], code: str
) -> None:
    reply = read(sandbox, name, **parameters)
    assert (reply["result"], reply["errorCode"]) == ("failure", code)


@pytest.mark.parametrize("name", READING)
def test_takes_b2b_by_get_only(sandbox: SandboxProcess, name: str) -> None:
    query: dict[str, object] = {**B2B, **READING[name]}
    assert ask(sandbox, path=path_of(name), body=query).json["result"] == "success"
    for style in ("card", "oauth", "guest", "anonymous"):
        reply = read(sandbox, name, **READING[name], authentication=style)
        assert reply["errorCode"] == "authentication.not_allowed"
    assert ask(sandbox, method="POST", path=path_of(name), body=query).status == 405
    assert ask(sandbox, path=path_of(name), query=query, authorization="Basic eA==").status == 401
