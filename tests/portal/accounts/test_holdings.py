"""What the balance page lists and offers: empty parts, what expires, and invitations to use the card."""

import dataclasses

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant, Unit, WalletSetting
from guestportal.sandbox.cards import DISABLED, EXCHANGED, RICH, SEED, SUSPENDED, Card
from tests.conftest import serving
from tests.support import builders
from tests.support.pages import Element, parse_page
from tests.support.plain_browser import sign_in_with_card
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

NOTHING = "Nothing on this card yet"
HIDDEN = "This card has no balance that is shown on this page."
NO_REWARDS = "None was earned with this card so far, or all are used or expired."
SHOW_IT = "Show the card when you pay"


def page_of(client: Client, card: Card = SEED) -> Element:
    sign_in_with_card(client, card.number, card.code)
    response = client.get("/balance/")
    assert response.status_code == 200
    return parse_page(response.content)


def text_of(client: Client, card: Card = SEED) -> str:
    return page_of(client, card).one("main").text


def hrefs(page: Element) -> set[str]:
    return {link.attributes["href"] for link in page.one("main").all("a")}


def test_calls_no_card_empty_that_holds_rewards(guest_client: Client, sandbox: SandboxProcess) -> None:
    coffee = builders.wallet(walletCode=21, name="Free Coffee", balance="5")
    sandbox.override_fields(SEED.number, pointBalances=[], rewardBalances=[coffee])
    text = text_of(guest_client)

    assert "Free Coffee" in text
    assert NOTHING not in text
    assert "What you add or earn is listed here." not in text


@pytest.mark.parametrize("stored", [None, builders.wallet(walletCode=1)])
@pytest.mark.parametrize("count", [1, 3, 4])
def test_lists_every_wallet_of_points_once(
    guest_client: Client, sandbox: SandboxProcess, stored: builders.Payload | None, count: int
) -> None:
    points = [builders.wallet(walletCode=40 + number, name=f"Leaves {number}") for number in range(count)]
    sandbox.override_fields(SEED.number, storedValueBalance=stored, pointBalances=points, rewardBalances=[])
    names = [each.text for each in page_of(guest_client).all("bdi", class_="wallet-name")]

    assert names == [f"Leaves {number}" for number in range(count)]


def test_counts_rewards_but_not_money(merchant: Merchant, sandbox: SandboxProcess) -> None:
    rewards = [builders.wallet(walletCode=code, name=f"Reward {code}", balance="5") for code in (21, 22)]
    sandbox.override_fields(SEED.number, rewardBalances=rewards)
    with serving(dataclasses.replace(merchant, wallets={21: WalletSetting(unit=Unit.MONEY)})):
        text = text_of(Client())

    assert "$5.00 Reward 21" in text
    assert "5 × Reward 22" in text


@pytest.mark.parametrize(
    ("place", "claims_no_rewards"),
    [("pointBalances", True), ("storedValueBalance", True), ("rewardBalances", False)],
)
def test_calls_no_card_empty_of_which_the_merchant_shows_nothing(
    merchant: Merchant, sandbox: SandboxProcess, place: str, claims_no_rewards: bool
) -> None:
    wallet = builders.wallet(walletCode=99, name="Campaigns", balance="5")
    held = {place: wallet if place == "storedValueBalance" else [wallet]}
    sandbox.override_fields(SEED.number, **{"pointBalances": [], "rewardBalances": [], **held})
    with serving(dataclasses.replace(merchant, wallets={99: WalletSetting(hidden=True)})):
        text = text_of(Client())

    assert HIDDEN in text
    assert NOTHING not in text
    assert (NO_REWARDS in text) is claims_no_rewards
    assert "Campaigns" not in text


def test_calls_a_card_empty_that_holds_nothing(guest_client: Client, sandbox: SandboxProcess) -> None:
    sandbox.override_fields(SEED.number, pointBalances=[], rewardBalances=[])
    text = text_of(guest_client)

    assert NOTHING in text
    assert NO_REWARDS in text
    assert SHOW_IT in text
    assert HIDDEN not in text


def test_offers_to_add_money_and_to_order_with_a_card_that_can_be_used(
    guest_client: Client, merchant: Merchant
) -> None:
    assert {merchant.links.reload, merchant.links.order, merchant.links.buy} <= hrefs(page_of(guest_client))


@pytest.mark.parametrize("card", [SUSPENDED, DISABLED, EXCHANGED], ids=lambda card: card.nickname)
def test_invites_nobody_to_use_a_barred_card(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, card: Card
) -> None:
    sandbox.override_fields(card.number, storedValueBalance=None, pointBalances=[], rewardBalances=[])
    page = page_of(guest_client, card)
    text = page.one("main").text

    assert hrefs(page).isdisjoint({merchant.links.reload, merchant.links.order})
    assert merchant.links.buy in hrefs(page), "which is for another card"
    assert NO_REWARDS in text
    assert SHOW_IT not in text
    assert "What you add or earn" not in text


@pytest.mark.parametrize("status", ["FROZEN", None])
def test_invites_nobody_to_use_a_card_of_which_that_is_not_known(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, status: str | None
) -> None:
    sandbox.override_fields(
        SEED.number, queryCardStatus=status, accountStatus=None, primaryCard=None, rewardBalances=[]
    )
    page = page_of(guest_client)

    assert hrefs(page).isdisjoint({merchant.links.reload, merchant.links.order})
    assert SHOW_IT not in page.one("main").text


def test_leaves_the_list_of_links_out_where_it_would_be_empty(merchant: Merchant) -> None:
    links = dataclasses.replace(merchant.links, buy=None)
    with serving(dataclasses.replace(merchant, links=links)):
        assert page_of(Client(), SUSPENDED).all("ul", class_="account-links") == []
        assert len(page_of(Client(), SEED).all("ul", class_="account-links")) == 1


@pytest.mark.parametrize(
    ("amount", "day", "sentence"),
    [
        ("1", "2031-12-31", "1 expires on December 31, 2031"),
        ("2", "2031-12-31", "2 expire on December 31, 2031"),
        ("-1", "2031-12-31", "-1 expires on December 31, 2031"),
        ("0.5", "2031-12-31", "0.5 expire on December 31, 2031"),
        ("many", "2031-12-31", "many expire on December 31, 2031"),
        (None, "2031-12-31", "Some expire on December 31, 2031"),
        ({"of": 1}, "2031-12-31", "Some expire on December 31, 2031"),
        ("1", "2010-01-01", "1 expired on January 1, 2010"),
        ("2", "2010-01-01", "2 expired on January 1, 2010"),
        (None, "2010-01-01", "Some expired on January 1, 2010"),
        ("2", "soon", "2 until soon"),
        (None, "soon", "Some until soon"),
        ("2", None, "2 with an end date that is not available"),
        (None, None, "Some with an end date that is not available"),
    ],
)
def test_says_what_expires_in_a_sentence_that_is_true(
    guest_client: Client, sandbox: SandboxProcess, amount: object, day: str | None, sentence: str
) -> None:
    expiration = builders.expiration(amount=amount, expirationDate=day)
    sandbox.override_fields(SEED.number, pointBalances=[builders.wallet(expirations=[expiration])])
    page = page_of(guest_client)

    assert [each.text for each in page.one("ul", class_="expirations").all("li")] == [sentence]


def test_says_that_money_expires_in_the_singular(guest_client: Client, sandbox: SandboxProcess) -> None:
    stored = builders.wallet(walletCode=1, expirations=[builders.expiration(amount="12.50")])
    sandbox.override_fields(RICH.number, storedValueBalance=stored)

    assert "$12.50 expires on December 31, 2031" in text_of(guest_client, RICH)
