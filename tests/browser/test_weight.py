"""What a page weighs on the wire, from real answers: under 14 KB of HTML and CSS, 40 KB and 6 requests in all."""

from collections import defaultdict
from typing import Final

import pytest
from playwright.sync_api import Request, Response

from guestportal.merchants.definition import Merchant
from tests.browser.conftest import Welcome
from tests.browser.guest import PHONE, Guest
from tests.browser.states import PAGES, STATES, State
from tests.sandbox_process import SandboxProcess

MOST_HTML_AND_CSS: Final = 14 * 1024
MOST_IN_ALL: Final = 40 * 1024
MOST_REQUESTS: Final = 6
# Requests that an action on the page makes are no part of its first view.
FIRST_VIEW: Final = frozenset({"document", "stylesheet", "script", "image", "font", "other"})

PUBLIC = [state for state in STATES if not state.cookies]


def answer(request: Request) -> Response:
    response = request.response()
    assert response is not None, request.url
    return response


def weights(guest: Guest) -> dict[str, int]:
    """The bytes of each answer's body on the wire by address; an answer from the cache came over it before."""
    sizes: dict[str, int] = defaultdict(int)
    for request in guest.requests:
        if request.resource_type not in FIRST_VIEW:
            continue
        sizes[request.url] = max(sizes[request.url], request.sizes()["responseBodySize"])
    return sizes


@pytest.mark.parametrize("state", PAGES, ids=str)
def test_is_light(visit: Welcome, sandbox: SandboxProcess, patient_merchant: Merchant, state: State) -> None:
    guest = visit(width=PHONE)
    with state.shown(guest, sandbox, patient_merchant):
        view = [request for request in guest.view if request.resource_type in FIRST_VIEW]
        page, *others = view
        stylesheets = [request for request in others if request.resource_type == "stylesheet"]
        sizes = weights(guest)
        headers = sum(request.sizes()["responseHeadersSize"] for request in view)
        page_bytes = page.sizes()["responseBodySize"]
        encodings = {answer(request).header_value("content-encoding") for request in (page, *stylesheets)}

    assert page.is_navigation_request()
    assert stylesheets
    assert encodings == {"gzip"}
    assert all(sizes.values()), sizes
    addresses = {request.url for request in others}
    assert page_bytes + sum(sizes[request.url] for request in stylesheets) <= MOST_HTML_AND_CSS
    assert page_bytes + sum(sizes[address] for address in addresses) + headers <= MOST_IN_ALL, sizes
    assert 1 + len(addresses) <= MOST_REQUESTS


@pytest.mark.parametrize("state", PUBLIC, ids=str)
def test_sets_no_cookie_on_a_public_page(
    visit: Welcome, sandbox: SandboxProcess, patient_merchant: Merchant, state: State
) -> None:
    guest = visit()
    with state.shown(guest, sandbox, patient_merchant):
        assert guest.view

    assert guest.context.cookies() == []


def test_hands_scripts_out_compressed_and_to_be_kept_for_ever(visit: Welcome) -> None:
    guest = visit()
    guest.open("/")
    scripts = [answer(request) for request in guest.view if request.resource_type == "script"]

    assert scripts
    for script in scripts:
        assert script.header_value("content-encoding") == "gzip"
        assert "immutable" in (script.header_value("cache-control") or "")
