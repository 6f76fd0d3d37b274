"""What guests write each other: what is taken out, what is not taken, and what must pass."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.gift.message_rules import MessageNotAllowed, MessageProblem, read_message
from guestportal.paytronix.text import clean_line, clean_text

LONGEST = 280
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

GOOD = [
    "Happy birthday, Rosa!\nHave one on me.",
    "Thank you for the lift on Tuesday! See you at 5.30, table no. 7.",
    "It was $5.50, e.g. a small one. Or 3.5 kg? a.m. or p.m.?",
    "Well... you know :/ and :-) and <3 and 50 % off, ok?",
    "Merci ! À bientôt ; l’été arrive…",
    "¡Feliz cumpleaños! ¿Un café?",
    "生日快乐。我请客。",
    "\U0001f468\u200d\U0001f373 \u2615\ufe0f \U0001f1eb\U0001f1f7",
    "شكرا جزيلا",
    "@ana you rock, meet @ 5",
    "and/or, 24/7, w/o milk",
    "Wait for the dot on the map, come over",
    "जन्मदिन मुबारक हो। मज़े करो. फिर मिलेंगे",
    "பிறந்தநாள் வாழ்த்துக்கள்",
    "so good ...and more .5 of it . Yes",
]

LINKS = [
    "https://evil.example",
    "see http://evil.example/x now",
    "HTTPS://EVIL.EXAMPLE",
    "www.evil.example",
    "WWW . evil",
    "evil.com",
    "Evil.Com",
    "go to evil.co.uk/login",
    "evil .com",
    "evil . com",
    "evil dot com",
    "evil(dot)com",
    "evil [.] com",
    "evil\u3002com",
    "evil\uff0ecom",
    "\uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d",
    "ev\u200bil.c\u200bom",
    "e\u00advil.com",
    "evil.\u200dcom",
    "пример.рф",
    "xn--e1afmkfd.xn--p1ai",
    "//evil.example/x",
    "javascript:alert(1)",
    "mailto:x",
    "tel:+15550100",
    "ftp://x",
    "https:/evil",
    "192.0.2.7",
    "hxxps://evil",
    "bit.ly/abc",
    "evil.com.",
    "(evil.com)",
    "evil.com\u202e",
    "http://[2001:db8::1]/login",
    "//[2001:db8::1]",
    "उदाहरण.भारत",
    "உதாரணம்.இந்தியா",
    "evil.\ufe0fcom",
    "evil.\u0301com",
    "evil .de",
    "evil\n.de/abc",
]

ADDRESSES = [
    "ana@example.com",
    "ANA@EXAMPLE",
    "write ana@example.com please",
    "ana(at)example.com",
    "ana [at] example",
    "ana @ example . com",
    "ana\uff20example.com",
    "ana\u200b@\u200bexample.com",
    "a@b",
]


@pytest.mark.parametrize("text", GOOD)
def test_takes_a_friendly_message_as_it_is(text: str) -> None:
    assert read_message(text, longest=LONGEST) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", LINKS)
def test_refuses_a_message_with_a_web_address(text: str) -> None:
    with pytest.raises(MessageNotAllowed) as refused:
        read_message(f"Free coffee here: {text} thanks", longest=LONGEST)

    assert refused.value.problem is MessageProblem.LINK


@pytest.mark.parametrize("text", ADDRESSES)
def test_refuses_a_message_with_an_email_address(text: str) -> None:
    with pytest.raises(MessageNotAllowed) as refused:
        read_message(text, longest=LONGEST)

    assert refused.value.problem is MessageProblem.EMAIL


def test_counts_characters_after_cleaning() -> None:
    assert read_message("x" * 280 + "\u202e\x00 \r\n", longest=280) == "x" * 280
    assert len(read_message("a\r\n" * 140, longest=280)) == 279
    with pytest.raises(MessageNotAllowed) as refused:
        read_message("x" * 283, longest=280)

    assert (refused.value.problem, refused.value.length) == (MessageProblem.TOO_LONG, 283)


@pytest.mark.parametrize("text", [None, "", "   ", "\r\n\t", "\x00\u202e\ufeff"])
def test_takes_nothing_for_no_message(text: str | None) -> None:
    assert read_message(text, longest=LONGEST) == ""


def test_keeps_line_breaks_and_at_most_one_blank_line() -> None:
    assert (
        clean_text("Dear Ana,\r\n\r\n\r\n\r\nhello \u2028there\x85\tRosa  ")
        == "Dear Ana,\n\nhello\nthere\n Rosa"
    )


def test_puts_names_on_one_line() -> None:
    assert clean_line(" Ro\u202esa\r\nL\x00in\x1b[31m ") == "Rosa Lin[31m"


@given(st.text(max_size=400))
def test_leaves_no_control_or_direction_character_in_any_text(text: str) -> None:
    for cleaned in (clean_text(text), clean_line(text)):
        assert not set(cleaned) & set(BIDI)
        assert not [
            character
            for character in cleaned
            if unicodedata.category(character) in {"Cc", "Cs"} - {"\n"} and character != "\n"
        ]
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=400))
def test_never_takes_an_address_however_it_is_hidden(text: str) -> None:
    try:
        taken = read_message(f"{text} evil.example {text}", longest=10_000)
    except MessageNotAllowed:
        return
    raise AssertionError(taken)
