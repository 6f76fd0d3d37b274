"""The cards of a reply: which of them is the one that was asked about, what is shown of the others, what bars it."""

import json
from datetime import UTC, datetime

import pytest

from accounts import reading
from accounts.domain import Account, Card
from accounts.reading import read_account
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode
from tests.support import builders
from tests.support.builders import CARD_NUMBER, demo_merchant


def read(payload: object, *, card_number: str = CARD_NUMBER) -> Account:
    reply = decode(json.dumps(payload).encode(), AccountInformation)
    read_at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return read_account(reply, merchant=demo_merchant(), card_number=card_number, read_at=read_at)


@pytest.mark.parametrize(
    ("primary", "ending", "number"),
    [
        (builders.card("6000301000909909"), "909909", "6000301000909909"),
        (builders.card("6000301000909909", maskedCardNumber=None), "909909", "6000301000909909"),
        (
            builders.card("6000301000909909", maskedCardNumber="6000301000909909"),
            "909909",
            "6000301000909909",
        ),
        (builders.card("6000301000909909", printedCardNumber=None), "909909", ""),
        (
            builders.card("6000301000909909", maskedCardNumber="**********909909"),
            "909909",
            "6000301000909909",
        ),
        (builders.card("6000301000909909", printedCardNumber=6000301000909909), "909909", "6000301000909909"),
        (builders.card("6000301000001234", maskedCardNumber="1234"), "001234", "6000301000001234"),
        (builders.card("6000301000001234", maskedCardNumber=1234), "001234", "6000301000001234"),
        (builders.card(printedCardNumber=None, maskedCardNumber="600030******9909"), "9909", ""),
        (builders.card(printedCardNumber=None, maskedCardNumber="6000301000909909"), "909909", ""),
        (builders.card(printedCardNumber="************9909", maskedCardNumber=None), "9909", ""),
    ],
)
def test_masks_another_card_whatever_paytronix_sent(
    primary: builders.Payload, ending: str, number: str
) -> None:
    card = read({"primaryCard": primary}).primary_card

    assert card is not None
    assert (card.ending, card.number) == (ending, number)


def test_never_lists_the_card_that_was_asked_about_as_another_one() -> None:
    account = read(
        {"primaryCard": builders.card(), "additionalCards": [builders.card(), {}, builders.card("60003010")]}
    )

    assert account.primary_card is None
    assert [card.number for card in account.additional_cards] == ["60003010"]


SHORT = "04210077315562"
ZEROS = "6000301000001234"


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (CARD_NUMBER, {"maskedCardNumber": "418000"}),
        (CARD_NUMBER, {"maskedCardNumber": "**********418000"}),
        (CARD_NUMBER, {"printedCardNumber": "XXXXXXXXXX418000"}),
        (CARD_NUMBER, {"printedCardNumber": 6000301000418000}),
        (CARD_NUMBER, {"printedCardNumber": "6000 3010 0041 8000"}),
        (CARD_NUMBER, {"printedCardNumber": "**********418000"}),
        ("6000-3010-0041-8000", {"printedCardNumber": CARD_NUMBER}),
        (SHORT, {"printedCardNumber": 4210077315562, "maskedCardNumber": "315562"}),
        (SHORT, {"maskedCardNumber": 315562}),
        (SHORT[1:], {"printedCardNumber": SHORT}),
        (ZEROS, {"maskedCardNumber": 1234}),
    ],
)
@pytest.mark.parametrize("place", ["primaryCard", "additionalCards"])
def test_knows_the_card_that_was_asked_about_in_every_form(
    asked: str, listed: builders.Payload, place: str
) -> None:
    account = read({place: listed if place == "primaryCard" else [listed]}, card_number=asked)

    assert account.card.number == asked
    assert account.primary_card is None
    assert account.additional_cards == ()


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (CARD_NUMBER, {"maskedCardNumber": "418001"}),
        (CARD_NUMBER, {"maskedCardNumber": "8000"}),
        (CARD_NUMBER, {"printedCardNumber": "7000301000418000", "maskedCardNumber": "418000"}),
        (CARD_NUMBER, {"printedCardNumber": "418000"}),
        (SHORT, {"printedCardNumber": "0" + SHORT}),
        ("00000000001234", {"printedCardNumber": "0000001234"}),
        (SHORT, {"printedCardNumber": "14210077315562"}),
        (ZEROS, {"maskedCardNumber": "991234"}),
    ],
)
@pytest.mark.parametrize("place", ["primaryCard", "additionalCards"])
def test_hides_no_card_that_is_another_one(asked: str, listed: builders.Payload, place: str) -> None:
    account = read({place: listed if place == "primaryCard" else [listed]}, card_number=asked)

    assert len([card for card in (account.primary_card, *account.additional_cards) if card]) == 1


def test_lists_every_other_card_once() -> None:
    first, second = builders.card("6000301000909909"), builders.card("6000301000731214")
    twin = builders.card("7000301000909909")
    account = read(
        {
            "primaryCard": first,
            "additionalCards": [
                *(
                    first,
                    second,
                    {"maskedCardNumber": "731214"},
                    twin,
                    {"printedCardNumber": 6000301000731214},
                ),
                *({"maskedCardNumber": "555555"}, builders.card("6000301000555555")),
                builders.card("7000301000555555"),
            ],
        }
    )

    assert account.primary_card is not None
    assert account.primary_card.number == first["printedCardNumber"]
    assert [card.number for card in account.additional_cards] == [
        *("6000301000731214", "7000301000909909", "6000301000555555", "7000301000555555")
    ]


@pytest.mark.parametrize(
    ("primary", "further", "status"),
    [
        ("ACTIVE", "ACTIVE", "ACTIVE"),
        ("ACTIVE", "SUSPENDED", "SUSPENDED"),
        ("DISABLED", "ACTIVE", "DISABLED"),
        (None, "ACTIVE", "ACTIVE"),
        (None, None, None),
    ],
)
def test_takes_the_state_that_bars_a_card_which_is_listed_twice(
    primary: str | None, further: str | None, status: str | None
) -> None:
    account = read(
        {
            "primaryCard": builders.card("6000301000909909", status=primary),
            "additionalCards": [builders.card("6000301000909909", status=further)],
        }
    )

    assert account.primary_card is not None
    assert account.primary_card.status == status


@pytest.mark.parametrize(
    ("card", "account", "deciding"),
    [
        ("ACTIVE", "ACTIVE", "ACTIVE"),
        ("ACTIVE", "SUSPENDED", "SUSPENDED"),
        ("DISABLED", "ACTIVE", "DISABLED"),
        ("EXCHANGED", "SUSPENDED", "EXCHANGED"),
        (None, "SUSPENDED", "SUSPENDED"),
        ("ACTIVE", None, "ACTIVE"),
        ("FROZEN", "ACTIVE", "FROZEN"),
        (None, None, None),
    ],
)
def test_decides_by_the_state_that_bars_the_card(
    card: str | None, account: str | None, deciding: str | None
) -> None:
    assert read({"queryCardStatus": card, "accountStatus": account}).status == deciding


@pytest.mark.parametrize(
    ("asked", "account", "listed", "deciding"),
    [
        (None, "ACTIVE", "SUSPENDED", "SUSPENDED"),
        (None, None, "DISABLED", "DISABLED"),
        (None, "SUSPENDED", "DISABLED", "DISABLED"),
        ("ACTIVE", "ACTIVE", "SUSPENDED", "ACTIVE"),
        ("ACTIVE", "ACTIVE", "FROZEN", "ACTIVE"),
        ("EXCHANGED", "ACTIVE", "ACTIVE", "EXCHANGED"),
        ("EXCHANGED", "ACTIVE", "SUSPENDED", "EXCHANGED"),
        (None, "ACTIVE", None, "ACTIVE"),
        (None, None, "ACTIVE", "ACTIVE"),
    ],
)
@pytest.mark.parametrize("place", ["primaryCard", "additionalCards"])
def test_counts_the_state_under_which_the_card_itself_is_listed_where_none_is_told_of_it(
    asked: str | None, account: str | None, listed: str | None, deciding: str, place: str
) -> None:
    card = builders.card(status=listed)
    payload: builders.Payload = {place: card if place == "primaryCard" else [card]}

    assert read({**payload, "queryCardStatus": asked, "accountStatus": account}).status == deciding


@pytest.mark.parametrize("mask", ["399785", "**********399785", 399785])
@pytest.mark.parametrize("place", ["primaryCard", "additionalCards"])
def test_takes_a_card_with_another_mask_under_the_same_number_for_another_card(
    mask: object, place: str
) -> None:
    """The documented sample: two cards under one printed number."""
    other = builders.card(maskedCardNumber=mask, status="DISABLED")
    listed: builders.Payload = {place: other if place == "primaryCard" else [builders.card(), other]}

    account = read({"queryCardStatus": "ACTIVE", **listed})

    assert account.status == "ACTIVE"
    cards = [card for card in (account.primary_card, *account.additional_cards) if card]
    assert cards == [Card("", "399785", "DISABLED")]


def test_compares_no_card_with_every_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reply of 1 MiB can list is read on every private page: a square of it would take seconds."""
    compared: list[tuple[Card, Card]] = []

    def compare(first: Card, second: Card) -> bool:
        compared.append((first, second))
        return False

    monkeypatch.setattr(reading, "_is_same", compare)
    cards = [builders.card(str(6000302000000000 + number)) for number in range(1600)]

    assert len(read({"additionalCards": cards}).additional_cards) == 1600
    assert len(compared) < 1600
