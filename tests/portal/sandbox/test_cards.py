"""What each seeded card answers with."""

import json
from pathlib import Path
from typing import Any

import pytest

from guestportal.sandbox.cards import (
    CARDS,
    DISABLED,
    EXCHANGED,
    INVALID_STATUS,
    LOCKED,
    OLD_RELEASE,
    REPLACEMENT,
    SEED,
    SUSPENDED,
    UNREGISTERED,
    Card,
    card_table,
)
from tests.support.raw_http import ask, card_parameters
from tests.support.sandbox import SandboxProcess

SEED_REPLY = Path(__file__).resolve().parents[2] / "support" / "payloads" / "account_information.json"


def look_at(sandbox: SandboxProcess, card: Card) -> Any:
    answer = ask(sandbox, query=card_parameters(card))
    assert answer.status == 200
    return answer.json


def wallets_of(reply: Any) -> list[Any]:
    stored = [reply["storedValueBalance"]] if "storedValueBalance" in reply else []
    return [*stored, *reply["pointBalances"], *reply["rewardBalances"]]


def test_the_seeds_card_answers_with_the_seeds_reply_field_for_field(sandbox: SandboxProcess) -> None:
    reply = look_at(sandbox, SEED)
    printed = json.loads(SEED_REPLY.read_text(encoding="utf-8"))
    assert reply == printed
    assert list(reply) == list(printed)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.nickname)
def test_every_card_opens_with_its_code_and_is_in_the_table(sandbox: SandboxProcess, card: Card) -> None:
    assert look_at(sandbox, card)["result"] in {"success", "failure", "invalid_status"}
    [row] = [line for line in card_table() if line.startswith(f"{card.number} ")]
    assert row.split()[1] == card.code
    assert card.description in row


@pytest.mark.parametrize(
    "card", [card for card in CARDS if card != OLD_RELEASE], ids=lambda card: card.nickname
)
def test_balances_are_decimal_strings(sandbox: SandboxProcess, card: Card) -> None:
    reply = look_at(sandbox, card)
    for wallet in wallets_of(reply) if reply["result"] == "success" else []:
        assert isinstance(wallet["balance"], str)
        assert isinstance(wallet["walletCode"], int)
        assert isinstance(wallet["giftable"], bool)
        assert all(isinstance(part["amount"], str) for part in wallet.get("expirations", []))


@pytest.mark.parametrize(
    ("card", "account_status", "card_status"),
    [
        (SUSPENDED, "SUSPENDED", "ACTIVE"),
        (EXCHANGED, "ACTIVE", "EXCHANGED"),
        (DISABLED, "ACTIVE", "DISABLED"),
    ],
    ids=lambda value: value.nickname if isinstance(value, Card) else value,
)
def test_states_are_told_for_account_and_card_apart(
    sandbox: SandboxProcess, card: Card, account_status: str, card_status: str
) -> None:
    reply = look_at(sandbox, card)
    assert (reply["accountStatus"], reply["queryCardStatus"]) == (account_status, card_status)


def test_the_exchanged_card_names_its_replacement_which_opens_too(sandbox: SandboxProcess) -> None:
    asked, replacement = look_at(sandbox, EXCHANGED), look_at(sandbox, REPLACEMENT)
    assert asked["primaryCard"] == {
        "maskedCardNumber": REPLACEMENT.number[-6:],
        "printedCardNumber": REPLACEMENT.number,
        "status": "ACTIVE",
    }
    assert {**asked, "queryCardStatus": "ACTIVE"} == replacement


def test_invalid_status_has_two_states_and_no_balance(sandbox: SandboxProcess) -> None:
    assert look_at(sandbox, INVALID_STATUS).keys() == {"result", "accountStatus", "queryCardStatus"}


def test_the_unregistered_card_has_no_guest(sandbox: SandboxProcess) -> None:
    reply = look_at(sandbox, UNREGISTERED)
    assert reply["isRegistered"] is False
    assert not {"username", "tierLabel", "fields", "enrollmentStore"} & reply.keys()


def test_the_locked_card_fails_with_code_and_message(sandbox: SandboxProcess) -> None:
    assert look_at(sandbox, LOCKED) == {
        "result": "failure",
        "errorCode": "account_info.account_locked",
        "errorMessage": "The account is locked",
    }


def test_the_old_release_sends_numbers_unquoted_with_each_digit(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, query=card_parameters(OLD_RELEASE))
    assert b'"balance": 12.10,' in answer.body
    assert f'"printedCardNumber": {OLD_RELEASE.number},'.encode() in answer.body
    assert answer.json["isRegistered"] == "true"
    assert answer.json["registrationStatus"] == "Registered"
    assert "releaseInfo" in answer.json
