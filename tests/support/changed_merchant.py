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
def limits(merchant: Merchant, **changed: int) -> Iterator[None]:
    """While inside, the merchant has these limits otherwise."""
    with serving(dataclasses.replace(merchant, limits=dataclasses.replace(merchant.limits, **changed))):
        yield
