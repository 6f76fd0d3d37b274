"""Fixtures of tests about gifts: Ana, for whom gifts wait, and a merchant with patient time limits.

A conftest imports those that its folder needs.
"""

import dataclasses
from collections.abc import Iterator

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.answering_steps import ANA, signed_in
from tests.support.sandbox import SandboxProcess


@pytest.fixture
def merchant(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant with time limits that a busy machine keeps; what is about time has its own."""
    integration = dataclasses.replace(
        merchant.integration, connect_timeout_seconds=5.0, read_timeout_seconds=5.0, deadline_seconds=10.0
    )
    patient = dataclasses.replace(merchant, integration=integration)
    with serving(patient):
        yield patient


@pytest.fixture
def ana(merchant: Merchant, db: None, sandbox: SandboxProcess) -> Client:
    """A browser without script; what sign-in asked Paytronix is forgotten."""
    client = signed_in(ANA)
    sandbox.clear_requests()
    return client
