"""A client of the sandbox with short time limits, and one that speaks to nobody yet."""

import pytest

from guestportal.paytronix.client import PaytronixClient
from tests.support.builders import integration
from tests.support.sandbox import SandboxProcess


@pytest.fixture
def client(sandbox: SandboxProcess) -> PaytronixClient:
    """A client with its own pool and breaker."""
    return PaytronixClient(integration(sandbox.base_url))
