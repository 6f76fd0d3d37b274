"""Answers of accountInformation whose lists and objects are not as documented, and what the guest reads out.

Written from docs/paytronix-api.md, section 5: what is absent is nothing of the kind, null and odd is not known, and
one odd member takes nothing else along.
"""

import copy
import operator
from collections.abc import Iterator
from functools import cache, reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import builders
from tests.unit.replies.account_page import lines_of, words_of

VISITS = builders.wallet(walletCode=5, name="Visits", balance="27")
COFFEE = builders.wallet(walletCode=21, name="Free Coffee", balance="3")
MONEY = builders.wallet(walletCode=1, name="Stored Value", balance="42.50")
OTHER_CARD = builders.card("6000301000731214")
POINTS_UNREAD = "Your points could not be read this time."
REWARDS_UNREAD = "Your rewards could not be read this time."
NO_REWARDS = "No rewards to use now"


def bare(**members: object) -> builders.Payload:
    """A success that says no more than that the card is good, and these members."""
    return {"result": "success", "accountStatus": "ACTIVE", "queryCardStatus": "ACTIVE", **members}


@pytest.mark.parametrize(
    ("members", "says", "does_not_say"),
    [
        # Lists: absent, empty, null, something else.
        ({}, [], [POINTS_UNREAD, REWARDS_UNREAD, NO_REWARDS, "Nothing on this card"]),
        ({"rewardBalances": []}, [NO_REWARDS], [REWARDS_UNREAD, POINTS_UNREAD]),
        ({"rewardBalances": None}, [REWARDS_UNREAD], [NO_REWARDS]),
        ({"rewardBalances": COFFEE}, [REWARDS_UNREAD], [NO_REWARDS]),
        ({"rewardBalances": "none"}, [REWARDS_UNREAD], [NO_REWARDS]),
        ({"pointBalances": []}, ["Nothing on this card yet"], [POINTS_UNREAD]),
        ({"pointBalances": None}, [POINTS_UNREAD], ["Nothing on this card"]),
        ({"pointBalances": 0}, [POINTS_UNREAD], ["Nothing on this card"]),
        ({"pointBalances": None, "storedValueBalance": MONEY}, ["$42.50"], ["Nothing on this card"]),
        # Members of a list.
        ({"pointBalances": [None, VISITS]}, ["27 Visits"], [POINTS_UNREAD]),
        ({"pointBalances": [VISITS, [], "odd", 7]}, ["27 Visits"], [POINTS_UNREAD]),
        ({"pointBalances": ["odd"]}, [POINTS_UNREAD], ["Nothing on this card"]),
        ({"rewardBalances": [None]}, [NO_REWARDS], [REWARDS_UNREAD]),
        ({"rewardBalances": [[COFFEE], COFFEE]}, ["Free Coffee"], [REWARDS_UNREAD]),
        # A member of a member.
        ({"pointBalances": [{**VISITS, "balance": []}]}, ["Visits: Not available"], [POINTS_UNREAD]),
        ({"pointBalances": [{**VISITS, "walletCode": {}}]}, ["27 Visits"], []),
        ({"pointBalances": [{**VISITS, "giftable": []}]}, ["27 Visits"], []),
        ({"rewardBalances": [{**COFFEE, "expirations": None}]}, ["Free Coffee"], ["expire"]),
        ({"rewardBalances": [{**COFFEE, "expirations": [None]}]}, ["Free Coffee"], ["expire"]),
        (
            {"rewardBalances": [{**COFFEE, "expirations": builders.expiration()}]},
            ["Free Coffee", "Some with an end date that is not available"],
            [],
        ),
        # One object, and not a list of one.
        ({"storedValueBalance": MONEY}, ["$42.50"], ["Balance Not available"]),
        ({"storedValueBalance": None}, ["Balance Not available"], ["$0"]),
        ({"storedValueBalance": []}, ["Balance Not available"], ["$0"]),
        ({"storedValueBalance": [MONEY]}, ["Balance Not available"], ["$0", "$42.50"]),
        # Cards.
        ({"additionalCards": [None, OTHER_CARD]}, ["731214"], []),
        ({"additionalCards": ["6000301000731214", OTHER_CARD]}, ["731214"], []),
        ({"additionalCards": OTHER_CARD}, ["418000"], ["731214"]),
        ({"primaryCard": "6000301000731214"}, ["418000"], ["731214"]),
        ({"primaryCard": [OTHER_CARD]}, ["418000"], ["731214"]),
        ({"primaryCard": {**OTHER_CARD, "status": []}}, ["731214"], []),
        # Other lists and objects.
        ({"fields": {"perks": [None, 7, {"label": "Free delivery"}]}}, ["Free delivery"], []),
        ({"fields": {"perks": "Free delivery"}}, [], ["Perks"]),
        ({"fields": []}, ["418000"], []),
        ({"enrollmentStore": [builders.store()]}, ["418000"], ["Corporate"]),
    ],
    ids=str,
)
def test_tells_what_it_knows_and_claims_no_more(
    members: builders.Payload, says: list[str], does_not_say: list[str]
) -> None:
    text = words_of(bare(**members))

    assert [words for words in says if words not in text] == []
    assert [words for words in does_not_say if words in text] == []


WHOLE = builders.account_information(
    pointBalances=[VISITS, builders.wallet(walletCode=3, name="Points", balance="0")],
    rewardBalances=[{**COFFEE, "expirations": [builders.expiration()]}],
    storedValueBalance=MONEY,
    additionalCards=[OTHER_CARD],
    fields=builders.fields(perks=["Free delivery"], externalAccounts=["Delivery"]),
)
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, [], {}, 0, 7, True, "", "odd", [[]], [None], [{}], {"odd": []}, 1.5, [7]]
)
Path = tuple[str | int, ...]


def paths(value: object, above: Path = ()) -> Iterator[Path]:
    """Where every member stands, at any depth."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for place, member in members:
        yield (*above, place)
        yield from paths(member, (*above, place))


def bent(path: Path, *odd: object) -> Any:
    """WHOLE with `odd` in one place, or without that member."""
    reply: Any = copy.deepcopy(WHOLE)
    holder = reduce(operator.getitem, path[:-1], reply)
    if odd:
        (holder[path[-1]],) = odd
    else:
        del holder[path[-1]]
    return reply


@cache
def lines_of_its_own(path: Path) -> frozenset[str]:
    """The lines that a member, or the wallet or card that it belongs to, has on the page of WHOLE."""
    if path[0] in {
        "accountStatus",
        "queryCardStatus",
        "primaryCard",
    }:  # what is invited to stands in more lines
        return lines_of_whole() - set(lines_of(bent(("queryCardStatus",), "FROZEN")))
    if path[0] == "storedValueBalance":
        path = path[:1]
    while any(isinstance(place, int) for place in path) and not isinstance(path[-1], int):
        path = path[:-1]
    return lines_of_whole() - set(lines_of(bent(path)))


few = settings(max_examples=40)  # each renders a page, and there are not many more


@cache
def lines_of_whole() -> frozenset[str]:
    return frozenset(lines_of(WHOLE))


@settings(max_examples=80)
@given(path=st.sampled_from([path for path in paths(WHOLE) if path != ("result",)]), odd=ODD)
def test_never_takes_more_than_its_own_lines_away(path: Path, odd: object) -> None:
    for reply in (bent(path, odd), bent(path)):
        gone = lines_of_whole() - set(lines_of(reply))

        assert gone <= lines_of_its_own(path)


@few
@given(place=st.sampled_from(["pointBalances", "rewardBalances", "additionalCards"]), odd=ODD)
def test_never_takes_the_neighbours_of_a_member_away(place: str, odd: object) -> None:
    members = WHOLE[place]
    assert isinstance(members, list)

    for beside in ([odd, *members], [*members, odd]):
        assert lines_of_whole() <= set(lines_of({**WHOLE, place: beside}))


@few
@given(name=st.sampled_from(sorted(MONEY)), odd=ODD)
def test_shows_a_balance_whatever_stands_in_one_of_its_members(name: str, odd: object) -> None:
    text = words_of(bare(storedValueBalance={**MONEY, name: odd}))

    assert name == "balance" or "42.5" in text
