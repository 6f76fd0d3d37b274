"""Where Chromium is, and how it is started. It opens no page."""

import os
import shutil
from typing import Final

from playwright.sync_api import Browser, Playwright

INSTALL: Final = "apt-get install chromium-headless-shell (or chromium)"
# The shell is the same engine without the windows that nobody sees: a page costs it a third of the time.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Drawing without a card and in a thread instead of a process: a tenth less work for each page.
    "--disable-gpu",
    "--in-process-gpu",
)


def executable() -> str | None:
    """The path of Chromium, None when this machine has none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """Whether a missing Chromium is a failure (REQUIRE_BROWSER=1) instead of a skip."""
    return os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window, and without what it would tell its maker."""
    return playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
