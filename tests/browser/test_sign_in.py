"""Signing in with a user name in a real browser: both styles, the Show button, the choice of a card, the warning."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from guestportal.merchants.definition import Merchant, SignIn
from guestportal.sandbox.guests import Guest as Account
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.browser.inbox import ANA
from tests.browser.keyboard import tab_to
from tests.conftest import serving
from tests.support.password_sign_in import DIFFICULT, ROSA, TWO_CARDS
from tests.support.sandbox import (
    ACCOUNT_INFORMATION,
    REQUEST_GUEST_TOKEN,
    USER_INFORMATION,
    SandboxProcess,
)

MINUTE: Final = 60_000
# A page that is being left answers no more questions.
_SAY_WHEN_HIDDEN: Final = """() => {
  const observer = new MutationObserver(() => console.log(document.body.hidden ? "hidden" : "shown"));
  observer.observe(document.body, { attributeFilter: ["hidden"] });
}"""


@pytest.fixture
def guest_style(patient_merchant: Merchant) -> Iterator[None]:
    """The merchant offers the `guest` style in place of OAuth."""
    with serving(dataclasses.replace(patient_merchant, sign_in=(SignIn.CARD, SignIn.GUEST))):
        yield


def password_field(guest: Guest) -> Locator:
    return guest.page.get_by_label("Password", exact=True)


def fill_in(guest: Guest, account: Account, password: str | None = None) -> None:
    """Type both, press the button, and wait for the next page."""
    guest.page.get_by_label("User name").fill(account.username)
    password_field(guest).fill(account.password if password is None else password)
    guest.submit("Sign in")


def title_of(guest: Guest) -> Locator:
    return guest.page.get_by_role("heading", level=1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_signs_in_by_oauth_reads_the_balance_anew_and_lets_the_guest_out(
    new_guest: NewGuest, sandbox: SandboxProcess, script: bool
) -> None:
    guest = new_guest(script=script)
    guest.open("/")
    guest.page.get_by_role("link", name="Sign in with a user name").click()
    expect(title_of(guest)).to_have_text("Sign in")
    fill_in(guest, ROSA)
    expect(title_of(guest)).to_have_text("Your balance")
    expect(guest.page.get_by_text("Signed in as gold.rosa")).to_be_visible()
    asked = [request.operation for request in sandbox.requests()]
    assert asked[:3] == [REQUEST_GUEST_TOKEN, USER_INFORMATION, ACCOUNT_INFORMATION]

    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.status).to_have_text("Your balances were read again just now.")
    guest.submit("Sign out")
    expect(guest.status).to_contain_text("You are signed out.")
    guest.open("/balance/")
    expect(guest.status).to_contain_text("signed in")


@pytest.mark.usefixtures("guest_style")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_signs_in_as_guest_and_asks_for_the_password_to_read_anew(
    new_guest: NewGuest, sandbox: SandboxProcess, script: bool
) -> None:
    guest = new_guest(script=script)
    guest.open("/sign-in/")
    fill_in(guest, ROSA)
    expect(title_of(guest)).to_have_text("Your balance")

    guest.page.get_by_role("button", name="Refresh").click()
    expect(title_of(guest)).to_have_text("Enter your password to read your balances again")
    password_field(guest).fill(ROSA.password)
    guest.page.get_by_role("button", name="Read my balances").click()
    expect(title_of(guest)).to_have_text("Your balance")
    expect(guest.status).to_contain_text("read again")

    requests = sandbox.requests()
    assert len([each for each in requests if ROSA.password in each.body]) == 3, "user, account, account anew"
    word = ROSA.password.split(" ")[0]
    assert not [each for each in requests if word in each.path or word in each.raw_query]
    assert not [each for each in guest.requests if word in each.url]


def test_shows_the_password_without_changing_it(guest: Guest) -> None:
    guest.open("/sign-in/")
    field = password_field(guest)
    field.fill(DIFFICULT.password)
    button = guest.page.get_by_role("button", name="Show password")
    expect(button).to_have_attribute("aria-pressed", "false")
    tab_to(button)
    guest.page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_attribute("type", "text")
    expect(field).to_have_value(DIFFICULT.password)
    guest.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(field).to_have_attribute("type", "password")
    expect(field).to_have_value(DIFFICULT.password)

    button.click()
    guest.page.get_by_label("User name").fill(DIFFICULT.username)
    guest.submit("Sign in")
    expect(title_of(guest)).to_have_text("Your balance")


def test_has_no_show_button_without_script(new_guest: NewGuest) -> None:
    guest = new_guest(script=False)
    guest.open("/sign-in/")

    expect(password_field(guest)).to_have_attribute("type", "password")
    expect(guest.page.locator(".password-show")).to_be_hidden()


def test_takes_the_focus_to_the_summary_and_keeps_all_but_the_password(guest: Guest) -> None:
    guest.expect_status(422)
    guest.open("/sign-in/")
    fill_in(guest, ROSA, "not the password")
    expect(guest.page.get_by_role("region", name="There is a problem")).to_be_focused()
    assert guest.page.title().startswith("Error: Sign in")
    expect(guest.page.get_by_label("User name")).to_have_value(ROSA.username)
    expect(password_field(guest)).to_have_value("")
    expect(guest.page.get_by_role("button", name="Show password")).to_have_attribute("aria-pressed", "false")

    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_label("User name")).to_be_focused()


def test_leads_on_to_where_the_guest_was_going(guest: Guest) -> None:
    guest.open("/history/?direction=in")
    guest.page.get_by_role("link", name="Sign in with a user name").click()
    fill_in(guest, ROSA)

    expect(guest.page).to_have_url(f"{guest.origin}/history/?direction=in")


def test_chooses_a_card_by_keyboard_and_changes_it(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.open("/sign-in/")
    fill_in(guest, TWO_CARDS)
    expect(title_of(guest)).to_have_text("Which card?")
    assert sandbox.requests(ACCOUNT_INFORMATION) == []
    first, second = (f"Card ending {number[-6:]}" for number in TWO_CARDS.card_numbers)
    expect(guest.page.get_by_role("radio")).to_have_count(2)

    tab_to(guest.page.get_by_role("radio", name=first))
    guest.page.keyboard.press("ArrowDown")
    expect(guest.page.get_by_role("radio", name=second)).to_be_checked()
    guest.page.keyboard.press("Enter")
    expect(title_of(guest)).to_have_text("Your balance")
    expect(guest.page.get_by_text(second).first).to_be_visible()
    guest.settle()

    guest.page.get_by_role("link", name="Change card").click()
    expect(guest.page.get_by_role("radio", name=second)).to_be_checked()
    tab_to(guest.page.get_by_role("radio", name=second))
    guest.page.keyboard.press("ArrowUp")
    tab_to(guest.page.get_by_role("button", name="Show this card"))
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_text(first).first).to_be_visible()


def test_says_what_to_do_when_no_card_was_chosen(guest: Guest) -> None:
    guest.expect_status(422)
    guest.open("/sign-in/")
    fill_in(guest, TWO_CARDS)
    guest.submit("Show this card")
    expect(guest.page.get_by_role("region", name="There is a problem")).to_be_focused()

    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("radio").first).to_be_focused()


def test_warns_before_the_session_ends_extends_it_and_leaves_at_its_end(new_guest: NewGuest) -> None:
    """On the page's clock: a card's session ends after ten minutes without use."""
    guest = new_guest(apart=True)
    guest.come_with_card(ANA)
    guest.page.clock.install()
    guest.open("/balance/")
    expect(guest.page.get_by_role("link", name="sent you")).to_be_visible()
    stay = guest.page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_hidden()
    guest.page.get_by_role("button", name="Refresh").focus()
    guest.page.clock.fast_forward(8 * MINUTE + 5_000)
    expect(stay).to_be_visible()
    expect(guest.page.get_by_role("heading", name="You will be signed out in 2 minutes")).to_be_visible()
    assert guest.focused() == "Refresh", "a warning steals no focus"

    with guest.page.expect_response(lambda answer: answer.request.method == "POST") as extended:
        stay.click()
    assert extended.value.status == 204
    expect(stay).to_be_hidden()
    expect(guest.status).to_have_text("You are still signed in.")
    assert guest.focused() == "Refresh"

    guest.page.clock.fast_forward(8 * MINUTE - 5_000)
    expect(stay).to_be_hidden()
    guest.page.clock.fast_forward(1 * MINUTE)
    expect(guest.page.get_by_role("heading", name="You will be signed out in")).to_be_visible()
    guest.page.evaluate(_SAY_WHEN_HIDDEN)
    with (
        guest.page.expect_console_message(lambda said: said.text == "hidden"),
        guest.page.expect_event("load"),
    ):
        guest.page.clock.fast_forward(2 * MINUTE)
    expect(title_of(guest)).to_have_text("Check your balance")
    expect(guest.status).to_contain_text("Nobody is signed in")
    assert guest.page.url == f"{guest.origin}/?ended=1&next=%2Fbalance%2F"
    assert "1 Visits" not in guest.page.content()


def test_cannot_stay_longer_than_the_longest_session(new_guest: NewGuest) -> None:
    guest = new_guest(apart=True)
    guest.come_with_card(ANA)
    guest.page.clock.install()
    guest.open("/balance/")
    for _quarter in range(3):
        guest.page.clock.fast_forward(9 * MINUTE)
        stay = guest.page.get_by_role("button", name="Stay signed in")
        stay.click()
        expect(stay).to_be_hidden()
    guest.page.clock.fast_forward(2 * MINUTE)

    expect(guest.page.get_by_text("a sign-in lasts only so long")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Stay signed in")).to_be_hidden()


def test_counts_on_a_device_whose_clock_is_wrong_and_after_it_slept(
    new_guest: NewGuest, patient_merchant: Merchant
) -> None:
    began = timezone.now() + timedelta(days=1)
    limits = dataclasses.replace(patient_merchant.limits, card_idle_seconds=120)
    guest = new_guest(apart=True)
    stay = guest.page.get_by_role("button", name="Stay signed in")
    with serving(dataclasses.replace(patient_merchant, limits=limits)):
        guest.come_with_card(ANA)
        guest.page.clock.install(time=began)
        guest.open("/balance/")
        guest.page.clock.pause_at(began + timedelta(seconds=50))
        expect(stay).to_be_hidden()
        guest.page.clock.set_system_time(began + timedelta(seconds=70))
        expect(stay).to_be_hidden()
        guest.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        expect(stay).to_be_visible()
