"""What the tests of sign-in share."""

import pytest

from guestportal.merchants.definition import Merchant
from guestportal.throttling import own_credentials


@pytest.fixture
def known_integration(db: None, merchant: Merchant) -> None:
    """A merchant whose guests have signed in before, so that guests' refusals are known from our own."""
    own_credentials.note_sign_in(merchant)
