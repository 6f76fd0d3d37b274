"""Answers of accountInformation about states and cards, and those that are no balance, and what the guest reads out.

Written from docs/paytronix-api.md, sections 5 and 9.
"""

import json

import pytest

from tests.support import builders
from tests.support.builders import CARD_NUMBER
from tests.unit.replies.account_page import lines_of, words_of

OTHER = "6000301000909909"
ACTIVE = "This card is active and can be used."
# The demo merchant's words.
ON_HOLD = "This card is on hold and cannot be used for now."
OFF = "This card has been switched off and cannot be used."
EXCHANGED = "This card has been exchanged. Use the card ending 909909 instead."
MOVED = "Everything on this card was moved to another card."
NOT_ACTIVE_YET = "This card is not active yet."
ASK = "Ask us whether that one can be used."
UNKNOWN = "Whether this card can be used is not available right now."


def states(card: object = None, account: object = None, **members: object) -> builders.Payload:
    """A success with these two states; None leaves one out."""
    stated = {"queryCardStatus": card, "accountStatus": account}
    told = {name: state for name, state in stated.items() if state is not None}
    return {"result": "success", **told, **members}


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        *((states(state, state), ACTIVE) for state in ("ACTIVE", "active", "Active")),
        *((states(state, "ACTIVE"), ON_HOLD) for state in ("SUSPENDED", "suspended")),
        *((states("ACTIVE", state), ON_HOLD) for state in ("SUSPENDED", "Suspended")),
        *((states(state, "ACTIVE"), OFF) for state in ("DISABLED", "disabled")),
        *((states(state, "ACTIVE"), MOVED) for state in ("TERMINATED", "terminated")),
        *((states("ACTIVE", state), MOVED) for state in ("TERMINATED", "Terminated")),
        (states("EXCHANGED", "ACTIVE", primaryCard=builders.card(OTHER)), EXCHANGED),
        (states("exchanged", "active", primaryCard=builders.card(OTHER, status="active")), EXCHANGED),
        (states("EXCHANGED", "ACTIVE", primaryCard=builders.card(OTHER, status="TERMINATED")), ASK),
        (states("EXCHANGED", "ACTIVE"), "This card was exchanged for another one and can no longer be used."),
        # One of the two is told.
        *((states("ACTIVE"), ACTIVE), (states(None, "ACTIVE"), ACTIVE), (states(None, "Disabled"), OFF)),
        # None is, or none that is documented.
        *((states(), UNKNOWN), (states("", " "), UNKNOWN), (states([], {}), UNKNOWN)),
        *((states(state, "ACTIVE"), f"is {state}. Ask us") for state in ("FROZEN", "frozen", "Lost card")),
    ],
    ids=repr,
)
def test_says_whether_the_card_can_be_used(reply: builders.Payload, says: str) -> None:
    assert says in words_of(reply)


def test_says_nowhere_how_to_use_a_card_from_which_everything_was_moved() -> None:
    text = words_of(states("ACTIVE", "TERMINATED", rewardBalances=[], pointBalances=[]))

    assert [
        words for words in (ACTIVE, "Show the card when you pay", "Nothing on this card yet") if words in text
    ] == []


@pytest.mark.parametrize(
    ("members", "says", "does_not_say"),
    [
        # The documented sample: two cards under one number, told apart by their masks.
        (
            {
                "primaryCard": builders.card(),
                "additionalCards": [builders.card(maskedCardNumber="399785", status="DISABLED")],
            },
            [ACTIVE, "Card ending 399785 Disabled"],
            [OFF],
        ),
        (
            {"primaryCard": builders.card(maskedCardNumber="399785", status="SUSPENDED")},
            [ACTIVE, "Main card, ending 399785 Suspended"],
            [ON_HOLD],
        ),
        # What is listed of the card that was asked about does not outvote queryCardStatus.
        ({"additionalCards": [builders.card(status="DISABLED")]}, [ACTIVE], [OFF, "Your other cards"]),
        ({"primaryCard": builders.card(status="disabled")}, [ACTIVE], [OFF, "Your other cards"]),
        # The number in every form.
        ({"primaryCard": builders.card(printedCardNumber=int(CARD_NUMBER))}, [ACTIVE], ["Your other cards"]),
        (
            {"primaryCard": builders.card(printedCardNumber="6000 3010 0041 8000")},
            [ACTIVE],
            ["Your other cards"],
        ),
        (
            {"primaryCard": builders.card(printedCardNumber="**********418000")},
            [ACTIVE],
            ["Your other cards"],
        ),
        ({"primaryCard": {"maskedCardNumber": 418000}}, [ACTIVE], ["Your other cards"]),
        ({"additionalCards": [{"maskedCardNumber": "909909"}]}, ["Card ending 909909 Status not"], []),
        ({"additionalCards": [builders.card(OTHER, status="active")]}, ["Card ending 909909 Active"], []),
        ({"additionalCards": [builders.card(OTHER, status="TERMINATED")]}, ["ending 909909 Closed"], []),
        ({"additionalCards": [{}, {"status": "ACTIVE"}]}, [ACTIVE], ["Your other cards"]),
    ],
    ids=repr,
)
def test_tells_the_cards_apart(members: builders.Payload, says: list[str], does_not_say: list[str]) -> None:
    text = words_of(states("ACTIVE", "ACTIVE", **members))

    assert [words for words in says if words not in text] == []
    assert [words for words in does_not_say if words in text] == []


@pytest.mark.parametrize(
    ("members", "line"),
    [
        *(({"isRegistered": word}, "Yes") for word in (True, "true", "True")),
        *(({"isRegistered": word}, "No: this card is not tied to a person") for word in (False, "false")),
        ({"registrationStatus": "Registered"}, "Yes"),
        ({"registrationStatus": "Unregistered"}, "No: this card is not tied to a person"),
        ({"isRegistered": True, "username": "GuestREST"}, "Yes, to GuestREST"),
        *(({}, "Not available"), ({"isRegistered": None}, "Not available")),
        ({"isRegistered": []}, "Not available"),
    ],
    ids=repr,
)
def test_says_whether_the_card_is_registered(members: builders.Payload, line: str) -> None:
    lines = lines_of(states("ACTIVE", "ACTIVE", **members))

    assert lines[lines.index("Registered") + 1] == line


ODD_CARDS: list[object] = [None, "6000301000909909", {}]
NO_WORDS: list[object] = [None, True, {}]
NO_REPLIES: list[object] = [{}, [], "success"]


def invalid(**members: object) -> builders.Payload:
    return {"result": "invalid_status", **members}


MASKED = {"maskedCardNumber": "909909", "status": "ACTIVE"}
NUMBERED = builders.card(OTHER)


@pytest.mark.parametrize(
    ("reply", "says", "does_not_say"),
    [
        (invalid(), [NOT_ACTIVE_YET], ["status of this card"]),
        # The state, in the merchant's words where it has some.
        (invalid(queryCardStatus="SUSPENDED"), [ON_HOLD], [NOT_ACTIVE_YET]),
        (invalid(accountStatus="suspended"), [ON_HOLD], [NOT_ACTIVE_YET]),
        (invalid(queryCardStatus="DISABLED", accountStatus="ACTIVE"), [OFF], [NOT_ACTIVE_YET]),
        (invalid(queryCardStatus="TERMINATED"), [MOVED], [NOT_ACTIVE_YET]),
        (invalid(accountStatus="Terminated", queryCardStatus="ACTIVE"), [MOVED], [NOT_ACTIVE_YET]),
        (invalid(queryCardStatus="INACTIVE"), [NOT_ACTIVE_YET, "The status of this card is INACTIVE."], []),
        # A state that would contradict the page, or none.
        (invalid(queryCardStatus="ACTIVE", accountStatus="ACTIVE"), [NOT_ACTIVE_YET], [ACTIVE]),
        (invalid(queryCardStatus=None), [NOT_ACTIVE_YET], [UNKNOWN]),
        (invalid(queryCardStatus=["EXCHANGED"]), [NOT_ACTIVE_YET], ["exchanged", UNKNOWN]),
        # The replacement, by its last six digits.
        (invalid(queryCardStatus="EXCHANGED", primaryCard=MASKED), [EXCHANGED], [NOT_ACTIVE_YET]),
        (invalid(queryCardStatus="exchanged", primaryCard=NUMBERED), [EXCHANGED], [OTHER]),
        (
            invalid(queryCardStatus="EXCHANGED", primaryCard={"printedCardNumber": "6000 3010 0090 9909"}),
            [EXCHANGED],
            ["0090"],
        ),
        (
            invalid(queryCardStatus="EXCHANGED", primaryCard={**MASKED, "status": "DISABLED"}),
            ["909909", ASK],
            [],
        ),
        # No replacement: the card itself, or nothing that can be read.
        (invalid(queryCardStatus="EXCHANGED", primaryCard=builders.card()), ["another one"], ["418000"]),
        *(
            (invalid(queryCardStatus="EXCHANGED", primaryCard=odd), ["exchanged for another one"], ["ending"])
            for odd in ODD_CARDS
        ),
        # A balance in it is not shown.
        (invalid(storedValueBalance=builders.wallet(balance="4711.77")), [NOT_ACTIVE_YET], ["4711", "4,711"]),
    ],
    ids=repr,
)
def test_tells_what_an_invalid_status_says_of_the_card(
    reply: builders.Payload, says: list[str], does_not_say: list[str]
) -> None:
    text = words_of(reply)

    assert [words for words in says if words not in text] == []
    assert [words for words in does_not_say if words in text] == []


SICK = "We cannot look up cards right now"
EXCEPTION = "java.sql.SQLTransientConnectionException: no connection"
GOOD = json.dumps(builders.account_information()).encode()


@pytest.mark.parametrize(
    ("reply", "status", "says", "does_not_say"),
    [
        # A refusal is told in Paytronix's words, an error inside Paytronix is an outage.
        (builders.failure(), 200, "The card was not found", SICK),
        (builders.failure(errorMessage="Ask for the &amp; key"), 200, "Ask for the & key", SICK),
        *(
            (
                builders.failure(result="failed", errorCode="system.error", errorMessage=EXCEPTION),
                status,
                SICK,
                "java",
            )
            for status in (200, 500)
        ),
        (builders.failure(errorCode="guest.system_error", errorMessage=EXCEPTION), 200, SICK, "java"),
        # Neither yes nor no.
        *(({"result": result}, 200, SICK, ACTIVE) for result in ("SUCCESS", "pending", "")),
        *(({"result": result}, 200, SICK, ACTIVE) for result in NO_WORDS),
        *((body, 200, SICK, ACTIVE) for body in NO_REPLIES),
        *((body, 200, SICK, ACTIVE) for body in (b"", b"{", b"\xff\xfe")),
        *(
            (b"<!DOCTYPE html><html><body>no</body></html>", status, SICK, "html")
            for status in (200, 503, 521)
        ),
        (states("ACTIVE"), 500, SICK, ACTIVE),
        # A byte order mark before JSON, and members that nobody knows.
        (b"\xef\xbb\xbf" + GOOD, 200, ACTIVE, SICK),
        (builders.account_information(newInThisRelease={"deep": [None, {"er": 1}]}), 200, ACTIVE, SICK),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_tells_a_refusal_from_an_outage(reply: object, status: int, says: str, does_not_say: str) -> None:
    text = words_of(reply, status=status)

    assert says in text
    assert does_not_say not in text
