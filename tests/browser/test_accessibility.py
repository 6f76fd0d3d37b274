"""axe-core finds no violation on any page in any state, light and dark, on a phone and at a desk."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from guestportal.merchants.definition import Merchant
from tests.browser.guest import HEIGHT, LOOKS, Guest
from tests.browser.states import STATES, State
from tests.sandbox_process import SandboxProcess

AXE = Axe()


def violations(page: Page, look: str) -> Iterator[str]:
    """One line per element that breaks a rule; target size (WCAG 2.2) is off in axe unless asked for."""
    page.evaluate("axe.configure({rules: [{id: 'target-size', enabled: true}]})")
    found: Sequence[Mapping[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    for violation in found:
        for node in violation["nodes"]:
            yield f"{look}: {violation['id']}: {node['html']}: {node['failureSummary']}"


@pytest.mark.parametrize("state", STATES, ids=str)
def test_breaks_no_accessibility_rule(
    guest: Guest, sandbox: SandboxProcess, patient_merchant: Merchant, state: State
) -> None:
    found: list[str] = []
    with state.shown(guest, sandbox, patient_merchant):
        guest.page.evaluate(AXE.axe_script)
        for width, scheme in LOOKS:
            guest.page.set_viewport_size({"width": width, "height": HEIGHT})
            guest.page.emulate_media(color_scheme=scheme)
            found += violations(guest.page, f"{width} {scheme}")
    assert not found
