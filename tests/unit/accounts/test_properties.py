"""What holds for every card number and every pasted message, whatever they are."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accounts.forms import CardForm
from accounts.normalisation import normalise, normalise_code
from tests.support import builders

PURE = settings(max_examples=100, deadline=None)


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
def test_every_decoration_of_a_code_normalises_to_it(data: st.DataObject) -> None:
    code = data.draw(CODES.flatmap(lambda upper: st.sampled_from([upper, upper.lower(), upper.title()])))

    assert normalise_code(data.draw(decorated(code))) == code


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
