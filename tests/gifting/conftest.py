"""Ana, signed in with the seed's card, for whom gifts wait."""

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.gifting.doing import ANA, signed_in
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def ana(merchant: Merchant, db: None, sandbox: SandboxProcess) -> Client:
    """A browser without script; what sign-in asked Paytronix is forgotten."""
    client = signed_in(ANA)
    sandbox.clear_requests()
    return client
