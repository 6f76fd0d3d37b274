"""What holds for every decimal and every reply, whatever they are: from the reply's bytes to the page."""

import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import Malformed, decode
from tests.support import builders
from tests.support.pages import Element
from tests.support.shown_account import shown

DIGITS = "0123456789"


# Lengths are drawn first: left to itself a text strategy hardly ever passes the 28 digits of Python's own context.
DIGIT_RUNS = st.sampled_from([1, 2, 3, 4, 7, 16, 29, 45]).flatmap(
    lambda length: st.text(DIGITS, min_size=length, max_size=length)
)
DECIMALS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+", "-"]),
    DIGIT_RUNS,
    st.one_of(st.just(""), DIGIT_RUNS.map(".{}".format)),
)
GROUP_SIGNS = {"en": ",", "es": ",", "fr": " "}  # Spanish as in the demo merchant's country
POINT_SIGNS = {"en": ".", "es": ".", "fr": ","}


def parsed(figure: str, language: str) -> Decimal:
    """The number that a reader of this language reads."""
    plain = "".join(figure.split()).replace("US", "").replace("$", "").replace("\u2212", "-")
    return Decimal(plain.replace(GROUP_SIGNS[language], "").replace(POINT_SIGNS[language], "."))


def figure_of(page: Element, name: str) -> str:
    """The text that stands before or after a wallet's name, in the smallest element that holds both."""
    element = next(element for element in page.all("bdi") if element.text == name)
    while element.text == name:
        assert element.parent is not None
        element = element.parent
    return element.text.replace(name, "", 1).strip(" :")


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@settings(max_examples=12)
@given(amounts=st.lists(DECIMALS, min_size=4, max_size=8), quoted=st.booleans())
@example(amounts=["9007199254740993.01", "-0.1", "0", "1234.50", f"{'9' * 60}.{'1' * 60}"], quoted=False)
def test_every_decimal_is_shown_as_it_left_paytronix(language: str, amounts: list[str], quoted: bool) -> None:
    def sent(amount: str) -> str:
        number = amount.lstrip("+").lstrip("-").lstrip("0") or "0"
        number = f"0{number}" if number.startswith(".") else number
        return json.dumps(amount) if quoted else ("-" if amount.startswith("-") else "") + number

    money, *others = amounts
    wallets = ",".join(
        f'{{"walletCode": {100 + place}, "name": "Wallet{place}x", "balance": {sent(amount)}}}'
        for place, amount in enumerate(others)
    )
    stored = f'{{"walletCode": 1, "name": "Money", "balance": {sent(money)}}}'
    part = shown(f'{{"storedValueBalance": {stored}, "pointBalances": [{wallets}]}}', language=language)

    for place, amount in enumerate(others):
        assert parsed(figure_of(part, f"Wallet{place}x"), language) == Decimal(amount)
    assert parsed(figure_of(part, "Money"), language) == Decimal(money)


RICH_REPLY = builders.account_information(
    additionalCards=[builders.card("6000301000731214")],
    fields=builders.fields(
        perks=["Free delivery", {"code": "refill", "label": "Refill"}],
        externalAccounts=[{"integration": {"name": "Delivery"}}],
    ),
    storedValueBalance=builders.wallet(
        walletCode=1, balance="42.50", description="Money", expirations=[builders.expiration()]
    ),
    rewardBalances=[builders.wallet(walletCode=21, name="Coffee", expirations=[builders.expiration()])],
    registrationStatus="Registered",
)
ODD_TEXT = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(codec="utf-8", categories=["Cc", "Cf", "Zl", "Mn"]), max_size=5),
    st.sampled_from(
        [
            "",
            " ",
            "null",
            "NaN",
            "-",
            "1e9",
            "9" * 400,
            "<b>",
            "'\"><script>",
            "{{ x }}",
            "{% x %}",
            "%(x)s",
            "%s",
        ]
    ),
    st.sampled_from(
        ["0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠١-٠١", "EXCHANGED", "SUSPENDED", "İ", "\x00"]
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), ODD_TEXT
)
ODD_JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ODD_TEXT, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def bent(draw: st.DrawFn, value: Any, chance: int) -> Any:
    """The value with members left out, replaced or added, about one in `chance`, at any depth."""
    if draw(st.integers(0, chance)) == chance:
        return draw(st.one_of(ODD_TEXT, ODD_JSON) if isinstance(value, str) else ODD_JSON)
    if isinstance(value, Mapping):
        kept = {
            name: draw(bent(member, chance)) for name, member in value.items() if draw(st.integers(0, 12))
        }
        return {**kept, **draw(st.dictionaries(ODD_TEXT, ODD_JSON, max_size=1))}
    if isinstance(value, list):
        return [draw(bent(member, chance)) for member in value] * draw(st.integers(0, 3))
    return value


@settings(max_examples=100)
@given(reply=bent(RICH_REPLY, 60), language=st.sampled_from(["en", "es", "fr"]))
def test_no_reply_around_the_documented_shape_breaks_the_page(reply: object, language: str) -> None:
    """It is no account, or one that can be shown."""
    body = json.dumps(reply)
    try:
        decode(body.encode(), AccountInformation)
    except Malformed:
        return
    assert shown(body, language=language).one("h1").text


# A number, a state or a card that cannot be read is no balance. Nothing else may take one away.
RELIED_ON = frozenset(
    {"result", "accountStatus", "queryCardStatus", "primaryCard", "additionalCards", "walletCode", "balance"}
)
WALLETS = frozenset({"storedValueBalance", "pointBalances", "rewardBalances"})


@st.composite
def bent_beside(draw: st.DrawFn, value: Any) -> Any:
    """The value with about half of the members left out, replaced or added that nobody relies on."""
    if isinstance(value, list):
        return [draw(bent_beside(member)) for member in value]
    kept = {}
    for name, member in value.items():
        if name in RELIED_ON:
            kept[name] = member
        elif name in WALLETS:
            kept[name] = draw(bent_beside(member))
        elif draw(st.integers(0, 5)):
            kept[name] = draw(st.one_of(st.just(member), ODD_JSON, bent(member, 4)))
    return {**draw(st.dictionaries(ODD_TEXT, ODD_JSON, max_size=1)), **kept}


@settings(max_examples=60)
@given(reply=bent_beside(RICH_REPLY))
@example(reply={**RICH_REPLY, "fields": {"perks": [{"label": {"en": "x"}}, 5], "favoriteStore": "corp"}})
@example(reply={**RICH_REPLY, "fields": {"externalAccounts": [{"integration": "facebook"}]}})
@example(reply={**RICH_REPLY, "tierCode": 1.0, "isRegistered": 1.0, "enrollmentStore": "corp"})
def test_no_member_beside_it_takes_a_balance_away(reply: object) -> None:
    text = shown(reply).text

    assert "This card is active and can be used." in text
    assert "$42.50" in text
    assert "Card ending 731214" in text


def visible(text: str) -> str:
    """The characters that can be seen: no spaces, controls or marks of direction, which a page may leave out."""
    return "".join(
        character
        for character in "".join(text.split())
        if unicodedata.category(character) not in {"Cc", "Cf"}
    )


@settings(max_examples=40)
@given(text=ODD_TEXT, odd=ODD_TEXT, status=st.sampled_from(["ACTIVE", "EXCHANGED"]))
def test_no_text_in_any_field_breaks_the_page_or_its_markup(text: str, odd: str, status: str) -> None:
    """Every string is what the documented shape allows, so the page must stand and show it."""

    def filled(value: object) -> object:
        if isinstance(value, Mapping):
            return {name: filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [filled(member) for member in value]
        return text if isinstance(value, str) else value

    reply = filled(RICH_REPLY)
    assert isinstance(reply, dict)

    assert visible(odd) in visible(shown({**reply, "queryCardStatus": status, "tierLabel": odd}).text)
