"""What the tests of sign-in share."""

import dataclasses
from collections.abc import Iterator

import pytest

from guestportal.merchants.definition import Merchant, SignIn
from guestportal.throttling import own_credentials
from tests.conftest import serving


@pytest.fixture
def guest_style(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant, offering the `guest` style in place of OAuth."""
    other = dataclasses.replace(merchant, sign_in=(SignIn.CARD, SignIn.GUEST))
    with serving(other):
        yield other


@pytest.fixture
def known_integration(db: None, merchant: Merchant) -> None:
    """A merchant whose guests have signed in before, so that guests' refusals are known from our own."""
    own_credentials.note_sign_in(merchant)
