"""Pictures of the pages for docs/screenshots, by `make screenshots`. Its name keeps it out of the normal run."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from guestportal.merchants.definition import Merchant
from tests.browser.guest import HEIGHT, LOOKS, Guest
from tests.browser.pictures import reduced
from tests.browser.states import PAGES, State
from tests.support.sandbox import SandboxProcess

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES: Final = 6 * 1024 * 1024


@pytest.mark.parametrize("state", PAGES, ids=str)
def test_takes_pictures(
    browser: Browser, guest: Guest, sandbox: SandboxProcess, patient_merchant: Merchant, state: State
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with state.shown(guest, sandbox, patient_merchant):
        guest.page.evaluate("() => document.activeElement.blur()")
        for width, scheme in LOOKS:
            guest.page.set_viewport_size({"width": width, "height": HEIGHT})
            guest.page.emulate_media(color_scheme=scheme)
            guest.page.evaluate("() => scrollTo(0, 0)")
            png = guest.page.screenshot(full_page=True, scale="css", animations="disabled", caret="hide")
            (FOLDER / f"{state}-{width}-{scheme}.png").write_bytes(reduced(browser, png))


def test_keeps_no_other_pictures_and_few_bytes() -> None:
    names = {f"{state}-{width}-{scheme}.png" for state in PAGES for width, scheme in LOOKS}
    for picture in FOLDER.glob("*.png"):
        if picture.name not in names:
            picture.unlink()

    pictures = {picture.name: picture.stat().st_size for picture in FOLDER.glob("*.png")}
    assert pictures.keys() == names
    assert sum(pictures.values()) <= MOST_BYTES
