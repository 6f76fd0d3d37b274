"""A merchant whose guests sign in by the `guest` style."""

import dataclasses
from collections.abc import Iterator

import pytest

from guestportal.merchants.definition import Merchant, SignIn
from tests.conftest import serving


@pytest.fixture
def guest_style(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant, offering the `guest` style in place of OAuth."""
    other = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
    with serving(other):
        yield other
