"""Refresh by htmx: what moves, what is said, and what a guest sees when it does not get through."""

from typing import Final

from django.conf import settings
from playwright.sync_api import expect

from accounts.models import Credential
from guestportal.sandbox.cards import RICH, SEED
from tests.browser.card_states import DOWN, REFUSED, TWO_TRIES
from tests.browser.guest import Guest
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

REFRESH: Final = "**/balance/refresh/"
SAID: Final = "Your balances were read again just now."


def test_swaps_the_balance_says_so_and_goes_on_at_the_heading(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(RICH)
    guest.open("/balance/")
    expect(guest.status).to_be_attached()
    expect(guest.status).to_be_empty()
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "delay_after", "seconds": 0.2})
    guest.page.get_by_role("button", name="Refresh").click()

    expect(guest.status).to_have_text(SAID)
    expect(guest.page.get_by_role("heading", name="Your balance")).to_be_focused()
    assert [request.resource_type for request in guest.requests].count("document") == 1, "no page was loaded"


def test_disables_the_button_while_the_request_runs(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(SEED)
    guest.open("/balance/")
    held = guest.hold_requests(REFRESH)
    button = guest.page.get_by_role("button", name="Refresh")
    button.click()

    expect(button).to_be_disabled()
    guest.page.get_by_role("button", name="Refresh").dispatch_event("click")
    held.release()
    expect(guest.status).to_have_text(SAID)
    expect(button).to_be_enabled()
    assert not held.routes
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 2


def test_shows_an_alert_with_retry_when_the_connection_is_gone(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_problem("ERR_INTERNET_DISCONNECTED", "htmx:")
    guest.come_with_card(SEED)
    guest.open("/balance/")
    alert = guest.page.get_by_role("alert")
    guest.context.set_offline(True)
    guest.page.get_by_role("button", name="Refresh").click()
    expect(alert).to_contain_text("That did not get through")
    expect(guest.page.get_by_text("1 Visits")).to_be_visible()

    guest.context.set_offline(False)
    alert.get_by_role("button", name="Try again").click()
    expect(guest.status).to_have_text(SAID)
    expect(alert).to_be_empty()
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 2


def test_offers_to_reload_a_page_whose_token_is_old(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.expect_status(403)
    guest.expect_problem("Response Status Error Code 403")
    guest.come_with_card(SEED)
    guest.open("/balance/")
    guest.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    guest.page.get_by_role("button", name="Refresh").click()
    guest.page.get_by_role("alert").get_by_role("link", name="Reload this page").click()
    expect(guest.page.get_by_role("alert")).to_be_empty()

    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.status).to_have_text(SAID)


def test_leads_to_the_entrance_and_back_when_the_session_has_ended(guest: Guest) -> None:
    guest.come_with_card(SEED)
    guest.open("/balance/")
    held = guest.hold_requests(REFRESH)
    button = guest.page.get_by_role("button", name="Refresh")
    button.click()
    expect(button).to_be_disabled()
    Credential.objects.all().delete()
    held.release()

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Check your balance")
    expect(guest.status).to_contain_text("signed in")
    guest.enter(SEED.number, SEED.code)
    expect(guest.page).to_have_url(f"{guest.origin}/balance/")


def test_keeps_the_earlier_figures_and_goes_to_the_alert_while_paytronix_is_down(
    guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.come_with_card(SEED)
    guest.open("/balance/")
    sandbox.queue_fault(ACCOUNT_INFORMATION, DOWN, times=TWO_TRIES)
    guest.page.get_by_role("button", name="Refresh").click()

    expect(guest.page.get_by_role("region", name="We could not read your balance again")).to_be_focused()
    expect(guest.page.get_by_text("1 Visits")).to_be_visible()


def test_shows_no_figures_any_more_once_paytronix_refuses(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(SEED)
    guest.open("/balance/")
    sandbox.queue_fault(ACCOUNT_INFORMATION, REFUSED)
    guest.page.get_by_role("button", name="Refresh").click()

    heading = guest.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("We could not show your balance")
    expect(heading).to_be_focused()
    expect(guest.page).to_have_title("We could not show your balance \u2013 Harbor & Pine Coffee")
    expect(guest.page.get_by_text("1 Visits")).to_have_count(0)
