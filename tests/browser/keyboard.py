"""Going somewhere by keyboard alone, where the words on a control are not enough to tell it from others."""

from typing import Final

from playwright.sync_api import Locator

MOST_STOPS: Final = 60


def tab_to(place: Locator) -> None:
    """Press Tab, at least once, until the focus is there."""
    for _stop in range(MOST_STOPS):
        place.page.keyboard.press("Tab")
        if place.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{place} cannot be reached by Tab")
