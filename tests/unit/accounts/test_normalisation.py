"""What guests type and paste: every decoration goes, nothing else does, and nothing is guessed."""

import dataclasses
import unicodedata
from dataclasses import replace
from typing import Final

import pytest

from accounts.forms import CardForm
from accounts.normalisation import LONGEST_MESSAGE, NumberAndCode, find_in_message, normalise, normalise_code
from guestportal.merchants.definition import CardFormat
from tests.support.builders import demo_merchant
from tests.support.counted_steps import count_steps
from tests.support.pasted_messages import (
    CODE,
    LETTERS,
    MESSAGES,
    MESSAGES_OF_ANY_LENGTH,
    MESSAGES_WITH_LETTERS,
    NUMBER,
    SHORT,
    UNCERTAIN,
    UNCERTAIN_OF_ANY_LENGTH,
    UNCERTAIN_WITH_LETTERS,
)


def find(text: str, *, letters: bool = False) -> NumberAndCode | None:
    card = with_letters() if letters else demo_merchant().card
    return find_in_message(text, card, code_label="Registration code")


def find_of_any_length(text: str) -> NumberAndCode | None:
    card = dataclasses.replace(
        demo_merchant().card, number_lengths=tuple(range(10, 20)), code_lengths=tuple(range(4, 9))
    )
    return find_in_message(text, card, code_label="Registration code")


def in_one_line(message: str) -> str:
    """The message as it is in a field that it was pasted into."""
    return " ".join(message.splitlines())


def with_letters() -> CardFormat:
    return dataclasses.replace(demo_merchant().card, number_has_letters=True)


def form(number: str, code: str, *, language: str = "en", card: CardFormat | None = None) -> CardForm:
    merchant = demo_merchant()
    return CardForm(
        {"card_number": number, "registration_code": code},
        card=card or merchant.card,
        words=merchant.card.words[language],
    )


@pytest.mark.parametrize(
    "typed",
    [
        "6000301000418000",
        "6000 3010 0041 8000",
        "6000-3010-0041-8000",
        "6000 3010-0041 8000",
        "6000.3010.0041.8000",
        "6000·3010•0041‧8000",
        "6000_3010_0041_8000",
        " 6000301000418000 ",
        "\t6000\t3010\r\n0041\n8000\r",
        "6000\u00a03010\u20090041\u202f8000",
        "6000\u30003010\u20070041\u16808000",
        "6000\u20103010\u20110041\u20128000",
        "6000\u20133010\u20140041\u20158000",
        "6000\u22123010\ufe630041\uff0d8000",
        "6000\u200b3010\u200c0041\u200d8000",
        "\ufeff6000\u20603010\u00ad0041\u180e8000",
        "\u202a6000301000418000\u202c",
        "\u20666000\u20693010\u200e0041\u200f8000",
        "６０００３０１０００４１８０００",
        "６０００－３０１０－００４１－８０００",
        "٦٠٠٠٣٠١٠٠٠٤١٨٠٠٠",
        "६०००३०१०००४१८०००",
        "𝟔𝟎𝟎𝟎𝟑𝟎𝟏𝟎𝟎𝟎𝟒𝟏𝟖𝟎𝟎𝟎",
        "⑥⓪⓪⓪③⓪①⓪⓪⓪④①⑧⓪⓪⓪",
        "6\ufe0f0\ufe0f0\ufe0f0301000418000",
        "6000\u20283010\u20290041\u00858000",
        "6000\x003010\x0b0041\x0c8000",
    ],
)
def test_drops_every_decoration_of_a_card_number(typed: str) -> None:
    assert normalise(typed) == NUMBER


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0421 0077 3155 62", SHORT),
        ("0000000000000000", "0000000000000000"),
        ("", ""),
        (" \u200b\r\n", ""),
        ("zk7-q4w", "ZK7Q4W"),
        ("ｚｋ７ｑ４ｗ", "ZK7Q4W"),
        ("6000/3010", "6000/3010"),
        ("6000,3010", "6000,3010"),
        ("6000+3010", "6000+3010"),
        ("#6000", "#6000"),
        ("O000", "O000"),
        ("l000", "L000"),
        ("½", "1⁄2"),
        ("café", "CAFÉ"),
    ],
)
def test_keeps_what_is_no_decoration(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


def test_keeps_the_case_of_a_code_unless_letters_do_not_matter() -> None:
    card = demo_merchant().card
    message = f"Card {NUMBER} code zK7q, that is {NUMBER} code ZK7Q"

    assert normalise_code("zk7-Q4w") == "zk7Q4w"
    assert normalise_code("zk7-Q4w", ignores_case=True) == "ZK7Q4W"
    assert find_in_message(message, card, code_label="Registration code") is None
    either_case = replace(card, code_ignores_case=True)
    found = find_in_message(message, either_case, code_label="Registration code")
    assert found == NumberAndCode(NUMBER, "ZK7Q")


@pytest.mark.parametrize(("ignores_case", "sent"), [(False, "aB3d"), (True, "AB3D")])
def test_the_merchant_says_whether_the_case_of_a_typed_code_matters(ignores_case: bool, sent: str) -> None:
    merchant = demo_merchant()
    card = replace(merchant.card, code_ignores_case=ignores_case)
    form = CardForm(
        {"card_number": NUMBER, "registration_code": "aB3d"}, card=card, words=merchant.card_words("en")
    )

    assert form.is_valid()
    assert form.identity.registration_code == sent


def test_drops_every_space_dash_and_invisible_character_there_is() -> None:
    dropped = [
        chr(code)
        for code in range(0x11000)
        if unicodedata.category(chr(code)) in {"Zs", "Zl", "Zp", "Pd", "Cf"}
    ]

    assert [hex(ord(character)) for character in dropped if normalise(f"1{character}2") != "12"] == []
    assert len(dropped) > 60


@pytest.mark.parametrize("character", "·•・。۔⸱⋅−⁃˗➖─ー\u2800\u3164\u1160\uffa0")
def test_drops_what_only_looks_like_a_dot_a_dash_or_a_blank(character: str) -> None:
    assert normalise(f"6000{character}3010") == "60003010"


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_finds_number_and_code_in_a_message(message: str) -> None:
    assert find(message) == find(in_one_line(message)) == NumberAndCode(NUMBER, CODE)


@pytest.mark.parametrize("before", ["", " ", "Card: ", "Hello\n", "PIN below. Card # "])
def test_takes_five_groups_for_a_number_and_its_code_where_nothing_else_stands_before(before: str) -> None:
    assert find(f"{before}6000 3010 0041 8000 1234") == NumberAndCode(NUMBER, "1234")


def test_finds_a_number_with_a_leading_zero_and_a_code_with_letters() -> None:
    assert find("Card 0421 0077 3155 62 code 4821") == NumberAndCode(SHORT, "4821")
    assert find(f"Card {SHORT} code zK7q") == NumberAndCode(SHORT, "zK7q")


@pytest.mark.parametrize("message", MESSAGES_OF_ANY_LENGTH.values(), ids=MESSAGES_OF_ANY_LENGTH.keys())
def test_takes_printed_groups_for_one_number_where_many_lengths_fit(message: str) -> None:
    assert find_of_any_length(message) == NumberAndCode(NUMBER, CODE)


@pytest.mark.parametrize("message", UNCERTAIN_OF_ANY_LENGTH.values(), ids=UNCERTAIN_OF_ANY_LENGTH.keys())
def test_guesses_no_length_that_is_not_certain(message: str) -> None:
    assert find_of_any_length(message) is None


@pytest.mark.parametrize("field", ["card_number", "registration_code"])
@pytest.mark.parametrize(
    "text", [f"code {CODE}. {'x' * (LONGEST_MESSAGE - 28)} {NUMBER}", f"{NUMBER}{' ' * LONGEST_MESSAGE}1"]
)
def test_reads_nothing_from_a_text_that_would_have_to_be_cut(field: str, text: str) -> None:
    typed = {"card_number": NUMBER, "registration_code": CODE, field: text}

    assert not form(typed["card_number"], typed["registration_code"]).is_valid()


@pytest.mark.parametrize("message", MESSAGES_WITH_LETTERS.values(), ids=MESSAGES_WITH_LETTERS.keys())
def test_finds_a_number_with_letters_where_the_merchants_cards_have_them(message: str) -> None:
    assert find(message, letters=True) == NumberAndCode(LETTERS, CODE)
    assert find(in_one_line(message), letters=True) == NumberAndCode(LETTERS, CODE)
    assert find(message) is None


@pytest.mark.parametrize("message", UNCERTAIN_WITH_LETTERS.values(), ids=UNCERTAIN_WITH_LETTERS.keys())
def test_guesses_no_number_with_letters_either(message: str) -> None:
    assert find(message, letters=True) is None
    assert find(in_one_line(message), letters=True) is None


@pytest.mark.parametrize("message", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_guesses_nothing_from_a_message_that_is_not_certain(message: str) -> None:
    assert find(message) is None
    assert find(in_one_line(message)) is None


# What was made to take long: each stands in both fields as often as they hold it.
AWKWARD: Final = (
    "1 ",
    "1.1 ",
    "1234 ",
    "6000 3010 0041 8000 ",
    f"{NUMBER} ",
    f"{NUMBER} {CODE}\n",
    "-",
    " ",
    "a",
    "a1",
    "A12345 ",
    "1-1 12 ",
    "code 1234 ",
    "⒈㏠",  # two that become "1.1日"
    "⒇",
    "\ufdfa",  # one that becomes 18
    "".join(map(chr, range(0x4E00, 0x4E00 + LONGEST_MESSAGE))),  # none of them twice
    "\u0315\u0300",  # two accents in the wrong order
)


@pytest.mark.parametrize("letters", [False, True])
@pytest.mark.parametrize("part", AWKWARD, ids=lambda part: ascii(part[:20]))
def test_takes_steps_in_proportion_to_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, part: str, letters: bool
) -> None:
    card = with_letters() if letters else demo_merchant().card

    def steps(length: int) -> int:
        text = (part * length)[:length]
        return count_steps(monkeypatch, form(text, text, card=card).is_valid)

    little, most, beyond = map(steps, (LONGEST_MESSAGE // 8, LONGEST_MESSAGE, 65_536))
    assert most <= 8 * little
    assert max(most, beyond) <= 40 * LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        ("6000 3010-0041 8000", " 12 34 56 ", (NUMBER, CODE)),
        ("0421 0077 3155 62", "4821", (SHORT, "4821")),
        (NUMBER, "zk7-Q4w", (NUMBER, "zk7Q4w")),
        (NUMBER, "ｚｋ７Ｑ４ｗ", (NUMBER, "zk7Q4w")),
        (f"Card: {NUMBER} Registration code: zk7Q4w", "", (NUMBER, "zk7Q4w")),
        (f"Card: {NUMBER} Registration code: {CODE}", "", (NUMBER, CODE)),
        (f"Card: {NUMBER}\r\nRegistration code: {CODE}", " \u200b ", (NUMBER, CODE)),
        ("", f"Card: {NUMBER} Registration code: {CODE}", (NUMBER, CODE)),
        ("6000 3010 0041 8000", f"Card: {NUMBER} Registration code: {CODE}", (NUMBER, CODE)),
        (f"Card: {NUMBER} Registration code: {CODE}", CODE, (NUMBER, CODE)),
    ],
)
def test_cleans_what_the_form_was_given(number: str, code: str, expected: tuple[str, str]) -> None:
    filled = form(number, code)

    assert filled.is_valid(), filled.errors
    assert (filled.cleaned_data["card_number"], filled.cleaned_data["registration_code"]) == expected


@pytest.mark.parametrize(
    ("number", "code", "wrong"),
    [
        (f"{NUMBER} code 654321", CODE, "card_number"),
        (SHORT, f"{NUMBER} code {CODE}", "registration_code"),
        (f"{NUMBER} code {CODE}", NUMBER, "registration_code"),
    ],
)
def test_prefers_what_was_typed_to_a_message_that_says_something_else(
    number: str, code: str, wrong: str
) -> None:
    """Both fields were filled in: a message in one of them is then no more than a wrong number or code."""
    filled = form(number, code)

    assert not filled.is_valid()
    assert wrong in filled.errors


@pytest.mark.parametrize("field", ["card_number", "registration_code"])
def test_puts_what_it_found_in_a_message_into_both_fields(field: str) -> None:
    message = f"Card: {NUMBER}\r\nRegistration code: {CODE}"
    filled = form(*((message, "") if field == "card_number" else ("", message)))
    filled.is_valid()

    assert [filled[name].value() for name in ("card_number", "registration_code")] == [NUMBER, CODE]


@pytest.mark.parametrize(
    ("number", "code", "field", "words"),
    [
        ("", CODE, "card_number", "Enter the card number."),
        (NUMBER, "", "registration_code", "Enter the registration code."),
        (NUMBER[:-1], CODE, "card_number", "you entered 15"),
        (NUMBER + "0", CODE, "card_number", "you entered 17"),
        ("6000301000418O00", CODE, "card_number", "digits only"),
        (NUMBER, "12345", "registration_code", "you entered 5"),
        (NUMBER, "12$456", "registration_code", "letters and digits only"),
        (NUMBER, "١٢٣é56", "registration_code", "letters and digits only"),
        ("6000301000418000'--", CODE, "card_number", "digits only"),
    ],
)
def test_says_of_one_field_what_is_wrong(number: str, code: str, field: str, words: str) -> None:
    filled = form(number, code)

    assert not filled.is_valid()
    assert list(filled.errors) == [field]
    assert [words in error for error in filled.errors[field]] == [True]
