"""Rosa, in a browser without script, who has just come in."""

import pytest
from django.test import Client

from tests.support.sandbox import SandboxProcess
from tests.support.sending_pages import Visitor, visitor


@pytest.fixture
def rosa(guest_client: Client, sandbox: SandboxProcess) -> Visitor:
    """In place of the sender of the folder above; what sign-in asked Paytronix is forgotten."""
    rosa = visitor(guest_client)
    sandbox.clear_requests()
    return rosa
