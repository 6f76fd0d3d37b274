"""Lists of transfers: an odd value takes away itself, an odd transfer itself, and what is missing proves nothing."""

import json

import pytest

from guestportal.paytronix.replies.gift_transfer import GiftingConfigs, TransferReply, Transfers
from guestportal.paytronix.replies.structs import decode, encode
from guestportal.paytronix.scalars import whole_number
from tests.support.gift_payloads import balance, external, transfer

GOOD = transfer(transferOutTransactionId=1)


def read(*payloads: object) -> Transfers:
    body = json.dumps({"result": "success", "transferInfo": list(payloads)}).encode()
    return decode(body, Transfers)


def numbers(transfers: Transfers) -> list[str | None]:
    return [each.transfer_out_transaction_id for each in transfers.readable]


@pytest.mark.parametrize(
    "odd",
    [
        transfer(inbound=1),
        transfer(transferExpirationDays=30.0),
        transfer(transferExpirationDays=[]),
        transfer(fromUserInformation=[]),
        transfer(toUserInformation=""),
        transfer(fromUserInformation={"firstName": {"en": "Rosa"}}),
        transfer(responseMessage=["x"]),
        transfer(externalTargetLink={}),
        transfer(externalTarget=external(integration="email")),
        transfer(balance=balance(sourceWalletCode=21.0, destinationWalletCode="21")),
        transfer(balance=balance(destinationWalletPluralName=[], expirationDate={}, expirationDays=1.5)),
    ],
)
def test_an_odd_value_beside_the_point_takes_no_gift_away(odd: dict[str, object]) -> None:
    found = read(GOOD, odd)

    assert len(found.readable) == 2
    assert found.is_whole
    assert not found.has_unread


@pytest.mark.parametrize(
    "odd",
    [
        "a gift",
        [],
        transfer(status=["PENDING"]),
        transfer(transferMessage=["x"]),
        transfer(externalTarget="jo@example.net"),
        transfer(balance=[]),
        transfer(balance=balance(destinationAmount={"value": 1})),
        transfer(transferOutTransactionId={}),
    ],
)
def test_what_is_no_gift_takes_no_other_gift_away_and_leaves_the_list_not_whole(odd: object) -> None:
    found = read(GOOD, odd, transfer(transferOutTransactionId=2))

    assert numbers(found) == ["1", "2"]
    assert found.has_unread
    assert not found.is_whole


@pytest.mark.parametrize(
    "members",
    [{}, *({"transferInfo": odd} for odd in (None, {"status": "PENDING"}, "none", 0, False)), {"gifts": []}],
)
def test_what_is_no_list_says_nothing_of_any_gift(members: dict[str, object]) -> None:
    found = decode(json.dumps({"result": "success", **members}).encode(), Transfers)

    assert (found.readable, found.is_whole, found.lacks) == ((), False, "transferInfo")
    assert (read().is_whole, read().lacks) == (True, "")


@pytest.mark.parametrize("name", ["transferInfos", "transfers"])
@pytest.mark.parametrize("beside", [{}, {"transferInfo": None}])
def test_a_list_under_the_plural_name_is_read_and_noticed(name: str, beside: dict[str, object]) -> None:
    found = decode(json.dumps({"result": "success", **beside, name: [GOOD]}).encode(), Transfers)

    assert numbers(found) == ["1"]
    assert (found.is_whole, found.is_under_another_name) == (True, True)
    assert not read(GOOD).is_under_another_name


def test_a_null_gift_is_no_gift_and_nothing_unread() -> None:
    found = read(GOOD, None)

    assert (numbers(found), found.is_whole) == (["1"], True)


def test_no_digit_is_lost() -> None:
    body = (
        b'{"transferInfo": [{"transferOutTransactionId": 9007199254740993, "fromPrintedCardNumber": 6000301000418000,'
        b' "balance": {"destinationAmount": 0.10, "sourceAmount": 12345678901234567.89, "sourceWalletCode": 21.0}}]}'
    )
    (found,) = decode(body, Transfers).readable

    assert found.transfer_out_transaction_id == "9007199254740993"
    assert found.from_printed_card_number == "6000301000418000"
    assert found.balance is not None
    assert (found.balance.destination_amount, found.balance.source_amount) == ("0.10", "12345678901234567.89")
    assert whole_number(found.balance.source_wallet_code) == 21


def test_writes_what_it_reads_back_alike() -> None:
    (found,) = read(transfer(externalTarget=external(), responseMessage="Thanks", inbound=1)).readable

    assert decode(encode(found), TransferReply) == found


def test_reads_a_wallet_code_however_it_was_written() -> None:
    body = b'{"configs": [{"walletCode": 21.0}, {"walletCode": "21"}, {"walletCode": 21}]}'
    configs = decode(body, GiftingConfigs).configs

    assert [whole_number(each.wallet_code.value) for each in configs] == [21, 21, 21]


@pytest.mark.parametrize("members", [{}, {"configs": None}, {"configs": {}}, {"gifts": []}])
def test_says_nothing_of_what_may_be_sent_without_the_list(members: dict[str, object]) -> None:
    assert decode(json.dumps(members).encode(), GiftingConfigs).lacks == "configs"
    assert decode(b'{"configs": []}', GiftingConfigs).lacks == ""


def test_an_odd_reward_takes_no_other_away() -> None:
    body = b'{"configs": [null, "odd", {"walletCode": 21, "quantityRequired": []}, {"walletCode": 22}]}'
    configs = decode(body, GiftingConfigs).configs

    assert [each.wallet_code.value for each in configs] == ["21", "22"]
    assert configs.left_out == 1
