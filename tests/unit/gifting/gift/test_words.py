"""Items, deadlines and states as a guest reads them."""

import dataclasses
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation
from django.utils.html import strip_tags

from gifting.gift.dates import read_deadline
from gifting.gift.domain import Deadline
from gifting.gift.words import (
    counted_words,
    days_left,
    deadline_day,
    gift_moment,
    gift_words,
    is_urgent,
    month_words,
    person,
    status_tone,
    status_word,
    target_kind_words,
)
from guestportal.merchants.definition import Unit, WalletSetting
from tests.support.builders import demo_merchant
from tests.support.gift_payloads import balance, external, gift, sent, transfer

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def words(**members: object) -> str:
    return gift_words(gift(balance=balance(**members)).item)


def dated(text: str | None, days: tuple[str, ...] = ()) -> Deadline:
    found = read_deadline(text, days, zone=demo_merchant().locale.time_zone, now=NOW)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1", "Free Coffee"),
        ("1.00", "Free Coffee"),
        ("2", "2 Free Coffees"),
        ("0", "0 Free Coffees"),
        ("2.5", "2.5 Free Coffees"),
        ("1234", "1,234 Free Coffees"),
        ("several", "several Free Coffees"),
        (None, "Free Coffee"),
    ],
)
def test_says_what_and_how_many_with_the_wallets_own_plural(amount: str | None, shown: str) -> None:
    assert words(destinationAmount=amount) == shown


def test_gets_by_without_names() -> None:
    nameless = {"destinationWalletName": None, "destinationWalletPluralName": None, "sourceWalletName": None}
    assert words(**nameless) == "a gift"
    assert words(**{**nameless, "sourceWalletName": "Free Coffee"}) == "Free Coffee"
    assert words(destinationWalletName=None, destinationAmount="3") == "3 Free Coffees"
    assert words(destinationWalletPluralName=None, destinationAmount="3") == "3 × Free Coffee"


@pytest.mark.parametrize(
    ("amount", "name", "shown"),
    [
        ("2", "5 Off Any Order", "2 × 5 Off Any Order"),
        ("several", "5 Off Any Order", "several × 5 Off Any Order"),
        ("1", "5 Off Any Order", "5 Off Any Order"),
        ("2", None, "2 × 5 Off Any Orders"),
    ],
)
def test_keeps_the_number_apart_from_a_name_that_begins_with_one(
    amount: str, name: str | None, shown: str
) -> None:
    names = {
        "destinationWalletName": name,
        "destinationWalletPluralName": "5 Off Any Orders",
        "sourceWalletName": None,
    }

    assert words(destinationAmount=amount, **names) == shown


WALLETS = {
    1: WalletSetting(unit=Unit.MONEY),
    3: WalletSetting(unit=Unit.POINTS),
    21: WalletSetting(labels={"en": "Cup"}),
}


@pytest.mark.parametrize(
    ("code", "amount", "name", "shown"),
    [
        (22, "1", "Free Coffee", "1 × Free Coffee"),
        (22, "3", "Free Coffee", "3 Free Coffees"),
        (22, "2", "5 Off", "2 × 5 Off"),
        (22, None, "Free Coffee", "Free Coffee (amount not known)"),
        (22, "a few", "Free Coffee", "a few Free Coffees"),
        (1, "1.00", "Stored Value", "$1.00 Stored Value"),
        (3, "1", "Point", "1 Point"),
        (3, "500", "Point", "500 Points"),
    ],
)
def test_says_how_many_even_if_it_is_one(code: int, amount: str | None, name: str, shown: str) -> None:
    payload = balance(
        destinationWalletCode=code,
        destinationAmount=amount,
        destinationWalletName=name,
        destinationWalletPluralName=f"{name}s",
    )
    merchant = dataclasses.replace(demo_merchant(), wallets=WALLETS)

    assert counted_words(gift(transfer(balance=payload), merchant=merchant).item) == shown


def test_counts_in_the_wallets_unit() -> None:
    merchant = dataclasses.replace(demo_merchant(), wallets=WALLETS)

    def in_wallet(code: int, amount: str, name: str = "Stored Value") -> str:
        payload = balance(
            destinationWalletCode=code,
            destinationAmount=amount,
            destinationWalletName=name,
            destinationWalletPluralName=f"{name}s",
        )
        return gift_words(gift(transfer(balance=payload), merchant=merchant).item)

    assert in_wallet(1, "5.00") == "$5.00 Stored Value"
    assert in_wallet(3, "1", "Point") == "1 Point"
    assert in_wallet(3, "250", "Point") == "250 Points"
    assert in_wallet(21, "2") == "2 × Cup"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("day", "left", "urgent"),
    [
        ("2026-11-29", "7 days left", False),
        ("2026-11-25", "3 days left", True),
        ("2026-11-23", "1 day left", True),
        ("2026-11-22", "Ends today", True),
        ("2026-11-21", "May go back any day", True),
        ("2026-11-12", "May go back any day", True),
        ("soon", "", False),
        ("2026-11-22 09:59:00 -0500", "May go back any day", True),
    ],
)
def test_says_how_many_days_are_left(day: str, left: str, urgent: bool) -> None:
    assert days_left(dated(day)) == left
    assert is_urgent(dated(day)) is urgent


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("days", "left"),
    [
        ("9", "About 7 days left"),
        ("3", "About 1 day left"),
        ("2", "Ends about today"),
        ("1", "May go back any day"),
    ],
)
def test_says_about_in_every_place_while_nobody_has_said_what_a_number_of_days_counts(
    days: str, left: str
) -> None:
    sent_at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    found = read_deadline(None, (days,), zone=demo_merchant().locale.time_zone, now=NOW, sent_at=sent_at)

    assert found is not None
    assert days_left(found) == left
    assert strip_tags(str(deadline_day(found))).startswith("about ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-29", '<time datetime="2026-11-29">Sunday, November 29, 2026 (EST)</time>'),
        ("2026-07-04", '<time datetime="2026-07-04">Saturday, July 4, 2026 (EDT)</time>'),
        ("<b>soon</b>", "<b>soon</b>"),
    ],
)
def test_names_weekday_date_and_zone(text: str, shown: str) -> None:
    assert str(deadline_day(dated(text))) == shown
    assert hasattr(deadline_day(dated(text)), "__html__") is shown.startswith("<time")


def test_names_the_time_of_day_where_there_is_one() -> None:
    shown = strip_tags(str(deadline_day(dated("2026-11-29 18:00:00 -0500"))))

    assert " ".join(shown.split()) == "Sunday, November 29, 2026, 6:00 PM EST"


def test_names_the_date_in_the_guests_language() -> None:
    with translation.override("fr"):
        assert "dimanche 29 novembre 2026" in str(deadline_day(dated("2026-11-29")))


@pytest.mark.parametrize(
    ("status", "word", "tone"),
    [
        ("PENDING", "Waiting", "waiting"),
        ("ACCEPTED", "Accepted", "good"),
        ("REJECTED", "Declined", "declined"),
        ("RETURNED", "Returned", "returned"),
        ("EXPIRED", "Expired", "expired"),
        ("HELD", "HELD", "unknown"),
        (None, "Not available", "unknown"),
    ],
)
def test_puts_every_status_in_words(status: str | None, word: str, tone: str) -> None:
    found = gift(status=status).status

    assert (status_word(found), status_tone(found)) == (word, tone)


def test_says_for_what_kind_of_account_a_gift_was_meant() -> None:
    facebook = external(identifier="100004567890123", integration={"name": "Facebook"})

    assert target_kind_words(gift(sent()).target) == "an e-mail address (j…@example.net)"
    assert target_kind_words(gift(sent(externalTarget=facebook)).target) == "an account with Facebook"
    assert target_kind_words(
        gift(sent(externalTarget=external(identifier="7", integration=None))).target
    ) == ("another account")
    assert target_kind_words(gift().target) == "another card"


def test_shows_a_moment_or_what_was_received_instead() -> None:
    assert "November 20, 2026" in str(gift_moment(gift().sent))
    assert gift_moment(gift(transferDatetime="lately").sent) == "lately"
    assert gift_moment(gift().answered) == ""


def test_calls_somebody_without_a_name_someone() -> None:
    assert person(gift(fromUserInformation={}).sender) == "Someone"


def test_says_the_month_as_the_language_does() -> None:
    with translation.override("es"):
        assert month_words(date(2026, 11, 1)) == "noviembre de 2026"
    with translation.override("en"):
        assert month_words(date(2026, 11, 1)) == "November 2026"
