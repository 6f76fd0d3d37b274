"""The main job in a real browser: entrance, balance, refresh, way out; with script and without."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from guestportal.sandbox.cards import SEED
from tests.browser.conftest import NewGuest
from tests.browser.guest import DESK, PHONE
from tests.browser.sending_states import come_with_password
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

NEW_POINTS = [{"walletCode": 3, "name": "Points", "balance": "777", "giftable": False}]


@pytest.mark.parametrize(("script", "width"), [(True, PHONE), (False, DESK)], ids=["script", "no-script"])
def test_shows_the_balance_reads_it_anew_and_lets_the_guest_out(
    new_guest: NewGuest, sandbox: SandboxProcess, script: bool, width: int
) -> None:
    guest = new_guest(width=width, script=script)
    guest.open("/")
    guest.enter(SEED.number, SEED.code)
    expect(guest.page).to_have_url(f"{guest.origin}/balance/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Your balance")
    for text in ("1 Visits", "0 Points", "REGISTERED", "Corporate", "Card ending 418000"):
        expect(guest.page.get_by_text(text).first).to_be_visible()
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1, "the redirect asks nobody again"

    sandbox.override_fields(SEED.number, pointBalances=NEW_POINTS)
    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.page.get_by_text("777 Points")).to_be_visible()
    expect(guest.status).to_have_text("Your balances were read again just now.")
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 2

    guest.page.get_by_role("button", name="Sign out").click()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Check your balance")
    expect(guest.status).to_contain_text("You are signed out.")
    guest.open("/balance/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Check your balance")
    expect(guest.status).to_contain_text("signed in")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_opens_disclosures_with_and_without_script(new_guest: NewGuest, script: bool) -> None:
    guest = new_guest(script=script)
    guest.open("/")
    picture = guest.page.get_by_role("img", name="On the back of the card")
    expect(picture).to_be_hidden()
    guest.page.get_by_text("Where do I find this?").click()
    expect(picture).to_be_visible()

    guest.enter(SEED.number, SEED.code)
    full = guest.page.get_by_text("6000 3010 0041 8000")
    expect(full).to_be_hidden()
    guest.page.get_by_text("Show full card number").click()
    expect(full).to_be_visible()


def test_marks_the_button_as_busy_and_sends_the_form_once(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    guest = new_guest()
    guest.open("/")
    guest.number.fill(SEED.number)
    guest.code.fill(SEED.code)
    guest.page.get_by_role("button", name="Show my balance").dblclick()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Your balance")

    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 1


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_navigation_is_as_high_on_every_page(new_guest: NewGuest, language: str) -> None:
    guest = new_guest(width=PHONE)
    come_with_password(guest)
    guest.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": guest.origin}]
    )
    heights = {}
    for path in ("/balance/", "/gifts/", "/history/", "/gifts/send/"):
        guest.open(path)
        expect(guest.page.locator("html")).to_have_attribute("lang", language)
        expect(guest.page.locator(".nav [aria-current]")).to_have_count(1)
        box = guest.page.locator(".session").bounding_box()
        assert box
        heights[path] = box["height"]

    assert len(set(heights.values())) == 1, heights
