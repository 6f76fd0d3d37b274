"""Ana, for whom gifts wait, Rosa, who sends, and a merchant that a busy machine does not hurry."""

from collections.abc import Iterator

import pytest
from django.db import connections

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.portal.gifting.sending.conftest import rosa
from tests.support.gift_guests import ana, merchant
from tests.support.sandbox import SandboxProcess

__all__ = ["ana", "merchant", "rosa"]


@pytest.fixture
def same_limits(
    sandbox: SandboxProcess, demo: Merchant, transactional_db: None, other_processes: None
) -> Iterator[None]:
    """The process that settles here and the one that was killed there read one merchant file."""
    with serving(demo):
        yield
    connections.close_all()
