"""The balance page, without script, against the sandbox: every card, and what its facts look like."""

import dataclasses
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant, Unit, WalletSetting
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
)
from guestportal.sandbox.jsontext import JsonValue
from tests.conftest import serving
from tests.support import builders
from tests.support.pages import Element, parse_page, title_of
from tests.support.plain_browser import sign_in_with_card
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db


def balance_of(client: Client, card: Card = SEED) -> Element:
    """The balance page of a card, after signing in with it."""
    sign_in_with_card(client, card.number, card.code)
    response = client.get("/balance/")
    assert response.status_code == 200
    return parse_page(response.content)


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text, each after the one before."""
    return re.search(".*".join(re.escape(part) for part in parts), text, re.DOTALL) is not None


def long_date(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def test_shows_the_seed_card_with_one_upstream_call(guest_client: Client, sandbox: SandboxProcess) -> None:
    page = balance_of(guest_client)
    text = page.one("main").text

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == len(sandbox.requests()) == 1
    assert in_order(text, "1 Visits", "0 Points")
    for fact in ("REGISTERED", "Corporate", "Loyalty Card", "GuestREST", "July 29, 2014", "ending 418000"):
        assert fact in text, fact
    assert "Not available" not in text
    assert "$" not in text
    assert title_of(page).startswith("Your balance")


def test_asks_nobody_again_when_the_page_is_opened_again(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    balance_of(guest_client)
    guest_client.get("/balance/")
    guest_client.head("/balance/")

    assert len(sandbox.requests()) == 1


FACTS: dict[str, tuple[str, ...]] = {
    SEED.nickname: ("This card is active and can be used.", "1 Visits", "0 Points", "Corporate"),
    RICH.nickname: (
        *("$42.50", "27 Visits", "1,250 Points", "8,730 Points since you joined", "$312.75 Spent this year"),
        *("Free Coffee", "Birthday Pastry", "5 Off Any Order", "Bag of Beans", "250 g"),
        *("Free refills, all day", "Order ahead", "Gold", "Harbour Street", "Pine Square", "May 4, 2019"),
    ),
    SHORT.nickname: ("$7.05", "64 Points", "corner.table"),
    SUSPENDED.nickname: ("on hold and cannot be used", "$18.00", "510 Points"),
    EXCHANGED.nickname: ("has been exchanged", "$31.40", "205 Points"),
    REPLACEMENT.nickname: ("This card is active", "$31.40", "205 Points"),
    DISABLED.nickname: ("switched off and cannot be used", "$0.00", "12 Points"),
    UNREGISTERED.nickname: ("This card is active", "$25.00", "Gift Card", "Member since Not available"),
    OLD_RELEASE.nickname: ("$12.10", "340 Points", "Free delivery", "REGISTERED", "February 28, 2011"),
}
WITH_BALANCE = [card for card in CARDS if card not in {INVALID_STATUS, LOCKED}]


@pytest.mark.parametrize("card", WITH_BALANCE, ids=lambda card: card.nickname)
def test_shows_the_facts_of_every_card(guest_client: Client, card: Card) -> None:
    text = balance_of(guest_client, card).one("main").text

    assert f"ending {card.number[-6:]}" in text
    assert in_order(text, *FACTS.get(card.nickname, ())), text


@pytest.mark.parametrize("card", WITH_BALANCE, ids=lambda card: card.nickname)
def test_shows_the_full_number_behind_a_disclosure_only(guest_client: Client, card: Card) -> None:
    page = balance_of(guest_client, card)
    body = page.one("body")
    (disclosure,) = [each for each in body.all("details") if card.number in each.text.replace(" ", "")]

    assert "open" not in disclosure.attributes
    assert card.number not in re.sub(r"[\s\u00a0-]", "", body.text_without("details"))
    for element in page.descendants():
        for value in element.attributes.values():
            assert card.number not in re.sub(r"\D", "", value)
    assert card.number not in title_of(page)


@pytest.mark.parametrize("card", [RICH, EXCHANGED], ids=lambda card: card.nickname)
def test_shows_no_other_cards_full_number_anywhere(guest_client: Client, card: Card) -> None:
    balance_of(guest_client, card)
    markup = guest_client.get("/balance/").content.decode()
    text = parse_page(markup).one("main").text

    other, ending = {
        RICH.nickname: ("6000301000731214", "731214"),
        EXCHANGED.nickname: (REPLACEMENT.number, "909909"),
    }[card.nickname]
    assert f"ending {ending}" in text
    assert other not in re.sub(r"[\s\u00a0-]", "", markup)


@pytest.mark.parametrize(("card", "called"), [(SUSPENDED, "Main"), (EXCHANGED, "Replacement")])
def test_calls_only_the_card_that_took_the_place_of_another_a_replacement(
    guest_client: Client, sandbox: SandboxProcess, card: Card, called: str
) -> None:
    sandbox.override_fields(card.number, primaryCard=builders.card(REPLACEMENT.number))
    others = balance_of(guest_client, card).one("section", aria_labelledby="cards-title")

    assert f"{called} card, ending 909909" in others.text


def test_names_the_ending_of_a_card_whose_masked_number_is_not_masked(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    replacement = {
        "printedCardNumber": REPLACEMENT.number,
        "maskedCardNumber": REPLACEMENT.number,
        "status": "ACTIVE",
    }
    sandbox.override_fields(EXCHANGED.number, primaryCard=replacement)
    balance_of(guest_client, EXCHANGED)
    markup = guest_client.get("/balance/").content.decode()

    assert REPLACEMENT.number not in re.sub(r"\s", "", markup)
    assert "909909" in markup


def test_shows_stored_value_before_the_point_wallets(guest_client: Client) -> None:
    text = balance_of(guest_client, RICH).one("main").text

    assert in_order(text, "$42.50", "27 Visits", "Free Coffee", "Free refills", "Gold")


def test_shows_wallets_in_the_merchants_order_unit_and_words(merchant: Merchant) -> None:
    wallets = {
        8: WalletSetting(unit=Unit.NUMBER, labels={"en": "Year's spend"}),
        3: WalletSetting(unit=Unit.MONEY),
        22: WalletSetting(),
        7: WalletSetting(hidden=True),
    }
    with serving(dataclasses.replace(merchant, wallets=wallets)):
        text = balance_of(Client(), RICH).one("main").text

    assert in_order(text, "312.75 Year's spend", "$1,250.00 Points", "27 Visits")
    assert in_order(text, "Birthday Pastry", "Free Coffee")
    assert "8,730" not in text
    assert "Lifetime" not in text
    assert "Stored Value 42.5 " in text, "no currency is invented"


def test_says_how_many_there_are_of_each_reward(guest_client: Client) -> None:
    text = balance_of(guest_client, RICH).one("main").text

    for count, name in (
        (3, "Free Coffee"),
        (1, "Birthday Pastry"),
        (2, "5 Off Any Order"),
        (1, "Bag of Beans"),
    ):
        assert re.search(rf"\b{count}\W+{name}", text), name


@pytest.mark.parametrize(("code", "gone"), [(1, "42.5"), (5, "27 Visits"), (21, "Free Coffee")])
def test_leaves_hidden_wallets_out(merchant: Merchant, code: int, gone: str) -> None:
    with serving(dataclasses.replace(merchant, wallets={code: WalletSetting(hidden=True)})):
        text = balance_of(Client(), RICH).one("main").text

    assert gone not in text


def test_shows_each_wallets_expirations_soonest_first(guest_client: Client) -> None:
    account = RICH.account
    text = balance_of(guest_client, RICH).one("main").text
    assert callable(account)
    found = re.findall(r"(\d+) expires? on ([A-Z][a-z]+ \d+, \d{4})", text)
    order = {amount_and_day: place for place, amount_and_day in enumerate(found)}
    today = date.today()  # noqa: DTZ011 - the sandbox's own clock has no zone either
    candidates = [today - timedelta(days=1), today, today + timedelta(days=1)]

    for sooner, later in ((("2", 9), ("1", 45)), (("200", 30), ("300", 75))):
        assert any(
            order.get((sooner[0], long_date(day + timedelta(days=sooner[1]))), 99)
            < order.get((later[0], long_date(day + timedelta(days=later[1]))), -1)
            for day in candidates
        ), found


def test_sorts_expirations_that_came_in_any_order_and_drops_none(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    dates = ["2027-03-01", "soon", "2026-12-31", "2027-01-15", None]
    sandbox.override_fields(
        SEED.number,
        rewardBalances=[
            {
                "walletCode": 21,
                "name": "Free Coffee",
                "balance": "5",
                "expirations": [{"amount": "1", "expirationDate": each} for each in dates],
            }
        ],
    )
    text = balance_of(guest_client).one("main").text

    assert in_order(text, "December 31, 2026", "January 15, 2027", "March 1, 2027", "soon")
    assert text.count("not available") == 1


@pytest.mark.parametrize(
    ("balance", "shown"),
    [
        ("0", "0 Points"),
        ("0.00", "0 Points"),
        (0, "0 Points"),
        (None, "Points: Not available"),
        ("", "Points: Not available"),
        ("  ", "Points: Not available"),
        ("1.2.3", "1.2.3 Points"),
        ("NaN", "NaN Points"),
        ("1E9", "1E9 Points"),
        ("-5", "-5 Points"),
        ("+0012.50", "12.5 Points"),
        ("<b>7</b>", "<b>7</b> Points"),
        ("0.1", "0.1 Points"),
        ("9007199254740993", "9,007,199,254,740,993 Points"),
    ],
)
def test_shows_what_is_unknown_as_unknown_and_what_it_cannot_read_as_received(
    guest_client: Client, sandbox: SandboxProcess, balance: object, shown: str
) -> None:
    wallet = {"walletCode": 3, "name": "Points", "balance": balance, "giftable": False}
    sandbox.override_fields(SEED.number, pointBalances=[wallet])

    assert shown in balance_of(guest_client).one("main").text


def test_shows_an_unknown_stored_value_as_not_available(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sandbox.override_fields(SEED.number, storedValueBalance={"walletCode": 1, "name": "Stored Value"})
    text = balance_of(guest_client).one("main").text

    assert in_order(text, "Stored Value", "Not available")
    assert "$0" not in text


def test_says_what_to_do_when_nothing_is_on_the_card(guest_client: Client, sandbox: SandboxProcess) -> None:
    nothing: dict[str, JsonValue] = {"accountStatus": "ACTIVE", "pointBalances": [], "rewardBalances": []}
    sandbox.set_reply(SEED.number, {"result": "success", **nothing})
    text = balance_of(guest_client).one("main").text

    assert "ending 418000" in text
    assert "What you add or earn is listed here." in text
    assert "No rewards" in text
    assert in_order(text, "Registered", "Not available")
    assert "None" not in text.replace("None was earned", "")


@pytest.mark.parametrize("odd", [None, "many", {}, ["odd"]])
def test_says_of_lists_that_cannot_be_read_that_they_are_not_available(
    guest_client: Client, sandbox: SandboxProcess, odd: JsonValue
) -> None:
    lists = {"pointBalances": odd, "rewardBalances": odd}
    sandbox.set_reply(SEED.number, {"result": "success", "accountStatus": "ACTIVE", **lists})
    text = balance_of(guest_client).one("main").text

    assert "Your points could not be read this time." in text
    assert "Your rewards could not be read this time." in text
    assert "No rewards" not in text
    assert "Nothing on this card" not in text


def test_has_no_section_for_what_the_card_does_not_have(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    """A plain gift card: stored value and no lists."""
    stored: dict[str, JsonValue] = {"storedValueBalance": {"walletCode": 1, "balance": "25"}}
    sandbox.set_reply(SEED.number, {"result": "success", "accountStatus": "ACTIVE", **stored})
    text = balance_of(guest_client).one("main").text

    assert "$25.00" in text
    for word in ("Rewards", "rewards", "Points", "could not be read", "Nothing on this card"):
        assert word not in text


def test_shows_huge_numbers_to_the_last_digit(guest_client: Client) -> None:
    text = balance_of(guest_client, HUGE).one("main").text
    figures = [each.replace(",", "") for each in re.findall(r"[$-]?[\d,]+(?:\.\d+)?", text)]

    assert f"${accounts.HUGE_BALANCE.rstrip('0')}" in figures
    assert accounts.HUGE_BALANCE.rstrip("0") in figures
    assert accounts.NEGATIVE_BALANCE.rstrip("0") in figures
    assert "9" * 60 in figures
    assert "-0.000000000000000000000000000000000000000001" in figures
    assert "12.5" in figures


def test_shows_markup_as_the_text_it_is(guest_client: Client) -> None:
    page = balance_of(guest_client, HUGE)
    text = page.one("main").text

    for name in (accounts.SCRIPT_NAME, accounts.QUOTED_NAME, accounts.ACCENTED_NAME, accounts.EMOJI_NAME):
        assert name in text, name
    assert "<i>O'Brien</i>" in text
    assert all(script.attributes["src"].startswith("/static/") for script in page.all("script"))
    assert [image.attributes["src"] for image in page.all("img") if image.attributes["src"] == "x"] == []
    assert page.all("i") == []


def test_shows_no_character_that_turns_the_direction_of_a_name(guest_client: Client) -> None:
    page = balance_of(guest_client, HUGE)

    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(page.text)


@pytest.mark.parametrize("place", ["queryCardStatus", "accountStatus"])
def test_shows_an_unknown_status_as_received(
    guest_client: Client, sandbox: SandboxProcess, place: str
) -> None:
    sandbox.override_fields(SEED.number, **{place: "FROZEN_<b>7"})
    text = balance_of(guest_client).one("main").text

    assert "FROZEN_<b>7" in text
    assert "can be used." not in text.replace("Ask us whether it can be used.", "")


def test_shows_the_state_of_further_cards_as_received(guest_client: Client, sandbox: SandboxProcess) -> None:
    states = ["ACTIVE", "SUSPENDED", "DISABLED", "EXCHANGED", "ON_THE_MOON", None]
    cards = [
        {"printedCardNumber": f"600030100099000{place}", "maskedCardNumber": f"99000{place}", "status": state}
        for place, state in enumerate(states)
    ]
    sandbox.override_fields(SEED.number, additionalCards=cards)
    text = balance_of(guest_client).one("main").text

    shown = ("Active", "Suspended", "Disabled", "Exchanged", "ON_THE_MOON", "not available")
    for place, state in enumerate(shown):
        assert re.search(rf"ending 99000{place}\W+(?:Status )?{state}", text), state


def test_says_when_the_figures_were_read_in_the_merchants_zone(guest_client: Client) -> None:
    page = balance_of(guest_client)
    time = next(each for each in page.all("time") if "T" in each.attributes["datetime"])

    assert time.parent is not None
    assert time.parent.text.startswith("As of")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00", time.attributes["datetime"]), (
        "New York's own offset"
    )
    assert re.search(r"\bE[SD]T\b", time.text)


@pytest.mark.parametrize("language", ["es", "fr"])
def test_writes_numbers_and_dates_in_the_guests_language(guest_client: Client, language: str) -> None:
    sign_in_with_card(guest_client, RICH.number, RICH.code)
    page = parse_page(guest_client.get("/balance/", headers={"Accept-Language": language}).content)
    text = page.one("main").text

    assert page.one("html").attributes["lang"] == language
    assert {"es": "27 Visits", "fr": "1 250 Points"}[language] in text.replace("\u202f", " ")
    assert {"es": "$42.50", "fr": "42,50"}[language] in text, "Spanish as it is written in the United States"
    assert {"es": "mayo", "fr": "mai"}[language] in text
