"""What the frozen values tell of themselves."""

from decimal import Decimal

import pytest
from django.utils.translation import ngettext, override

from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Unit


def amount(text: str, unit: Unit = Unit.NUMBER) -> Amount:
    return Amount(text, Decimal(text), unit)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("-0", 0),
        ("1", 1),
        ("1.00", 1),
        ("-1", 1),
        ("2", 2),
        ("-5", 5),
        ("0.5", 0),
        ("1.5", 0),
        ("-1.5", 0),
        ("2.5", 2),
        ("9" * 500, int("9" * 500)),
    ],
)
def test_counts_an_amount_for_its_sentence(text: str, count: int) -> None:
    assert amount(text).plural_count == count


def test_counts_money_as_one_and_what_is_no_number_as_many() -> None:
    assert amount("12.50", Unit.MONEY).plural_count == 1
    assert Amount("n/a", None).plural_count == 2


@pytest.mark.parametrize(
    ("language", "singular"),
    [("en", {"1", "1.0"}), ("es", {"1", "1.0"}), ("fr", {"0", "0.5", "1", "1.0", "1.5"})],
)
def test_takes_the_singular_that_each_language_takes(language: str, singular: set[str]) -> None:
    """Any message with a plural shows it: the rule belongs to the catalogue."""
    one, many = "%(count)s day left", "%(count)s days left"
    with override(language):
        forms = {text: ngettext(one, many, amount(text).plural_count) for text in FORMS}
        expected = ngettext(one, many, 1)

    assert {text for text, form in forms.items() if form == expected} == singular


FORMS = ("0", "0.5", "1", "1.0", "1.5", "2", "2.5", "17")


def test_adds_and_subtracts_without_rounding_the_longest_numbers() -> None:
    whole, fraction = amount("9" * 500), amount(f"0.{'0' * 497}1")

    assert whole.plus(fraction).received == f"{'9' * 500}.{'0' * 497}1"
    assert whole.minus(fraction).received == f"{'9' * 499}8.{'9' * 498}"
    assert whole.plus(whole).received == f"1{'9' * 499}8"


def test_has_no_sum_with_what_is_no_number() -> None:
    unknown = Amount("a few", None, Unit.MONEY, "USD")

    assert amount("1").plus(unknown) == amount("1").minus(unknown) == Amount(None, None)
    assert unknown.plus(amount("1")) == unknown.minus(amount("1")) == Amount(None, None, Unit.MONEY, "USD")
