"""Every page in every state: no accessibility violation, no misfit, nothing heavy, no cookie where none belongs.

A state is visited once, on a phone; what is looked at stands in `accessibility`, `layout` and `weight`.
"""

from typing import Final

import pytest

from guestportal.merchants.definition import Merchant
from tests.browser.accessibility import violations
from tests.browser.conftest import NewGuest
from tests.browser.guest import PHONE
from tests.browser.layout import layout_faults
from tests.browser.states import LAYOUTS, STATES, State
from tests.browser.weight import answer, weight_faults
from tests.support.sandbox import SandboxProcess

# What the other pages are made of stands on these.
BASES: Final = frozenset({"entrance", "sign-in", "balance", "gifts", "history", "help"})


@pytest.mark.parametrize("state", STATES, ids=str)
def test_is_accessible_fits_and_is_light(
    new_guest: NewGuest, sandbox: SandboxProcess, patient_merchant: Merchant, state: State
) -> None:
    guest = new_guest(width=PHONE, apart=state.apart)
    found: list[str] = []
    with state.shown(guest, sandbox, patient_merchant):
        assert guest.view
        found += weight_faults(guest)
        found += violations(guest.page, every_look=state.name in BASES)
        if state in LAYOUTS:
            found += layout_faults(guest)
        if not state.cookies:
            found += (f"cookie: {cookie.get('name')}" for cookie in guest.context.cookies())
    assert not found


def test_hands_scripts_out_compressed_and_to_be_kept_for_ever(new_guest: NewGuest) -> None:
    guest = new_guest()
    guest.open("/")
    scripts = [answer(request) for request in guest.view if request.resource_type == "script"]

    assert scripts
    for script in scripts:
        assert script.header_value("content-encoding") == "gzip"
        assert "immutable" in (script.header_value("cache-control") or "")
