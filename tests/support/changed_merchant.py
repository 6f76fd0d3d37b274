"""The merchant of a test with other features or limits."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from guestportal.merchants.definition import Merchant
from tests.conftest import serving


@contextmanager
def features(merchant: Merchant, **changed: bool) -> Iterator[None]:
    """While inside, the merchant has these features otherwise."""
    with serving(dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, **changed))):
        yield


@contextmanager
def patient(merchant: Merchant) -> Iterator[Merchant]:
    """While inside, the merchant has time limits that a busy machine keeps: faults decide there, never the clock."""
    integration = dataclasses.replace(
        merchant.integration, connect_timeout_seconds=5.0, read_timeout_seconds=5.0, deadline_seconds=10.0
    )
    changed = dataclasses.replace(merchant, integration=integration)
    with serving(changed):
        yield changed


@contextmanager
def limits(merchant: Merchant, **changed: int) -> Iterator[None]:
    """While inside, the merchant has these limits otherwise."""
    with serving(dataclasses.replace(merchant, limits=dataclasses.replace(merchant.limits, **changed))):
        yield
