"""What the balance says of a reply: figures, names, dates, states and other cards, without sandbox or database."""

import dataclasses
import re

import pytest

from guestportal.merchants.definition import Merchant, Unit, WalletSetting
from guestportal.paytronix.replies.structs import Text
from tests.support.builders import (
    Payload,
    account_information,
    card,
    demo_merchant,
    expiration,
    fields,
    store,
    wallet,
)
from tests.support.shown_account import markup, shown, text_of

OTHER = "6000301000909909"
COFFEES = [
    expiration(amount="1", expirationDate="2031-03-01"),
    expiration(amount="1", expirationDate="soon"),
    expiration(amount="2", expirationDate="2030-12-31"),
    expiration(amount="1", expirationDate=None),
]
RICH = account_information(
    storedValueBalance=wallet(walletCode=1, balance="42.50", name="Stored Value"),
    pointBalances=[
        wallet(walletCode=3, balance="1250", name="Points"),
        wallet(walletCode=7, balance="8730", name="Lifetime Points"),
        wallet(walletCode=8, balance="312.75", name="Spend"),
        wallet(walletCode=5, balance="27", name="Visits"),
    ],
    rewardBalances=[
        wallet(walletCode=21, balance="5", name="Free Coffee", expirations=COFFEES),
        wallet(walletCode=22, balance="1", name="Birthday Pastry", description="Any one"),
    ],
    fields=fields(perks=["Free refills"], favoriteStore=store(code="pine", label="Pine Square")),
    tierLabel="Gold",
)


def with_wallets(wallets: dict[int, WalletSetting]) -> Merchant:
    return dataclasses.replace(demo_merchant(), wallets=wallets)


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text, each after the one before."""
    return re.search(".*".join(re.escape(part) for part in parts), text, re.DOTALL) is not None


def test_shows_every_part_of_a_rich_card_in_its_order() -> None:
    text = text_of(RICH)

    assert in_order(text, "This card is active", "$42.50", "ending 418000", "27 Visits", "1,250 Points")
    assert in_order(text, "1,250 Points", "5 × Free Coffee", "1 × Birthday Pastry Any one", "Free refills")
    assert in_order(text, "Loyalty Card", "Gold", "Corporate", "Pine Square", "July 29, 2014", "GuestREST")


@pytest.mark.parametrize(
    ("language", "figures"),
    [
        ("en", ("$42.50", "1,250 Points", "July 29, 2014", "10:30 AM")),
        ("es", ("$42.50", "1,250 Points", "29 de julio de 2014")),  # as it is written in the United States
        ("fr", ("42,50", "1 250 Points", "29 juillet 2014", "10:30")),
    ],
)
def test_writes_figures_and_dates_as_the_guests_language_does(
    language: str, figures: tuple[str, ...]
) -> None:
    text = shown(RICH, language=language).text.replace("\u202f", " ").replace("\u00a0", " ")

    assert [each for each in figures if each not in text] == []


def test_says_when_the_figures_were_read_in_the_merchants_zone() -> None:
    (time,) = [each for each in shown(RICH).all("time") if "T" in each.attributes["datetime"]]

    assert time.attributes["datetime"] == "2026-11-22T10:30:00-05:00"
    assert time.text.replace("\u202f", " ") == "November 22, 2026, 10:30 AM EST"
    assert time.parent is not None
    assert time.parent.text.startswith("As of")


def test_shows_wallets_in_the_merchants_order_unit_and_words() -> None:
    merchant = with_wallets(
        {
            8: WalletSetting(unit=Unit.NUMBER, labels={"en": "Year's spend"}),
            3: WalletSetting(unit=Unit.MONEY),
            22: WalletSetting(),
            7: WalletSetting(hidden=True),
        }
    )
    text = text_of(RICH, merchant=merchant)

    assert in_order(text, "312.75 Year's spend", "$1,250.00 Points", "27 Visits")
    assert in_order(text, "Birthday Pastry", "Free Coffee")
    assert "8,730" not in text
    assert "Stored Value 42.5 " in text, "no currency is invented"


@pytest.mark.parametrize(
    ("balance", "figure"),
    [
        ("0", "0 Points"),
        (None, "Points: Not available"),
        ("NaN", "NaN Points"),
        ("-5", "-5 Points"),
        ("+0012.50", "12.5 Points"),
        ("<b>7</b>", "<b>7</b> Points"),
        ("9007199254740993", "9,007,199,254,740,993 Points"),
        ("-0." + "0" * 41 + "1", "-0." + "0" * 41 + "1 Points"),
        ("9" * 60, f"{int('9' * 60):,} Points"),
    ],
)
def test_shows_figures_exactly_unknown_ones_as_unknown_and_odd_ones_as_received(
    balance: object, figure: str
) -> None:
    points = wallet(walletCode=3, name="Points", balance=balance)

    assert figure in text_of(account_information(pointBalances=[points]))


def test_shows_an_unknown_stored_value_as_not_available() -> None:
    text = text_of(account_information(storedValueBalance=wallet(walletCode=1, name="Money", balance=None)))

    assert in_order(text, "Money", "Not available")
    assert "$" not in text


def test_shows_each_wallets_expirations_soonest_first_and_drops_none() -> None:
    (ends,) = shown(RICH).all("ul", class_="expirations")

    assert [each.text for each in ends.all("li")] == [
        "2 expire on December 31, 2030",
        "1 expires on March 1, 2031",
        "1 until soon",
        "1 with an end date that is not available",
    ]


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
def test_says_what_expires_in_a_sentence_that_is_true(amount: object, day: str | None, sentence: str) -> None:
    ending = expiration(amount=amount, expirationDate=day)
    part = shown(account_information(pointBalances=[wallet(expirations=[ending])]))

    assert [each.text for each in part.one("ul", class_="expirations").all("li")] == [sentence]


def test_says_that_money_expires_in_the_singular_and_counts_no_money() -> None:
    ending = [expiration(amount="12.50")]
    rewards = [wallet(walletCode=code, name=f"Reward {code}", balance="5") for code in (21, 22)]
    merchant = with_wallets({1: WalletSetting(unit=Unit.MONEY), 21: WalletSetting(unit=Unit.MONEY)})
    reply = account_information(
        storedValueBalance=wallet(walletCode=1, expirations=ending), rewardBalances=rewards
    )
    text = text_of(reply, merchant=merchant)

    assert "$12.50 expires on December 31, 2031" in text
    assert "$5.00 Reward 21" in text
    assert "5 × Reward 22" in text


@pytest.mark.parametrize(
    ("language", "unit", "balance", "words"),
    [
        *(("en", Unit.VISITS, "1", "1 Visit"), ("en", Unit.VISITS, "27", "27 Visits")),
        *(("es", Unit.VISITS, "1", "1 Visita"), ("es", Unit.POINTS, "12", "12 Puntos")),
        *(("fr", Unit.VISITS, "0", "0 Visite"), ("fr", Unit.VISITS, "2", "2 Visites")),
        *(("en", Unit.ITEMS, "2", "2 Reward"), ("fr", Unit.NUMBER, "12", "12 Points")),
    ],
)
def test_calls_what_has_no_name_by_its_unit(language: str, unit: Unit, balance: str, words: str) -> None:
    reply = account_information(pointBalances=[wallet(walletCode=40, name=None, balance=balance)])

    text = shown(reply, merchant=with_wallets({40: WalletSetting(unit=unit)}), language=language).text
    assert words in text


@pytest.mark.parametrize("place", ["queryCardStatus", "accountStatus"])
def test_shows_an_unknown_state_as_received(place: str) -> None:
    text = text_of(account_information(**{place: "FROZEN_<b>7"}))

    assert "FROZEN_<b>7" in text
    assert "can be used." not in text.replace("Ask us whether it can be used.", "")


def test_shows_the_state_of_further_cards_or_says_that_it_is_not_known() -> None:
    states = ["ACTIVE", "Suspended", "DISABLED", "EXCHANGED", "terminated", "ON_THE_MOON", None]
    cards = [card(f"600030100099000{place}", status=state) for place, state in enumerate(states)]
    text = text_of(account_information(additionalCards=cards))

    for place, state in enumerate(
        ("Active", "Suspended", "Disabled", "Exchanged", "Closed", "ON_THE_MOON", "not available")
    ):
        assert re.search(rf"ending 99000{place}\W+(?:Status )?{state}", text), state


@pytest.mark.parametrize(("status", "called"), [("SUSPENDED", "Main"), ("EXCHANGED", "Replacement")])
def test_calls_only_the_card_that_took_the_place_of_another_a_replacement(status: str, called: str) -> None:
    reply = account_information(queryCardStatus=status, primaryCard=card(OTHER))

    others = shown(reply).one("section", aria_labelledby="cards-title")
    assert f"{called} card, ending 909909" in others.text


@pytest.mark.parametrize(
    "listed",
    [
        {"primaryCard": card(OTHER)},
        {"primaryCard": card(OTHER, maskedCardNumber=OTHER)},
        {"additionalCards": [card(OTHER)]},
        {"queryCardStatus": "EXCHANGED", "primaryCard": card(OTHER)},
    ],
)
def test_shows_the_ending_of_another_card_and_its_number_nowhere(listed: Payload) -> None:
    html = markup(account_information(**listed))

    assert "ending 909909" in html
    assert OTHER not in re.sub(r"[\s\u00a0-]", "", html)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", '<i>O\'Brien</i> & "Co"', "Crème Brûlée", "☕️ 🎂", "x" * 200, "{{ x }}"],
)
def test_shows_a_name_as_the_text_it_is(name: str) -> None:
    part = shown(account_information(pointBalances=[wallet(name=name)], tierLabel=name))

    assert part.text.count(name) == 3  # the wallet, and the tier on the card and among the facts
    assert part.all("script") == part.all("i") == part.all("img") == []


def test_shows_no_character_that_turns_the_direction_of_a_name() -> None:
    turning = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    name = Text(f"Free{turning} Coffee")

    assert "1 Free Coffee" in text_of(account_information(pointBalances=[wallet(name=name)]))


USE_IT, ADD_IT = "Show the card when you pay", "What you add or earn is listed here."
NOTHING, HIDDEN = "Nothing on this card yet", "This card has no balance that is shown on this page."
NO_REWARDS = "None was earned with this card so far, or all are used or expired."
NO_POINTS_READ = "Your points could not be read this time."
NO_REWARDS_READ = "Your rewards could not be read this time."
NO_BALANCE = "There is no balance to show for this card."
SENTENCES = {
    *(USE_IT, ADD_IT, NOTHING, HIDDEN, NO_REWARDS, NO_POINTS_READ, NO_REWARDS_READ, NO_BALANCE),
}
EMPTY: Payload = {"pointBalances": [], "rewardBalances": []}
CAMPAIGN = wallet(walletCode=99, name="Campaigns", balance="5")


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (EMPTY, {NOTHING, ADD_IT, NO_REWARDS, USE_IT}),
        ({**EMPTY, "rewardBalances": [wallet(walletCode=21)]}, set()),
        ({**EMPTY, "pointBalances": [wallet()]}, {NO_REWARDS, USE_IT}),
        ({"pointBalances": None, "rewardBalances": None}, {NO_POINTS_READ, NO_REWARDS_READ}),
        ({**EMPTY, "rewardBalances": None}, {NOTHING, ADD_IT, NO_REWARDS_READ}),
        ({**EMPTY, "pointBalances": [CAMPAIGN]}, {HIDDEN, NO_REWARDS, USE_IT}),
        ({**EMPTY, "storedValueBalance": CAMPAIGN}, {HIDDEN, NO_REWARDS, USE_IT}),
        ({**EMPTY, "rewardBalances": [CAMPAIGN]}, {HIDDEN}),
        ({**EMPTY, "queryCardStatus": "SUSPENDED"}, {NO_BALANCE, NO_REWARDS}),
        ({**EMPTY, "queryCardStatus": "DISABLED"}, {NO_BALANCE, NO_REWARDS}),
        ({**EMPTY, "queryCardStatus": "EXCHANGED"}, {NO_BALANCE, NO_REWARDS}),
        ({**EMPTY, "queryCardStatus": "FROZEN"}, {NO_BALANCE, NO_REWARDS}),
    ],
)
def test_says_of_an_empty_part_what_is_true_and_what_to_do(held: Payload, said: set[str]) -> None:
    merchant = with_wallets({99: WalletSetting(hidden=True)})
    text = text_of(account_information(**held), merchant=merchant)

    assert {each for each in SENTENCES if each in text} == said
    assert "Campaigns" not in text


def test_says_what_is_not_known_of_a_card_without_facts() -> None:
    text = text_of({"accountStatus": "ACTIVE"})

    assert in_order(text, "Member since Not available", "Registered Not available")
    assert "None" not in text


@pytest.mark.parametrize("stored", [None, wallet(walletCode=1)])
@pytest.mark.parametrize("count", [1, 3, 4])
def test_lists_every_wallet_of_points_once(stored: Payload | None, count: int) -> None:
    points = [wallet(walletCode=40 + number, name=f"Leaves {number}") for number in range(count)]
    part = shown(account_information(storedValueBalance=stored, pointBalances=points))

    names = [each.text for each in part.all("bdi", class_="wallet-name")]
    assert names == [f"Leaves {number}" for number in range(count)]


@pytest.mark.parametrize(
    ("card_status", "account_status", "invited"),
    [
        ("ACTIVE", "ACTIVE", True),
        *((status, "ACTIVE", False) for status in ("SUSPENDED", "DISABLED", "EXCHANGED", "FROZEN")),
        (None, None, False),
    ],
)
def test_invites_only_to_use_a_card_that_is_known_to_be_usable(
    card_status: str | None, account_status: str | None, invited: bool
) -> None:
    reply = account_information(queryCardStatus=card_status, accountStatus=account_status, primaryCard=None)
    links = demo_merchant().links
    found = {link.attributes["href"] for link in shown(reply).all("a")}

    # Buying one is for another card.
    assert found == ({links.reload, links.order, links.buy} if invited else {links.buy})


@pytest.mark.parametrize(("status", "lists"), [("SUSPENDED", 0), ("ACTIVE", 1)])
def test_leaves_the_list_of_links_out_where_it_would_be_empty(status: str, lists: int) -> None:
    merchant = demo_merchant()
    merchant = dataclasses.replace(merchant, links=dataclasses.replace(merchant.links, buy=None))
    part = shown(account_information(queryCardStatus=status), merchant=merchant)

    assert len(part.all("ul", class_="account-links")) == lists
