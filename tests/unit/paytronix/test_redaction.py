"""What may be written down: secrets out, reasons in, and never slow."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestportal.paytronix.redaction import HIDDEN, redact, redact_code, redact_prose, shape_of


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("card 6000301000418000 not found", "6000301000418000"),
        ("card 6000 3010 0041 8000 not found", "0041"),
        ("card 6000-3010-0041-8000 not found", "0041"),
        ("card 6000.3010.0041.8000 not found", "0041"),
        ("04210077315562", "04210077315562"),
        ("registrationCode=ZK7Q4W", "ZK7Q4W"),
        ("registration_code: 'ZK7Q4W'", "ZK7Q4W"),
        ('{"registrationCode": "ZK7 Q4W"}', "Q4W"),
        ("{'printedCardNumber': 'AB12'}", "AB12"),
        ("client_secret=abc-def", "abc-def"),
        ("password: hunter2", "hunter2"),
        ('"access_token":"rIe7dgL5p"', "rIe7dgL5p"),
        ("Authorization: Basic c2FuZGJveDpzZWNyZXQ=", "c2FuZGJveDpzZWNyZXQ"),
        ("header Bearer abc.def-ghi", "abc.def-ghi"),
        ("GET /rest/26.6/guest/accountInformation.json?a=b&c=d HTTP/1.1", "a=b"),
        ("url: https://m1.api.pxsweb.com/rest/x.json?merchantId=7 (Caused by x)", "merchantId"),
        ("Not Found: /g/AbCd/EfGhSecret/", "EfGhSecret"),
        ("mail to ana.example+gift@mail.example.com bounced", "ana"),
        ("mail " + "a" * 300 + "@example.com", "example.com"),
        ("token rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP spent", "rIe7dgL5"),
    ],
)
def test_hides_what_could_be_a_secret(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert HIDDEN in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not Found: /balance/",
        "Expected `object | null`, got `array` - at `$.fields`",
        "HTTP 503",
        "account_info.card_not_found",
        "body over 1048576 bytes".replace("1048576", "many"),
        "ConnectionError",
        "paytronix_call",
    ],
)
def test_leaves_what_an_operator_needs(text: str) -> None:
    assert redact(text) == text


@settings(max_examples=100, deadline=None)
@given(
    digits=st.text("0123456789", min_size=6, max_size=20),
    before=st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=30),
    after=st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=30),
)
def test_hides_a_card_number_wherever_it_stands(digits: str, before: str, after: str) -> None:
    assert digits not in redact(before + digits + after)


LONG = {
    "letters": "a",
    "dashes": "a-",
    "dots": "a.",
    "digits": "1",
    "spaced digits": "1 ",
    "letters and digits": "a1",
    "underscores": "_",
    "at": "a@",
    "keys": "code=",
    "code": "code",
    "question": "?",
    "quotes": "'\"",
    "basic": "basic ",
    "plus": "+-",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_comes_to_an_end_for_a_text_whose_square_would_have_none(piece: str) -> None:
    """A guest chooses the addresses that stand in "Not Found" lines, so this decides over an outage.

    Work in proportion to the text ends in a second. A rule without its bound takes minutes.
    """
    redact((piece * 200_000)[:200_000])


@pytest.mark.parametrize("text", ["account_info.code_7391", "refused 7391", "x7391x", "CODE_7391_AB12CD"])
def test_hides_what_was_sent_inside_a_word_as_well(text: str) -> None:
    hidden = redact_code(text, sent={"registrationCode": "7391", "username": "ab12", "walletCode": "5"})

    assert "7391" not in hidden
    assert "AB12" not in hidden
    assert redact_code("account_info.closed_5", sent={"walletCode": "5"}) == "account_info.closed_5"


def test_hides_what_was_sent_in_the_shape_of_a_reply() -> None:
    body = {"errorCode": "code_7391", "7391": 1, "status": 'José "q"', "accountStatus": "a\\b1"}
    shape = shape_of(
        json.dumps(body).encode(),
        sent={"registrationCode": "7391", "username": 'josé "q"', "password": "a\\b1"},
    )

    assert json.loads(shape) == {
        "errorCode": f"code_{HIDDEN}",
        HIDDEN: "int",
        "status": HIDDEN,
        "accountStatus": HIDDEN,
    }


def test_shows_the_shape_of_a_reply_and_only_harmless_values() -> None:
    body = {
        "result": "failure",
        "errorCode": "a.b",
        "username": "Zebulon",
        "walletCode": 5,
        "balance": "12.10",
        "giftable": True,
        "pointBalances": [{"name": "Points"}] * 5,
        "6000309182736450": {"status": "6000309182736450"},
    }

    assert json.loads(shape_of(json.dumps(body).encode(), sent={})) == {
        "result": "failure",
        "errorCode": "a.b",
        "username": "str",
        "walletCode": 5,
        "balance": "str",
        "giftable": True,
        "pointBalances": [{"name": "str"}] * 3 + ["and 2 more"],
        HIDDEN: {"status": HIDDEN},
    }


@pytest.mark.parametrize(
    "body", [b"", b"<html>Zebulon</html>", b"\xff\xfe", b"[" * 50_000, b"[" * 900 + b"]" * 900]
)
def test_shows_of_anything_else_the_size_alone(body: bytes) -> None:
    assert shape_of(body, sent={}) == f"{len(body)} bytes, not JSON"


@pytest.mark.parametrize("code", ["A1B2", "7K3M9", "12ab"])
def test_hides_a_short_code_in_a_sentence(code: str) -> None:
    assert redact_prose(f"Code {code} is spent", sent={}) == f"Code {HIDDEN} is spent"


def test_keeps_a_shape_short() -> None:
    body = json.dumps({f"member{number}": number for number in range(5000)}).encode()

    assert len(shape_of(body, sent={})) <= 2000


@pytest.mark.parametrize(
    "echo",
    [
        "Rejected: Happy birthday, dear Ana",
        "Rejected: Happy birth",
        "Rejected: Happy birthday,&nbsp;dear Ana",
    ],
)
@pytest.mark.parametrize("name", ["transferMessage", "message"])
def test_writes_no_sentence_about_peoples_words(name: str, echo: str) -> None:
    assert redact_prose(echo, sent={name: "Happy birthday,\ndear Ana\nRef ABCD1E34"}) == HIDDEN
    assert redact_prose("", sent={name: "Hi"}) == ""
