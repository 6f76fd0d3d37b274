"""Everything works by keyboard alone, in an order that reads well, and the focus can always be seen."""

from typing import Final

import pytest
from playwright.sync_api import expect

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED
from tests.browser.guest import Guest
from tests.browser.states import STATES, State
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

ENTRANCE: Final = [
    "Skip to the main content",
    "Harbor & Pine Coffee",
    "Help",
    "Card number",
    "Registration code",
    "Where do I find this?",
    "Show my balance",
]
BALANCE: Final = [
    "Skip to the main content",
    "Harbor & Pine Coffee",
    "Help",
    "Sign out",
    "Refresh",
    "Show full card number",
    "Add money",
    "Privacy",
]
MOST_STOPS: Final = 60
WALKED: Final = [
    state
    for state in STATES
    if state.name in {"entrance-empty", "sign-in", "balance", "balance-offline", "failure", "help"}
]

# From here Tab starts at the top, wherever the page had put the focus.
_START_AT_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
_FOCUS_IS_VISIBLE = """() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const { top, left, bottom, right } = element.getBoundingClientRect();
  const inside = top < innerHeight && bottom > 0 && left < innerWidth && right > 0;
  return inside && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== "transparent";
}"""


def walk(guest: Guest) -> list[str]:
    """Tab from the top of the page until the focus leaves it; every stop must be visible."""
    stops: list[str] = []
    guest.page.evaluate(_START_AT_THE_TOP)
    for _stop in range(MOST_STOPS):
        guest.page.keyboard.press("Tab")
        if not (name := guest.focused()):
            return stops
        assert guest.page.evaluate(_FOCUS_IS_VISIBLE), f"the focus on {name} cannot be seen"
        stops.append(name)
    raise AssertionError(f"the focus never leaves the page: {stops}")


def tab_to(guest: Guest, name: str) -> None:
    for _stop in range(MOST_STOPS):
        if guest.focused() == name:
            return
        guest.page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_stops_at_everything_on_the_entrance_in_reading_order(guest: Guest) -> None:
    guest.open("/")
    stops = walk(guest)

    assert stops[: len(ENTRANCE)] == ENTRANCE


def test_stops_at_everything_on_the_balance_in_reading_order(guest: Guest) -> None:
    guest.come_with_card(RICH)
    guest.open("/balance/")
    stops = walk(guest)

    assert [stop for stop in stops if stop in BALANCE] == BALANCE
    assert stops[0] == BALANCE[0]


@pytest.mark.parametrize("state", WALKED, ids=str)
def test_shows_the_focus_at_every_stop_and_traps_it_nowhere(
    guest: Guest, sandbox: SandboxProcess, patient_merchant: Merchant, state: State
) -> None:
    with state.shown(guest, sandbox, patient_merchant):
        assert walk(guest)[0] == "Skip to the main content"


def test_makes_the_whole_journey_by_keyboard(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.open("/")
    tab_to(guest, "Card number")
    guest.page.keyboard.type(SEED.number)
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.type(SEED.code)
    guest.page.keyboard.press("Enter")
    heading = guest.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your balance")
    guest.settle()

    tab_to(guest, "Show full card number")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_text("6000 3010 0041 8000")).to_be_visible()

    guest.page.keyboard.press("Shift+Tab")
    assert guest.focused() == "Refresh"
    guest.page.keyboard.press("Space")
    expect(guest.status).to_have_text("Your balances were read again just now.")
    expect(heading).to_be_focused()

    guest.open("/balance/")
    tab_to(guest, "Sign out")
    guest.page.keyboard.press("Enter")
    expect(heading).to_have_text("Check your balance")
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == 2


def test_skips_to_the_main_content(guest: Guest) -> None:
    guest.come_with_card(SEED)
    guest.open("/balance/")
    guest.page.keyboard.press("Tab")
    expect(guest.page.get_by_role("link", name="Skip to the main content")).to_be_in_viewport()
    guest.page.keyboard.press("Enter")
    guest.page.keyboard.press("Tab")

    assert guest.focused() == "Refresh"


def test_takes_the_focus_to_the_summary_and_from_there_to_the_field(guest: Guest) -> None:
    guest.expect_status(422)
    guest.open("/")
    guest.enter("", "12")
    summary = guest.page.get_by_role("region", name="There is a problem")
    expect(summary).to_be_focused()
    expect(guest.page).to_have_title("Error: Check your balance \u2013 Harbor & Pine Coffee")

    guest.page.keyboard.press("Tab")
    assert guest.focused() == "Enter the card number."
    guest.page.keyboard.press("Enter")
    expect(guest.number).to_be_focused()
    expect(guest.code).to_have_value("12")


def test_takes_the_focus_to_the_summary_after_a_wrong_code(guest: Guest) -> None:
    guest.expect_status(422)
    guest.open("/")
    guest.enter(SEED.number, "999999")

    expect(guest.page.get_by_role("region", name="There is a problem")).to_be_focused()
    expect(guest.page).to_have_title("Error: Check your balance \u2013 Harbor & Pine Coffee")
    expect(guest.number).to_have_value("6000 3010 0041 8000")
    expect(guest.code).to_have_value("999999")
    guest.page.keyboard.press("Tab")
    guest.page.keyboard.press("Enter")
    expect(guest.number).to_be_focused()
