"""Fixtures that every part of the tests shares."""

import dataclasses
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.merchants.loading import load_merchants
from guestportal.merchants.registry import Registry
from guestportal.paytronix.client import forget_clients
from tests.support.processes import fork_from
from tests.support.sandbox import SandboxProcess

# A busy machine is no counterexample: what is slow is measured elsewhere, as ratios.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: begun last, it keeps one process busy while the others have nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives as long as the run: thousands of tests and all that was imported."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Keep SQLite's test database in a file: one in memory is shared by all threads, so nothing could race.

    Nothing waits for the disk: no test can cut the power, and a killed process loses nothing it has written.
    """
    database = connections["default"]
    if database.vendor == "sqlite":
        database.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        options = database.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    """Forget what earlier tests let the contract watch see, which the next response would write."""
    from guestportal.watch.waiting import OF_THIS_PROCESS

    OF_THIS_PROCESS.forget()


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    """One Paytronix sandbox for the whole run."""
    with SandboxProcess() as process:
        yield process


@pytest.fixture(scope="session")
def other_processes(sandbox_process: SandboxProcess, django_db_setup: None) -> None:
    """Lets `tests.support.processes` begin others at the test database and the sandbox."""
    fork_from(sandbox_process)


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxProcess:
    """The sandbox as freshly started: seeded cards, no faults, no records."""
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture(scope="session")
def demo(sandbox_process: SandboxProcess) -> Merchant:
    """The demo merchant as its file has it, against this run's sandbox."""
    environment = {"PAYTRONIX_DEMO_BASE_URL": sandbox_process.base_url}
    languages = tuple(code for code, _name in settings.LANGUAGES)
    (demo,) = load_merchants(settings.MERCHANTS_DIR, environment, languages=languages)
    return demo


@pytest.fixture
def merchant(sandbox: SandboxProcess, demo: Merchant) -> Iterator[Merchant]:
    """The demo merchant with short time limits, the only merchant of the process."""
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
