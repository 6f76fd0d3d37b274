"""What each seeded card answers with."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guestportal.sandbox import accounts
from guestportal.sandbox.cards import (
    CARDS,
    DISABLED,
    EXCHANGED,
    HUGE,
    INVALID_STATUS,
    LOCKED,
    OLD_RELEASE,
    REPLACEMENT,
    RICH,
    SEED,
    SHORT,
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


def test_numbers_and_nicknames_are_unique() -> None:
    assert len({card.number for card in CARDS}) == len({card.nickname for card in CARDS}) == len(CARDS)


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


def test_the_rich_card_has_something_in_every_part(sandbox: SandboxProcess) -> None:
    reply = look_at(sandbox, RICH)
    assert reply["storedValueBalance"]["balance"] == "42.50"
    assert [wallet["balance"] for wallet in reply["pointBalances"]] == ["1250", "8730", "312.75", "27"]
    assert reply["tierLabel"] == "Gold"
    assert reply["enrollmentStore"] != reply["fields"]["favoriteStore"]
    assert len(reply["fields"]["perks"]) == 2
    assert reply["additionalCards"][0]["maskedCardNumber"] == "731214"
    assert any("description" in reward for reward in reply["rewardBalances"])


def test_the_rich_cards_rewards_end_after_today_and_one_never_does(sandbox: SandboxProcess) -> None:
    today = datetime.now(UTC).date().isoformat()
    rewards = look_at(sandbox, RICH)["rewardBalances"]
    dates = [part["expirationDate"] for reward in rewards for part in reward.get("expirations", [])]
    assert len(set(dates)) >= 3
    assert min(dates) > today
    assert any("expirations" not in reward for reward in rewards)


def test_expirations_follow_the_sandboxs_clock(sandbox: SandboxProcess) -> None:
    before = look_at(sandbox, RICH)["rewardBalances"][0]["expirations"][0]["expirationDate"]
    sandbox.set_clock_offset(400 * 86400)
    assert look_at(sandbox, RICH)["rewardBalances"][0]["expirations"][0]["expirationDate"] > before


def test_the_short_card_has_14_digits_and_a_leading_zero(sandbox: SandboxProcess) -> None:
    assert (len(SHORT.number), SHORT.number[0], len(SHORT.code)) == (14, "0", 4)
    assert look_at(sandbox, SHORT)["primaryCard"]["printedCardNumber"] == SHORT.number


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


def test_huge_balances_and_hostile_names_arrive_unchanged(sandbox: SandboxProcess) -> None:
    wallets = wallets_of(look_at(sandbox, HUGE))
    balances = [wallet["balance"] for wallet in wallets]
    assert {accounts.HUGE_BALANCE, accounts.NEGATIVE_BALANCE, "9" * 60} <= set(balances)
    names = {wallet["name"] for wallet in wallets}
    assert {
        accounts.SCRIPT_NAME,
        accounts.QUOTED_NAME,
        accounts.RIGHT_TO_LEFT_NAME,
        accounts.ACCENTED_NAME,
        accounts.EMOJI_NAME,
        accounts.LONG_NAME,
    } == names
    assert len(accounts.LONG_NAME) == 200


def test_the_old_release_sends_numbers_unquoted_with_each_digit(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, query=card_parameters(OLD_RELEASE))
    assert b'"balance": 12.10,' in answer.body
    assert f'"printedCardNumber": {OLD_RELEASE.number},'.encode() in answer.body
    assert answer.json["isRegistered"] == "true"
    assert answer.json["registrationStatus"] == "Registered"
    assert "releaseInfo" in answer.json
