"""Pictures of every page, by `make screenshots`: all into `screenshots/`, README's own into `docs/screenshots/`.

Its name keeps it out of the normal run.
"""

from typing import Final

import pytest
from playwright.sync_api import Browser

from guestportal.merchants.definition import Merchant
from tests.browser.guest import HEIGHT, LOOKS, Guest
from tests.browser.pictures import reduced
from tests.browser.states import PAGES, State
from tests.support.documents import pictures_in_readme
from tests.support.sandbox import REPOSITORY, SandboxProcess

FOLDER: Final = REPOSITORY / "screenshots"  # git ignores it
README_PICTURES: Final = pictures_in_readme()


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
            name = f"{state}-{width}-{scheme}.png"
            (FOLDER / name).write_bytes(png)
            for picture in README_PICTURES:
                if picture.name == name:
                    picture.write_bytes(reduced(browser, png))


def test_takes_every_picture_that_readme_shows() -> None:
    names = {f"{state}-{width}-{scheme}.png" for state in PAGES for width, scheme in LOOKS}

    assert {picture.name for picture in README_PICTURES} <= names
