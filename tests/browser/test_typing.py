"""Typing and pasting a card's number and code: help that never gets in the way, and no help without script."""

import dataclasses
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED, SHORT
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.conftest import serving

MAIL: Final = "Hello Ana,\nCard number: 6000 3010-0041 8000\nRegistration code: 123456\nSee you at 9."
# A year and a telephone number have as many digits as a code; the code's label tells them apart.
LONG_MAIL: Final = f"Thank you for joining on 07/29/2014!\n{MAIL}\nQuestions? Call 207 555 0142"
PASTED: Final = (
    "6000 3010-0041 8000",
    "6000301000418000",
    "6000\u20133010\u20130041\u20138000",
    "6000.3010.0041.8000\r\n",
)
# What stands in a list or a table, and the whole of a number's row.
NUMBER_AND_CODE: Final = (
    f"{SEED.number} {SEED.code}",
    f"6000 3010 0041 8000 {SEED.code}",
    f"6000-3010-0041-8000\t{SEED.code}",
)
# Where the caret stands, what is typed there, what the field then holds, and where the caret stands after it.
EDITS: Final = (
    (2, ["9"], "6090 0301 0004 1800 0", 3),
    (6, ["7"], "6000 3701 0004 1800 0", 7),
    (4, ["5"], "6000 5301 0004 1800 0", 6),
    (0, ["1"], "1600 0301 0004 1800 0", 1),
    (2, ["Backspace"], "6003 0100 0418 000", 1),
    (2, ["Delete"], "6003 0100 0418 000", 2),
    (5, ["Backspace"], "6003 0100 0418 000", 3),
    (4, ["Delete"], "6000 0100 0418 000", 4),
    (2, ["9", "Backspace"], "6000 3010 0041 8000", 2),
    (7, ["7", "7", "7"], "6000 3077 7100 0418 000", 11),
)


def paste(page: Page, text: str) -> None:
    """Paste as a person does: from the clipboard, by the keyboard, where the focus is."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def caret(guest: Guest) -> int:
    position: int = guest.number.evaluate("input => input.selectionStart")
    return position


def move_caret(guest: Guest, position: int) -> None:
    guest.page.keyboard.press("Home")
    for _step in range(position):
        guest.page.keyboard.press("ArrowRight")


def test_takes_a_pasted_number_in_any_grouping(guest: Guest) -> None:
    guest.open("/")
    for pasted in PASTED:
        guest.number.fill("")
        guest.number.focus()
        paste(guest.page, pasted)
        expect(guest.number, pasted).to_have_value("6000 3010 0041 8000")
    guest.code.fill(SEED.code)
    guest.page.keyboard.press("Enter")

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Your balance")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("message", [MAIL, LONG_MAIL], ids=["a mail", "a long mail"])
@pytest.mark.parametrize("field", ["number", "code"])
def test_opens_the_card_from_a_pasted_mail_when_it_is_sent_and_not_before(
    new_guest: NewGuest, field: str, message: str, script: bool
) -> None:
    guest = new_guest(script=script)
    guest.open("/")
    sent: list[str] = []
    guest.page.on("request", lambda request: sent.append(request.url))
    pasted_into = guest.number if field == "number" else guest.code
    pasted_into.focus()
    paste(guest.page, message)

    expect(pasted_into).to_have_value(" ".join(message.splitlines()))  # a browser puts blanks for line breaks
    expect(pasted_into).to_be_focused()
    assert sent == []
    guest.submit("Show my balance")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Your balance")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("pasted", NUMBER_AND_CODE)
def test_opens_the_card_from_number_and_code_in_one_line(
    new_guest: NewGuest, pasted: str, script: bool
) -> None:
    guest = new_guest(script=script)
    guest.open("/")
    guest.number.focus()
    paste(guest.page, pasted)
    guest.submit("Show my balance")

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Your balance")


def test_leaves_a_number_with_its_code_as_it_was_pasted_where_both_could_be_a_number(
    guest: Guest, patient_merchant: Merchant
) -> None:
    card = dataclasses.replace(patient_merchant.card, number_lengths=(12, 16))
    with serving(dataclasses.replace(patient_merchant, card=card)):
        guest.open("/")
    guest.number.focus()
    paste(guest.page, "600030100041 1234")

    expect(guest.number).to_have_value("600030100041 1234")


def test_leaves_more_digits_than_a_number_has_as_they_are(guest: Guest) -> None:
    guest.open("/")
    guest.number.focus()
    paste(guest.page, f"{SEED.number} 12 34 56")
    expect(guest.number).to_have_value(f"{SEED.number} 12 34 56")
    for _digit in "12 34 56":
        guest.page.keyboard.press("Backspace")

    expect(guest.number).to_have_value("6000 3010 0041 8000")


def test_joins_nothing_when_the_words_around_digits_are_deleted(guest: Guest) -> None:
    guest.open("/")
    guest.number.focus()
    paste(guest.page, f"x{SEED.number} 12 34 56")
    guest.page.keyboard.press("Home")
    guest.page.keyboard.press("Delete")

    expect(guest.number).to_have_value(f"{SEED.number} 12 34 56")


def test_leaves_a_pasted_message_alone_when_it_is_in_doubt(guest: Guest) -> None:
    guest.open("/")
    guest.number.focus()
    paste(guest.page, "Cards 6000301000418000 and 6000301000731206, code 123456")

    expect(guest.code).to_have_value("")
    expect(guest.number).to_have_value("Cards 6000301000418000 and 6000301000731206, code 123456")


def test_groups_digits_in_fours_while_typing(guest: Guest) -> None:
    guest.open("/")
    guest.number.press_sequentially(SHORT.number)

    expect(guest.number).to_have_value("0421 0077 3155 62")
    assert caret(guest) == len("0421 0077 3155 62")


def test_keeps_the_caret_where_the_guest_edits(guest: Guest) -> None:
    guest.open("/")
    for position, keys, value, after in EDITS:
        guest.number.fill("")
        guest.number.press_sequentially(SEED.number)
        move_caret(guest, position)
        for key in keys:
            guest.page.keyboard.press(key)

        expect(guest.number, f"{keys} at {position}").to_have_value(value)
        assert caret(guest) == after, f"{keys} at {position}"


def test_leaves_letters_as_they_are_typed(guest: Guest) -> None:
    guest.open("/")
    guest.number.press_sequentially("60003x01000")

    expect(guest.number).to_have_value("6000 3x01000")
