"""What the tests of sign-in share."""

import pytest


@pytest.fixture
def known_integration(db: None) -> None:
    """A merchant whose guests have signed in before."""
