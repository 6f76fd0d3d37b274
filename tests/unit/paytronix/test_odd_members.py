"""Members that are absent, null or not of the agreed shape: told apart, named, and no harm to their neighbours."""

import pytest

from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import Items, decode, encode, odd_members
from tests.support import builders
from tests.support.builders import without
from tests.support.reply_structs import decoded, snake

SECRET = "4815162342-canary"


LISTS = {"additionalCards", "pointBalances", "rewardBalances"}


def test_tells_an_absent_list_from_null_and_from_an_empty_one() -> None:
    absent, null = decoded({}), decoded(dict.fromkeys(LISTS))
    empty = decoded({name: [] for name in LISTS})

    assert absent == AccountInformation()
    for name in LISTS:
        found = [getattr(reply, snake(name)) for reply in (absent, null, empty)]
        assert [each.is_absent for each in found] == [True, False, False]
        assert [each.is_whole for each in found] == [False, False, True]
        assert [list(each) for each in found] == [[], [], []]


def test_takes_null_members_for_unknown() -> None:
    reply = decoded(dict.fromkeys(builders.account_information().keys() - LISTS))

    assert reply == AccountInformation()
    assert not reply.primary_card.is_absent


@pytest.mark.parametrize(
    ("payload", "odd"),
    [
        ({"pointBalances": SECRET}, "pointBalances"),
        ({"pointBalances": [SECRET]}, "pointBalances: 1"),
        ({"pointBalances": [{"balance": [SECRET]}]}, "pointBalances[].balance"),
        ({"rewardBalances": [{"walletCode": {SECRET: SECRET}}]}, "rewardBalances[].walletCode"),
        ({"storedValueBalance": [SECRET]}, "storedValueBalance"),
        ({"storedValueBalance": []}, "storedValueBalance"),
        ({"primaryCard": SECRET}, "primaryCard"),
        ({"primaryCard": {"printedCardNumber": {"number": SECRET}}}, "primaryCard.printedCardNumber"),
        ({"primaryCard": {"maskedCardNumber": [SECRET]}}, "primaryCard.maskedCardNumber"),
        ({"additionalCards": [SECRET, [SECRET]]}, "additionalCards: 2"),
        ({"additionalCards": builders.card()}, "additionalCards"),
        ({"additionalCards": [{"status": {SECRET: SECRET}}]}, "additionalCards[].status"),
        ({"accountStatus": [SECRET]}, "accountStatus"),
        ({"queryCardStatus": {SECRET: SECRET}}, "queryCardStatus"),
        ({"fields": {"perks": [[SECRET]]}}, "fields.perks: 1"),
    ],
)
def test_names_odd_members_and_takes_nothing_else_away(payload: builders.Payload, odd: str) -> None:
    (name,) = payload
    reply = decoded(builders.account_information(**payload))
    others = decoded(without(builders.account_information(), name))

    assert odd_members(reply) == [odd]
    for other in (each for each in reply.__struct_fields__ if each != snake(name)):
        assert getattr(reply, other) == getattr(others, other)


def test_names_no_odd_member_of_what_is_as_agreed() -> None:
    assert odd_members(decoded(builders.account_information())) == []
    assert odd_members(decoded(dict.fromkeys(builders.account_information()))) == []


def test_skips_null_members_of_a_list_and_keeps_their_neighbours() -> None:
    reply = decoded({"pointBalances": [None, builders.wallet()], "additionalCards": [None]})

    assert [each.balance.value for each in reply.point_balances] == ["1"]
    assert reply.point_balances.is_whole
    assert reply.additional_cards == Items()


def test_keeps_what_was_odd_when_it_is_written_down() -> None:
    payload = {"pointBalances": ["odd", builders.wallet()], "rewardBalances": "odd", "storedValueBalance": []}
    once = decoded(payload)
    again = decode(encode(once), AccountInformation)

    assert again == once
    assert (again.point_balances.left_out, again.reward_balances.is_odd) == (1, True)
    assert not again.stored_value_balance.is_absent
    assert again.additional_cards.is_absent
