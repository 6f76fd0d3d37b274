"""What a page weighs on the wire, from real answers: under 14 KB of HTML and CSS, 40 KB and 6 requests in all."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Request, Response

from tests.browser.guest import Guest

MOST_HTML_AND_CSS: Final = 14 * 1024
MOST_IN_ALL: Final = 40 * 1024
MOST_REQUESTS: Final = 6
# Requests that an action on the page makes are no part of its first view.
FIRST_VIEW: Final = frozenset({"document", "stylesheet", "script", "image", "font", "other"})
_SERVED: Final[dict[str, int]] = {}  # by addresses that change with what is in them


def answer(request: Request) -> Response:
    response = request.response()
    assert response is not None, request.url
    return response


def weights(guest: Guest) -> dict[str, int]:
    """The bytes of each answer's body on the wire by address."""
    sizes: dict[str, int] = defaultdict(int)
    for request in guest.requests:
        if request.resource_type not in FIRST_VIEW or request.frame.page is not guest.page:
            continue
        size = request.sizes()["responseBodySize"]
        if size <= 0 and request.resource_type != "document":
            size = _served(guest, request.url)
        sizes[request.url] = max(sizes[request.url], size)
    return sizes


def _served(guest: Guest, address: str) -> int:
    """What a file that the browser had kept would come with."""
    if address not in _SERVED:
        _SERVED[address] = int(guest.context.request.get(address).headers["content-length"])
    return _SERVED[address]


def weight_faults(guest: Guest) -> Iterator[str]:
    """One line per limit that the page at which the guest is breaks; its answers must be compressed."""
    view = [request for request in guest.view if request.resource_type in FIRST_VIEW]
    page, *others = view
    assert page.is_navigation_request()
    stylesheets = [request for request in others if request.resource_type == "stylesheet"]
    assert stylesheets
    sizes = weights(guest)
    assert all(sizes[request.url] for request in view), sizes
    for request in (page, *stylesheets):
        if answer(request).header_value("content-encoding") != "gzip":
            yield f"not compressed: {request.url}"

    addresses = {request.url for request in others}
    page_bytes = page.sizes()["responseBodySize"]
    headers = sum(request.sizes()["responseHeadersSize"] for request in view)
    text = page_bytes + sum(sizes[request.url] for request in stylesheets)
    everything = page_bytes + sum(sizes[address] for address in addresses) + headers
    requests = 1 + len(addresses)
    if text > MOST_HTML_AND_CSS:
        yield f"{text} bytes of HTML and CSS"
    if everything > MOST_IN_ALL:
        yield f"{everything} bytes in all: {sizes}"
    if requests > MOST_REQUESTS:
        yield f"{requests} requests: {addresses}"
