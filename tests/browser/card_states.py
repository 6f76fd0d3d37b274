"""How to get to the pages of a card's guest in each of their states; `states` lists them."""

from collections.abc import Callable
from typing import Final, TypeAlias

from django.conf import settings
from django.test import override_settings
from playwright.sync_api import expect

from guestportal.sandbox import cards
from guestportal.sandbox.cards import Card
from tests.browser import urls
from tests.browser.guest import Guest
from tests.support.sandbox import ACCOUNT_INFORMATION, Fault, SandboxProcess

Show: TypeAlias = Callable[[Guest, SandboxProcess], None]

DOWN: Final[Fault] = {"kind": "status", "status": 503}
REFUSED: Final[Fault] = {
    "kind": "replace",
    "body": '{"result": "failure", "errorCode": "account_info.closed", "errorMessage": "The account is closed"}',
}
CLOSED: Final[Fault] = {"kind": "status", "status": 401, "body": REFUSED["body"]}
TWO_TRIES: Final = 2  # a reading is tried once more after a 503


def at(path: str, *then: Callable[[Guest], None]) -> Show:
    """The page at an address, and what the guest does on it."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        guest.open(path)
        for step in then:
            step(guest)

    return show


def failing(status: int) -> Show:
    """The page for a status that no guest can bring about."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        with override_settings(ROOT_URLCONF=urls.__name__):
            guest.open(f"/fail/{status}/")

    return show


def entering(number: str, code: str, *faults: Fault) -> Show:
    """What the entrance answers."""

    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        for fault in faults:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=TWO_TRIES)
        guest.open("/")
        guest.enter(number, code)

    return show


def signed_in(card: Card, *then: Callable[[Guest], None], path: str = "/balance/") -> Show:
    """A private page of a card's guest, and what they do on it."""

    def show(guest: Guest, _sandbox: SandboxProcess) -> None:
        guest.come_with_card(card)
        guest.open(path)
        for step in then:
            step(guest)

    return show


def refreshing(card: Card, fault: Fault | None, *then: Callable[[Guest], None]) -> Show:
    """The balance after Refresh, which met the fault."""

    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        guest.come_with_card(card)
        guest.open("/balance/")
        if fault:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=TWO_TRIES)
        press("Refresh")(guest)
        for step in then:
            step(guest)

    return show


def press(name: str) -> Callable[[Guest], None]:
    return lambda guest: guest.page.get_by_role("button", name=name, exact=True).click()


def unfold(text: str) -> Callable[[Guest], None]:
    return lambda guest: guest.page.locator("summary", has_text=text).click()


def expect_text(text: str) -> Callable[[Guest], None]:
    """Wait until a text stands on the page."""
    return lambda guest: expect(guest.page.get_by_text(text).filter(visible=True)).not_to_have_count(0)


def expect_picture(guest: Guest) -> None:
    expect(guest.page.locator("details img")).to_be_visible()


def without_connection(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("ERR_INTERNET_DISCONNECTED", "htmx:")
    signed_in(cards.SEED)(guest, sandbox)
    guest.context.set_offline(True)
    press("Refresh")(guest)
    expect_text("That did not get through")(guest)
    guest.context.set_offline(False)


def with_an_old_token(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("Response Status Error Code 403")
    signed_in(cards.SEED)(guest, sandbox)
    guest.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    press("Refresh")(guest)


def entrance_with_an_old_token(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.open("/")
    guest.context.clear_cookies()
    token = {"name": settings.CSRF_COOKIE_NAME, "value": "a" * 32, "url": guest.origin}
    guest.context.add_cookies([token])  # type: ignore[list-item]  # a mapping as Playwright describes it
    guest.enter(cards.SEED.number, cards.SEED.code)


def entrance_without_cookies(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.open("/")
    guest.context.clear_cookies()
    guest.enter(cards.SEED.number, cards.SEED.code)


def refused_since(guest: Guest, sandbox: SandboxProcess) -> None:
    """The card opened a moment ago and does not any more."""
    guest.come_with_card(cards.SEED)
    guest.open("/balance/")
    sandbox.queue_fault(ACCOUNT_INFORMATION, CLOSED)
    press("Refresh")(guest)


def refused_then_down(guest: Guest, sandbox: SandboxProcess) -> None:
    refreshing(cards.SEED, REFUSED, expect_text("The account is closed"))(guest, sandbox)
    sandbox.clear_faults()
    sandbox.queue_fault(ACCOUNT_INFORMATION, DOWN, times=TWO_TRIES)
    guest.open("/balance/")
