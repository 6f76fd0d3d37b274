"""What an answer has that no documentation has: found by name, bounded, and never a value."""

import json
from typing import Any

import pytest

from guestportal.paytronix.calls import Answer, Call, Operation
from guestportal.paytronix.novelty import MANY, NO_NAME, novelties
from guestportal.paytronix.replies.account import AccountInformation, UserInformation
from guestportal.paytronix.replies.gift_transfer import GiftingConfigs, OneTransfer, Transfers
from guestportal.paytronix.replies.oauth import GuestToken
from guestportal.paytronix.replies.structs import Wire
from guestportal.paytronix.styles import B2BStyle
from tests.support.builders import account_information, card, wallet
from tests.support.gift_payloads import balance, external, transfer


def found(
    body: object,
    reply: type[Wire] = AccountInformation,
    *,
    result: str = "success",
    code: str = "",
    **sent: str,
) -> set[str]:
    """What is new in a body, as "kind: name"."""
    encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
    call = Call(Operation("guest/accountInformation"), B2BStyle(), sent)
    call.answer, call.result, call.error_code = Answer(200, encoded), result, code
    return {f"{each.kind}: {each.name}" for each in novelties(call, reply)}


def gifts(**members: Any) -> dict[str, Any]:
    return {"result": "success", "transferInfo": [transfer(**members)]}


@pytest.mark.parametrize(
    ("body", "reply"),
    [
        (account_information(), AccountInformation),
        (account_information(accountStatus="Suspended", queryCardStatus="exchanged"), AccountInformation),
        (gifts(externalTarget=external(), status="returned"), Transfers),
        (gifts(transferDatetime="2014-06-13T23:01:50.123Z"), Transfers),
        (gifts(balance=balance(expirationDate="20261231", destinationAmount="-1E+3")), Transfers),
        ({"result": "success", "transferInfo": transfer()}, OneTransfer),
        (
            {
                "result": "success",
                "configs": [{"descriptiveLabel": "x", "walletCode": 1, "quantityRequired": 2}],
            },
            GiftingConfigs,
        ),
        (
            {
                "result": "success",
                "accountIds": [1],
                "primaryCardNumbers": ["1"],
                "fields": {"email": "a@b.example"},
            },
            UserInformation,
        ),
        (
            {"result": "success", "access_token": "a", "token_type": "bearer", "scope": "user_read"},
            GuestToken,
        ),
        ({"result": "failure", "errorCode": "user_info.not_found", "errorMessage": "no"}, AccountInformation),
    ],
)
def test_finds_nothing_in_what_is_documented(body: dict[str, Any], reply: type[Wire]) -> None:
    assert found(body, reply) == set()


@pytest.mark.parametrize(
    ("body", "reply", "new"),
    [
        (account_information(loyaltyLevel="7"), AccountInformation, "field: loyaltyLevel"),
        (
            account_information(pointBalances=[wallet(), wallet(scale=2)]),
            AccountInformation,
            "field: pointBalances[].scale",
        ),
        (account_information(accountStatus="FROZEN"), AccountInformation, "state: accountStatus: FROZEN"),
        (
            account_information(primaryCard=card("6000301000418000", status="LOST")),
            AccountInformation,
            "state: primaryCard.status: LOST",
        ),
        (gifts(status="HELD"), Transfers, "status: transferInfo[].status: HELD"),
        (
            gifts(transferDatetime="Nov 5, 2026 4:05 PM"),
            Transfers,
            "format: transferInfo[].transferDatetime: aaa 9, 9999 9:99 aa",
        ),
        (
            gifts(transferDatetime=1795912345000),
            Transfers,
            "format: transferInfo[].transferDatetime: 9999999999999",
        ),
        (
            gifts(balance=balance(destinationAmount="1,50")),
            Transfers,
            "format: transferInfo[].balance.destinationAmount: 9,99",
        ),
        (gifts(balance=balance(points=2)), Transfers, "field: transferInfo[].balance.points"),
        (
            b"\xef\xbb\xbf" + json.dumps({"result": "success", "newest": 1}).encode(),
            Transfers,
            "field: newest",
        ),
    ],
)
def test_finds_what_is_new_by_its_name(body: Any, reply: type[Wire], new: str) -> None:
    assert found(body, reply) == {new}


def test_finds_new_result_words_and_error_codes() -> None:
    assert found({"result": "maybe"}, result="maybe") == {"result: maybe"}
    assert found({}, result="failure", code="gifttransfer.asleep") == {"error code: gifttransfer.asleep"}
    for known in ("guest.system_error", "system.error", "could_not_authenticate", "oauth.account_locked"):
        assert found({}, result="failure", code=known) == set()


@pytest.mark.parametrize(
    "name",
    [
        "6000301000418000",
        "ana@example.net",
        "12 Main Street",
        "x" * 200,
        "code7",
        "ana_elise",
        "ü",
        "",
        "a\nb",
    ],
)
def test_keeps_no_name_that_may_be_a_value(name: str) -> None:
    assert found(account_information(**{name: 1}), username="ana_elise") == {f"field: {NO_NAME}"}
    refused = found({}, result="failure", code=name or "1", username="ana_elise")
    assert refused == {f"error code: {NO_NAME}"}
    if name:
        odd_state = found(account_information(accountStatus=name), username="ana_elise")
        assert odd_state == {f"state: accountStatus: {NO_NAME}"}


def test_shows_no_digit_and_no_word_of_a_date() -> None:
    new = found(gifts(transferDatetime="ana@example.net 6000301000418000"), Transfers)

    assert new == {f"format: transferInfo[].transferDatetime: {NO_NAME}"}


@pytest.mark.parametrize("size", [6, 100, 10_000])
def test_counts_an_object_of_many_new_members_as_one(size: int) -> None:
    many = {
        f"{'abcdefghij'[each % 10] * (each // 10 + 1)}"[:300] + "x" * (each % 7): each for each in range(size)
    }

    assert found(account_information(**many)) == {f"field: {MANY}"}


def test_is_bounded_whatever_comes() -> None:
    words = ["".join("abcdefghij"[int(digit)] for digit in str(number)) for number in range(2_000)]
    body = gifts()
    body["transferInfo"] = [transfer(**{f"a{word}": 1, "status": word.upper()}) for word in words]

    assert len(found(body, Transfers)) <= 30


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b'"success"',
        b"[" * 5_000,
        b'{"a": ' * 5_000,
        b"{}",
        b'{"pointBalances": {}}',
    ],
)
def test_has_nothing_to_say_of_what_is_no_reply(body: bytes) -> None:
    assert found(body) == set()


def test_says_nothing_of_a_call_without_an_answer() -> None:
    assert (
        novelties(Call(Operation("guest/accountInformation"), B2BStyle(), {}), AccountInformation)
        == frozenset()
    )
