"""Fixtures that every part of the tests shares."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.merchants.loading import load_merchants
from guestportal.merchants.registry import Registry
from guestportal.paytronix.client import forget_clients
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    """One Paytronix sandbox for the whole run."""
    with SandboxProcess() as process:
        yield process


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """The sandbox as freshly started: seeded cards, no faults, no records."""
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def merchant(sandbox: SandboxProcess) -> Iterator[Merchant]:
    """The demo merchant against this run's sandbox, with short time limits; the only merchant of the process."""
    environment = {"PAYTRONIX_DEMO_BASE_URL": sandbox.base_url}
    languages = tuple(code for code, _name in settings.LANGUAGES)
    (demo,) = load_merchants(settings.MERCHANTS_DIR, environment, languages=languages)
    integration = dataclasses.replace(
        demo.integration, connect_timeout_seconds=1.0, read_timeout_seconds=0.6, deadline_seconds=1.2
    )
    merchant = dataclasses.replace(demo, integration=integration)
    with serving(merchant):
        yield merchant


@contextmanager
def serving(*merchants: Merchant) -> Iterator[None]:
    """Let the portal serve these merchants, with new connections and closed breakers."""
    config = apps.get_app_config("merchants")
    before = config.registry  # type: ignore[attr-defined]  # set when the app was made ready
    config.registry = Registry(merchants)  # type: ignore[attr-defined]
    forget_clients()
    try:
        yield
    finally:
        config.registry = before  # type: ignore[attr-defined]
        forget_clients()


@pytest.fixture
def guest_client(merchant: Merchant, db: None) -> Client:
    """A browser without script that is not signed in; it checks CSRF as a real one would meet it."""
    return Client(enforce_csrf_checks=True)
