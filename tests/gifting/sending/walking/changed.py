"""The merchant of a test with other features or limits."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from guestportal.merchants.definition import Merchant
from tests.conftest import serving


@contextmanager
def features(merchant: Merchant, **changed: bool) -> Iterator[None]:
    with serving(dataclasses.replace(merchant, features=dataclasses.replace(merchant.features, **changed))):
        yield


@contextmanager
def limits(merchant: Merchant, **changed: int) -> Iterator[None]:
    with serving(dataclasses.replace(merchant, limits=dataclasses.replace(merchant.limits, **changed))):
        yield
