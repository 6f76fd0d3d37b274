"""The words of the pages of sending, for what the sandbox does not show."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from gifting.gift.domain import GiftStatus
from gifting.ledger.wish import Recipient, SendingLimit, WishState
from gifting.sending.domain import Following, Obstacle, Offer
from gifting.sending.words import ago, balance_words, cost_words, limit_words, obstacle_words, tell, terms
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Unit
from tests.support.gift_payloads import NOW, gift, sent


def amount(text: str, unit: Unit = Unit.NUMBER, currency: str | None = None) -> Amount:
    return Amount(text, Decimal(text), unit, currency)


VISITS = Offer(
    wallet_code=5,
    label="Coffee and a Pastry",
    cost=amount("10"),
    wallet_name="Visits",
    balance=amount("12"),
    left=amount("2"),
)
FOLLOWING = Following(
    id=uuid4(),
    state=WishState.SENT,
    label="Free Coffee",
    cost=amount("1", Unit.ITEMS),
    wallet_name="Free Coffee",
    recipient=Recipient(address="mira@example.net", name="Mira"),
    message="",
    reference="",
    sent_at=NOW,
)


def test_units_are_the_wallets_own() -> None:
    assert cost_words(VISITS) == "10 Visits"
    assert terms(VISITS) == "Takes 10 Visits. You have 12, and 2 after sending."
    money = replace(VISITS, cost=amount("5.00", Unit.MONEY, "USD"), wallet_name="Stored Value")
    assert cost_words(money) == "$5.00 Stored Value"
    assert cost_words(replace(VISITS, wallet_name="")) == "10"
    assert balance_words(replace(VISITS, balance=None)) == "none"
    off = replace(VISITS, cost=amount("1"), wallet_name="5 Off Any Order")
    assert cost_words(off) == "1 × 5 Off Any Order"


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        (Obstacle.SHORT, "3 more Visits to send it: it takes 10, and you have 12."),
        (Obstacle.NOT_GIFTABLE, "This reward cannot be given away."),
        (Obstacle.FREE, "It takes nothing from your card, so there is nothing to send."),
        (Obstacle.ALIKE, "We cannot tell it apart from another gift on this list, so it cannot be sent."),
        (Obstacle.UNREADABLE, "What it takes is not available right now, so it cannot be sent."),
        (None, ""),
    ],
)
def test_every_obstacle_has_its_words(obstacle: Obstacle | None, words: str) -> None:
    assert obstacle_words(replace(VISITS, missing=amount("3"), obstacle=obstacle)) == words


def test_a_wallet_that_the_guest_does_not_have_is_said_to_be_missing() -> None:
    offer = replace(VISITS, balance=None, missing=amount("10"), obstacle=Obstacle.SHORT)

    assert obstacle_words(offer) == "You have none of it yet; sending it takes 10 Visits."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "a moment ago"),
        (0, "a moment ago"),
        (59, "a moment ago"),
        (60, "1 minute ago"),
        (4 * 60, "4 minutes ago"),
        (3 * 3600, "3 hours ago"),
    ],
)
def test_how_long_ago_is_never_in_the_future(seconds: int, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert ago(NOW - timedelta(seconds=seconds)) == words


def test_how_long_ago_follows_the_language() -> None:
    with time_machine.travel(NOW, tick=False), translation.override("es"):
        assert ago(NOW - timedelta(minutes=4)) == "hace 4 minutos"


def test_limits_are_told_in_numbers() -> None:
    assert limit_words(SendingLimit("gifts", 5)) == "You can send 5 gifts a day."
    assert limit_words(SendingLimit("gifts", 1)) == "You can send 1 gift a day."
    assert limit_words(SendingLimit("recipients", 5)) == "Gifts can go to 5 different people a day."
    assert limit_words(SendingLimit("tries", 15)) == "You can try to send a gift 15 times a day."
    assert limit_words(SendingLimit("tries", 1)) == "You can try to send a gift 1 time a day."


@pytest.mark.parametrize("status", list(GiftStatus))
def test_every_state_of_a_gift_has_a_heading_of_its_own(status: GiftStatus) -> None:
    others = {
        tell(replace(FOLLOWING, gift=gift(sent(status=other.value)))).heading
        for other in GiftStatus
        if other is not status
    }

    assert tell(replace(FOLLOWING, gift=gift(sent(status=status.value)))).heading not in others


def test_a_state_that_nobody_documented_is_shown_as_received() -> None:
    told = tell(replace(FOLLOWING, gift=gift(sent(status="ON_HOLD"))))

    assert told.heading == "Your gift is sent"
    assert told.sentence == "Where it is now: ON_HOLD"


@pytest.mark.parametrize("forgotten", [True, False])
def test_of_a_gift_whose_transfer_is_not_kept_no_state_is_told(forgotten: bool) -> None:
    told = tell(replace(FOLLOWING, forgotten=forgotten))

    assert (told.heading, told.sentence) == ("Your gift was sent", "")


@pytest.mark.parametrize("state", [WishState.SENDING, WishState.UNKNOWN])
def test_what_is_being_found_out_is_no_failure(state: WishState) -> None:
    told = tell(replace(FOLLOWING, state=state))

    assert (told.heading, told.sentence) == (
        "We are confirming your gift",
        "It has not failed; there is no need to send it again.",
    )
