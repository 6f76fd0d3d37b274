"""The balance page of every card of the sandbox, and how often Paytronix is asked for it.

What it says of each kind of reply is told in tests/unit/accounts/test_shown_balance.py.
"""

import re

import pytest
from django.test import Client

from guestportal.sandbox import accounts
from guestportal.sandbox.cards import (
    CARDS,
    DISABLED,
    EXCHANGED,
    EXCHANGED_INVALID,
    HUGE,
    INVALID_STATUS,
    LOCKED,
    MANY_LOTS,
    OLD_RELEASE,
    REPLACEMENT,
    RICH,
    SEED,
    SHORT,
    SUSPENDED,
    TERMINATED,
    UNREGISTERED,
    Card,
)
from tests.support.pages import parse_page, title_of
from tests.support.plain_browser import sign_in_with_card
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db


def test_asks_once_for_a_page_that_is_opened_again(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)
    page = parse_page(guest_client.get("/balance/").content)
    guest_client.get("/balance/")
    guest_client.head("/balance/")

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == len(sandbox.requests()) == 1
    assert title_of(page).startswith("Your balance")


FACTS: dict[Card, tuple[str, ...]] = {
    SEED: (
        *("This card is active and can be used.", "1 Visits", "0 Points"),
        *("Loyalty Card", "REGISTERED", "Corporate", "July 29, 2014", "GuestREST"),
    ),
    RICH: (
        *("$42.50", "27 Visits", "1,250 Points", "8,730 Points since you joined", "$312.75 Spent this year"),
        *("3 × Free Coffee", "1 × Birthday Pastry", "2 × 5 Off Any Order", "1 × Bag of Beans", "250 g"),
        *("Free refills, all day", "Order ahead", "Gold", "Harbour Street", "Pine Square", "May 4, 2019"),
    ),
    SHORT: ("$7.05", "64 Points", "corner.table"),
    SUSPENDED: ("on hold and cannot be used", "$18.00", "510 Points"),
    EXCHANGED: ("has been exchanged", "$31.40", "205 Points", "ending 909909"),
    REPLACEMENT: ("This card is active", "$31.40", "205 Points"),
    DISABLED: ("switched off and cannot be used", "$0.00", "12 Points"),
    UNREGISTERED: ("This card is active", "$25.00", "Gift Card", "Member since Not available"),
    OLD_RELEASE: ("$12.10", "340 Points", "Free delivery", "REGISTERED", "February 28, 2011"),
    TERMINATED: ("Everything on this card was moved to another card", "$0.00", "0 Points", "Main card"),
    MANY_LOTS: (
        *("This card is active and can be used.", "$0.00", "1,250 Points", "6 × Ben & Jerry's"),
        *("3 expire on", "2 expire on", "July 29, 2014"),
    ),
    HUGE: (accounts.QUOTED_NAME, accounts.SCRIPT_NAME, accounts.ACCENTED_NAME),
}
WITH_BALANCE = [card for card in CARDS if card not in {INVALID_STATUS, EXCHANGED_INVALID, LOCKED}]


@pytest.mark.parametrize("card", WITH_BALANCE, ids=lambda card: card.nickname)
def test_shows_the_facts_of_every_card_and_its_number_behind_a_disclosure_only(
    guest_client: Client, card: Card
) -> None:
    sign_in_with_card(guest_client, card.number, card.code)
    response = guest_client.get("/balance/")
    page = parse_page(response.content)
    facts = FACTS.get(card, ())

    assert response.status_code == 200
    assert f"ending {card.number[-6:]}" in page.one("main").text
    assert re.search(".*".join(map(re.escape, facts)), page.one("main").text), page.one("main").text
    assert card.number not in re.sub(r"[\s\u00a0-]", "", page.one("body").text_without("details"))
    assert card.number not in title_of(page)
    attributes = [value for each in page.all() for value in each.attributes.values()]
    assert [value for value in attributes if card.number in re.sub(r"\D", "", value)] == []
