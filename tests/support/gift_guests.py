"""Fixtures of tests about gifts: Ana, for whom gifts wait, and a merchant with patient time limits.

A conftest imports those that its folder needs.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.support.answering_steps import ANA, signed_in
from tests.support.changed_merchant import patient
from tests.support.sandbox import SandboxProcess


@pytest.fixture
def merchant(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant with time limits that a busy machine keeps; what is about time has its own."""
    with patient(merchant) as changed:
        yield changed


@pytest.fixture
def ana(merchant: Merchant, db: None, sandbox: SandboxProcess) -> Client:
    """A browser without script; what sign-in asked Paytronix is forgotten."""
    client = signed_in(ANA)
    sandbox.clear_requests()
    return client
