"""What may be typed in the forms of sending, what becomes of it, and what is said about the rest."""

import pytest

from gifting.sending.domain import Obstacle, Offer
from gifting.sending.forms import AccountForm, WhatForm, WhoForm, meant_address
from guestportal.merchants.amounts import Amount

NAME = "Mira"


def who(email: str, name: str = NAME) -> WhoForm:
    return WhoForm({"recipient_email": email, "recipient_name": name})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mira@example.net", "mira@example.net"),
        ("  mira@example.net\n", "mira@example.net"),
        ("Mira.O+gifts@Example.Net", "Mira.O+gifts@Example.Net"),
        ("cafe\u0301@example.net", "caf\u00e9@example.net"),
        ("mira@b\u00fccher.example", "mira@b\u00fccher.example"),
        (f"{'a' * 242}@example.net", f"{'a' * 242}@example.net"),
    ],
)
def test_an_address_is_trimmed_and_composed_and_otherwise_kept(typed: str, kept: str) -> None:
    form = who(typed)

    assert form.is_valid(), form.errors
    assert form.recipient.address == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("mira", "mira@", "@example.net", "mira@example", "mira@@example.net", "mira@a@example.net"),
        *("mira@example..net", "mira@.net", "mira@example.net.", "mi ra@example.net", "mira@exam ple.net"),
        *("mira@example.net\r\nBcc: x@example.net", "mira\x00@example.net", "mira\u202e@example.net"),
        *("mira\u200b@example.net", "mira@example.net, jo@example.net", "Mira <mira@example.net>"),
        f"{'a' * 243}@example.net",
    ],
)
def test_what_is_no_address_is_not_taken(typed: str) -> None:
    form = who(typed)

    assert not form.is_valid()
    assert list(form.errors) == ["recipient_email"]


def test_asks_for_both_in_words() -> None:
    form = who(" ", " \u200e ")

    assert form.errors == {
        "recipient_email": ["Enter the e-mail address of the person it is for."],
        "recipient_name": ["Enter the name of the person it is for."],
    }


def test_a_name_is_one_clean_line() -> None:
    form = who("mira@example.net", " Mira\u202e\r\nOkafor\x07 ")

    assert form.is_valid()
    assert form.recipient.name == "Mira Okafor"


def test_a_name_may_have_sixty_characters() -> None:
    assert who("mira@example.net", "é" * 60).is_valid()
    assert not who("mira@example.net", "é" * 61).is_valid()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("900002", 900002),
        (" 900 002 ", 900002),
        ("900-002", 900002),
        ("\uff19\uff10\uff10", 900),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_an_account_code_is_its_digits(typed: str, code: int) -> None:
    form = AccountForm({"account_code": typed})

    assert form.is_valid(), form.errors
    assert form.recipient.account_code == code


@pytest.mark.parametrize(
    "typed", ["", "0", "12a", "9223372036854775808", "1" * 20, "1" * 5000, "\x00", "1,5"]
)
def test_what_is_no_account_code_is_not_taken(typed: str) -> None:
    assert not AccountForm({"account_code": typed}).is_valid()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mira@gmial.com", "mira@gmail.com"),
        ("mira@gmail.con", "mira@gmail.com"),
        ("mira@gmai.com", "mira@gmail.com"),
        ("mira@hotmial.com", "mira@hotmail.com"),
        ("mira@Yaho.com", "mira@yahoo.com"),
        ("mira@outlok.com", "mira@outlook.com"),
        ("mira@gmail.com", ""),
        ("mira@mail.com", ""),
        ("mira@ymail.com", ""),
        ("mira@yahoo.co.uk", ""),
        ("mira@example.net", ""),
        ("mira@company.com", ""),
        ("", ""),
    ],
)
def test_a_slip_in_a_common_domain_is_noticed(typed: str, meant: str) -> None:
    assert meant_address(typed) == meant


def test_only_what_can_be_sent_can_be_chosen() -> None:
    amount = Amount("1", None)
    offers = (
        Offer(wallet_code=21, label="Free Coffee", cost=amount),
        Offer(wallet_code=22, label="Pastry", cost=amount, obstacle=Obstacle.NOT_GIFTABLE),
    )

    assert WhatForm({"wallet_code": "21"}, offers=offers).is_valid()
    for code in ("22", "23", "", "x", "2 1"):
        assert not WhatForm({"wallet_code": code}, offers=offers).is_valid(), code


@pytest.mark.parametrize("name", ["Win at http://evil.example/x", "mail me@evil.example", "www.evil.example"])
def test_takes_no_address_for_a_name(name: str) -> None:
    form = WhoForm({"recipient_email": "mira@example.net", "recipient_name": name})

    assert not form.is_valid()
    assert "cannot hold a web or e-mail address" in form.errors["recipient_name"][0]
