"""What is shown of numbers and addresses."""

import pytest

from accounts.masking import ending_of, mask_address


@pytest.mark.parametrize(
    ("number", "ending"),
    [("6000301000418000", "418000"), ("1234567890", "567890"), ("123456789", "6789"), ("12", "12"), ("", "")],
)
def test_shows_the_end_of_a_number_and_less_of_a_short_one(number: str, ending: str) -> None:
    assert ending_of(number) == ending


@pytest.mark.parametrize(
    ("identifier", "masked"),
    [
        ("jo@example.net", "j…@example.net"),
        ("JO@EXAMPLE.NET", "J…@EXAMPLE.NET"),
        ("@example.net", ""),
        ("jo@localhost", ""),
        ("100004567890123", ""),
        ("", ""),
    ],
)
def test_masks_an_address_to_its_first_letter(identifier: str, masked: str) -> None:
    assert mask_address(identifier) == masked
