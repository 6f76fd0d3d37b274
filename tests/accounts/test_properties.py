"""What holds for every card number, every pasted message, every decimal and every reply, whatever they are."""

import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from accounts.forms import CardForm
from accounts.normalisation import normalise
from guestportal.merchants.definition import Merchant
from tests import builders
from tests.browsing import SEED_CARD, SEED_CODE
from tests.html import Element, parse_page
from tests.sandbox_process import SandboxProcess

# Each example resets what it needs by itself; the database and the sandbox are shared between examples.
OVER_THE_WIRE = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PURE = settings(max_examples=100, deadline=None)


@pytest.fixture
def visitor(merchant: Merchant, db: None) -> Client:
    """A browser that brings no token: that is another test's business, and a request saved."""
    return Client()


DIGITS = "0123456789"
FULL_WIDTH = str.maketrans(DIGITS, "０１２３４５６７８９")
DECORATION = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=["Zs", "Zl", "Zp", "Pd", "Cf"]),
        st.sampled_from(" .-·•‧−_\t\r\n\u200b\u200d\ufe0f\u00a0"),
    ),
    max_size=3,
)
NUMBERS = st.sampled_from([14, 16]).flatmap(lambda length: st.text(DIGITS, min_size=length, max_size=length))
CODES = st.sampled_from([4, 6]).flatmap(
    lambda length: st.text(DIGITS + "ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=length, max_size=length)
)


@st.composite
def decorated(draw: st.DrawFn, text: str) -> str:
    """The text with anything that people, mail programs and phones put between and around its characters."""
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    return draw(DECORATION) + "".join(character + draw(DECORATION) for character in text)


@PURE
@given(st.data())
def test_every_decoration_of_a_card_number_normalises_to_it(data: st.DataObject) -> None:
    number = data.draw(NUMBERS)

    assert normalise(data.draw(decorated(number))) == number


@PURE
@given(st.data())
def test_every_decoration_of_a_code_normalises_to_it_in_upper_case(data: st.DataObject) -> None:
    code = data.draw(CODES)

    assert (
        normalise(data.draw(decorated(data.draw(st.sampled_from([code, code.lower(), code.title()])))))
        == code
    )


@PURE
@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


TEMPLATES = {
    "en": (
        "Hello Ana,\nyour card number is {number}.\nYour registration code is {code}.\nSee you soon!",
        "Card number: {number}\nRegistration code: {code}",
        "Registration code {code} for card {number}",
        "Card {number} (code {code}), issued 2025, valid until 12/2031",
        "Gift card\n\n{number}\n\nCode: {code}.\n\nQuestions? Call +1 207 555 0142",
    ),
    "es": (
        "Hola Ana:\nsu número de tarjeta es {number}.\nSu código de registro es: {code}.\n¡Hasta pronto!",
        "Número de tarjeta: {number}\nCódigo de registro: {code}",
        "Tarjeta {number}, código {code}",
    ),
    "fr": (
        "Bonjour Ana,\nvotre numéro de carte : {number}.\nVotre code d’inscription : {code}.\nÀ bientôt !",
        "Numéro de carte : {number}\nCode d’inscription : {code}",
        "Carte {number}, code {code}",
    ),
}


def grouped(number: str, grouping: str) -> str:
    """The number as a message may print it."""
    fours = [number[start : start + 4] for start in range(0, len(number), 4)]
    match grouping:
        case "fours":
            return " ".join(fours)
        case "dashes":
            return "-".join(fours)
        case "halves":
            return f"{number[:8]} {number[8:]}"
        case "full width":
            return number.translate(FULL_WIDTH)
        case "zero width":
            return "\u200b".join(number)
        case _:
            return number


GROUPINGS = ("none", "fours", "dashes", "halves", "full width", "zero width")


@pytest.mark.parametrize(
    ("language", "template"),
    [(language, template) for language, templates in TEMPLATES.items() for template in templates],
)
@settings(max_examples=25, deadline=None)
@given(
    number=NUMBERS,
    code=CODES,
    grouping=st.sampled_from(GROUPINGS),
    line_break=st.sampled_from(["\n", "\r\n", ""]),  # as copied, as a form sends it, as a browser drops it
)
def test_every_message_with_one_card_is_split(
    language: str, template: str, number: str, code: str, grouping: str, line_break: str
) -> None:
    assume(any(character in DIGITS for character in code))
    message = template.format(number=grouped(number, grouping), code=code).replace("\n", line_break)
    merchant = builders.demo_merchant()
    form = CardForm(
        {"card_number": message, "registration_code": ""},
        card=merchant.card,
        words=merchant.card.words[language],
    )

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["card_number"], form.cleaned_data["registration_code"]) == (number, code)


GLUED = (
    "PIN: {code}Card: {number}",
    "Tarjeta: {number}Código: {code}Gracias",
    pytest.param("Gift card{number}Code: {code}Questions? Call +1 207 555 0142"),
)


@pytest.mark.parametrize("template", GLUED)
@settings(max_examples=25, deadline=None)
@given(number=NUMBERS, code=CODES)
def test_no_code_that_ran_into_a_word_is_replaced_by_something_else(
    template: str, number: str, code: str
) -> None:
    """A wrong code costs the guest one of few tries, so what is not certain is left to the guest."""
    assume(any(character in DIGITS for character in code))
    merchant = builders.demo_merchant()
    form = CardForm(
        {"card_number": template.format(number=number, code=code), "registration_code": ""},
        card=merchant.card,
        words=merchant.card.words["en"],
    )
    if form.is_valid():
        assert (form.cleaned_data["card_number"], form.cleaned_data["registration_code"]) == (number, code)


@PURE
@given(number=st.text(max_size=80), code=st.text(max_size=20))
def test_a_form_that_is_valid_holds_a_number_and_a_code_of_the_merchants_shape(
    number: str, code: str
) -> None:
    merchant = builders.demo_merchant()
    form = CardForm(
        {"card_number": number, "registration_code": code},
        card=merchant.card,
        words=merchant.card.words["en"],
    )
    if form.is_valid():
        assert len(form.cleaned_data["card_number"]) in merchant.card.number_lengths
        assert set(form.cleaned_data["card_number"]) <= set(DIGITS)
        assert len(form.cleaned_data["registration_code"]) in merchant.card.code_lengths
        assert form.cleaned_data["registration_code"].isascii()
    else:
        assert set(form.errors) <= {"card_number", "registration_code"}


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
GROUP_SIGNS = {"en": ",", "es": ".", "fr": " "}
POINT_SIGNS = {"en": ".", "es": ",", "fr": ","}


def parsed(figure: str, language: str) -> Decimal:
    """The number that a reader of this language reads."""
    plain = "".join(figure.split()).replace("US", "").replace("$", "").replace("\u2212", "-")
    return Decimal(plain.replace(GROUP_SIGNS[language], "").replace(POINT_SIGNS[language], "."))


def open_card(client: Client, language: str = "en") -> HttpResponse:
    """The entrance's answer, or the balance page when the card opens."""
    client.cookies.clear()
    entered: HttpResponse = client.post(  # type: ignore[assignment]  # the client's own class
        "/", {"card_number": SEED_CARD, "registration_code": SEED_CODE}
    )
    if entered.status_code != 302:
        return entered
    return client.get("/balance/", headers={"accept-language": language})  # type: ignore[return-value]


def figure_of(page: Element, name: str) -> str:
    """The text that stands before or after a wallet's name, in the smallest element that holds both."""
    element = next(element for element in page.all("bdi") if element.text == name)
    while element.text == name:
        assert element.parent is not None
        element = element.parent
    return element.text.replace(name, "", 1).strip(" :")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es", "fr"])
@settings(OVER_THE_WIRE, max_examples=12)
@given(amounts=st.lists(DECIMALS, min_size=4, max_size=8), quoted=st.booleans())
@example(amounts=["9007199254740993.01", "-0.1", "0", "1234.50", f"{'9' * 60}.{'1' * 60}"], quoted=False)
def test_every_decimal_arrives_on_the_page_as_it_left_paytronix(
    visitor: Client, sandbox: SandboxProcess, language: str, amounts: list[str], quoted: bool
) -> None:
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
    sandbox.set_reply(
        SEED_CARD, f'{{"result": "success", "storedValueBalance": {stored}, "pointBalances": [{wallets}]}}'
    )
    page = parse_page(open_card(visitor, language).content)

    for place, amount in enumerate(others):
        assert parsed(figure_of(page, f"Wallet{place}x"), language) == Decimal(amount)
    assert parsed(figure_of(page, "Money"), language) == Decimal(money)


@pytest.mark.django_db
@OVER_THE_WIRE
@given(
    received=st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12
    ).filter(lambda text: not text.isascii() or not text.strip("+-.").replace(".", "").isdigit())
)
def test_every_amount_that_is_no_decimal_is_shown_as_received(
    visitor: Client, sandbox: SandboxProcess, received: str
) -> None:
    sandbox.set_reply(
        SEED_CARD,
        {
            "result": "success",
            "pointBalances": [{"walletCode": 100, "name": "Odd wallet", "balance": received}],
        },
    )
    page = parse_page(open_card(visitor).content)

    assert figure_of(page, "Odd wallet") == received.strip(" :")


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


@pytest.mark.django_db
@settings(OVER_THE_WIRE, max_examples=100)
@given(reply=bent(RICH_REPLY, 60), language=st.sampled_from(["en", "es", "fr"]))
def test_no_reply_around_the_documented_shape_breaks_a_page(
    visitor: Client, sandbox: SandboxProcess, reply: object, language: str
) -> None:
    sandbox.set_reply(SEED_CARD, json.dumps(reply))

    response = open_card(visitor, language)

    assert response.status_code in {200, 422, 503}
    parse_page(response.content)


def visible(text: str) -> str:
    """The characters that can be seen: no spaces, controls or marks of direction, which a page may leave out."""
    return "".join(
        character
        for character in "".join(text.split())
        if unicodedata.category(character) not in {"Cc", "Cf"}
    )


@pytest.mark.django_db
@settings(OVER_THE_WIRE, max_examples=40)
@given(text=ODD_TEXT, odd=ODD_TEXT, status=st.sampled_from(["ACTIVE", "EXCHANGED"]))
def test_no_text_in_any_field_breaks_the_page_or_its_markup(
    visitor: Client, sandbox: SandboxProcess, text: str, odd: str, status: str
) -> None:
    """Every string is what the documented shape allows, so the page must stand and show it."""

    def filled(value: object) -> object:
        if isinstance(value, Mapping):
            return {name: filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [filled(member) for member in value]
        return text if isinstance(value, str) else value

    reply = filled(RICH_REPLY)
    assert isinstance(reply, dict)
    sandbox.set_reply(
        SEED_CARD, json.dumps({**reply, "result": "success", "queryCardStatus": status, "tierLabel": odd})
    )

    page = parse_page(open_card(visitor).content)

    assert visible(odd) in visible(page.text)
