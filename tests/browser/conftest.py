"""Chromium, the portal it visits, and guests. Without Chromium every test here is skipped by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from guestportal.merchants.definition import Merchant
from tests.browser import chromium
from tests.browser.contexts import ContextPool
from tests.browser.guest import DESK, Guest, Scheme, open_browser
from tests.browser.server import PortalServer, pages_as_in_production
from tests.support.changed_merchant import patient

HERE = Path(__file__).parent


class NewGuest(Protocol):
    """Makes a guest; all of them are checked after the test.

    `apart`: in a browser context of their own, for what would stay in it (a clock, a script).
    """

    def __call__(
        self, *, width: int = DESK, scheme: Scheme = "light", script: bool = True, apart: bool = False
    ) -> Guest: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Chromium; skip it by name when there is none and nobody insists."""
    missing = chromium.executable() is None and not chromium.is_required()
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        item.add_marker(pytest.mark.browser)
        if missing:
            name = getattr(item, "originalname", item.name)
            item.add_marker(pytest.mark.skip(f"{name} needs Chromium: {chromium.INSTALL}"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if chromium.executable() is None:
        pytest.fail(f"Chromium is required and missing: {chromium.INSTALL}", pytrace=False)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    started = chromium.launch(playwright)
    yield started
    started.close()


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session")
def server(static_root: Path, django_db_setup: None) -> Iterator[PortalServer]:
    """The portal on a port of its own for the whole run; it answers while `portal` is in use."""
    with PortalServer(static_root) as running:
        yield running


@pytest.fixture
def patient_merchant(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant with time limits that a busy machine keeps."""
    with patient(merchant) as changed:
        yield changed


@pytest.fixture
def portal(
    server: PortalServer, static_root: Path, transactional_db: None, patient_merchant: Merchant
) -> Iterator[str]:
    """The portal's origin, with an empty database and a fresh sandbox behind it."""
    with pages_as_in_production(static_root):
        yield server.origin


@pytest.fixture(scope="session")
def contexts(server: PortalServer, browser: Browser) -> Iterator[ContextPool]:
    """The browser contexts that the tests of this run share, one after another."""
    free = ContextPool(browser, server.origin)
    yield free
    free.close()


@pytest.fixture
def new_guest(portal: str, browser: Browser, contexts: ContextPool) -> Iterator[NewGuest]:
    """Makes guests. Afterwards none of their browsers may have complained about anything unexpected."""
    guests: list[Guest] = []
    alone: list[Guest] = []

    def _new_guest(
        *, width: int = DESK, scheme: Scheme = "light", script: bool = True, apart: bool = False
    ) -> Guest:
        if apart:
            alone.append(open_browser(browser, portal, width=width, scheme=scheme, script=script))
            return alone[-1]
        guests.append(contexts.take(width=width, scheme=scheme, script=script))
        return guests[-1]

    yield _new_guest
    complaints = [complaint for guest in (*guests, *alone) for complaint in guest.complaints()]
    for guest in guests:
        contexts.give_back(guest)
    for guest in alone:
        guest.context.close()
    assert not complaints


@pytest.fixture
def guest(new_guest: NewGuest) -> Guest:
    """A guest at a desk, in the light scheme, with script."""
    return new_guest()
