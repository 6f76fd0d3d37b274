"""Rosa, who came in with the card that has everything on it, and sends."""

import pytest

from guestportal.merchants.definition import Merchant
from tests.support.sandbox import SandboxProcess
from tests.support.sending_steps import Sender, sender_with


@pytest.fixture
def rosa(merchant: Merchant, db: None, sandbox: SandboxProcess) -> Sender:
    sender = sender_with(merchant)
    sandbox.clear_requests()
    return sender
