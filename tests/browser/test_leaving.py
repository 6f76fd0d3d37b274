"""After signing out the browser holds nothing about the guest: no page behind Back, no storage, no cookie."""

import pytest
from playwright.sync_api import expect

from accounts.models import Credential
from guestportal.sandbox.cards import RICH
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest

PRIVATE = ("42.50", "Gold", "731206")
# Some browsers keep pages that they were told not to store; Chromium does not, so its event is made here.
COMES_BACK = (
    "() => { setTimeout(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))); }"
)
STORED = """() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"""


def journey(guest: Guest) -> None:
    guest.open("/")
    guest.enter(RICH.number, RICH.code)
    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.status).to_contain_text("were read again")
    guest.open("/help/")
    guest.open("/balance/")


def expect_nothing_private(guest: Guest) -> None:
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Check your balance")
    html = guest.page.content()
    assert not [text for text in PRIVATE if text in html]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_shows_nothing_private_behind_back(new_guest: NewGuest, script: bool) -> None:
    guest = new_guest(script=script)
    guest.open("/")
    guest.enter(RICH.number, RICH.code)
    guest.submit("Sign out")
    guest.page.go_back()

    expect_nothing_private(guest)
    guest.page.go_back()
    expect_nothing_private(guest)


def test_empties_the_form_behind_back(guest: Guest) -> None:
    """Browsers fill a form again with what was typed, no-store or not; the next guest would only press the button."""
    guest.open("/")
    guest.enter(RICH.number, RICH.code)
    guest.submit("Sign out")
    guest.page.go_back()
    guest.page.go_back()

    expect(guest.number).to_have_value("")
    expect(guest.code).to_have_value("")


def test_leaves_both_storages_empty(guest: Guest) -> None:
    journey(guest)
    assert guest.page.evaluate(STORED) == []
    guest.submit("Sign out")

    assert guest.page.evaluate(STORED) == []
    assert guest.page.evaluate("() => caches.keys()") == []


def test_ends_the_session_of_every_open_tab(guest: Guest) -> None:
    journey(guest)
    second = guest.open_tab("/balance/")
    guest.submit("Sign out")
    second.get_by_role("button", name="Refresh").click()

    expect(second.get_by_role("heading", level=1)).to_have_text("Check your balance")


def test_reloads_a_private_page_that_the_browser_had_kept(guest: Guest) -> None:
    guest.come_with_card(RICH)
    guest.open("/balance/")
    Credential.objects.all().delete()
    guest.page.evaluate(COMES_BACK)

    expect_nothing_private(guest)


def test_covers_the_password_when_it_is_sent_and_takes_it_again_when_the_page_comes_back(
    guest: Guest,
) -> None:
    guest.open("/sign-in/")
    guest.page.evaluate("() => addEventListener('submit', (event) => event.preventDefault())")
    password = guest.page.get_by_label("Password", exact=True)
    button = guest.page.get_by_role("main").locator("button[type=submit]")
    guest.page.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    button.click()
    expect(password).to_have_attribute("type", "password")
    expect(button).to_have_attribute("aria-disabled", "true")

    guest.page.evaluate(COMES_BACK)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(button).to_have_text("Sign in")
