"""Page or fragment: the one decision every htmx-aware view makes the same way."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import reselect, reswap, retarget

from guestportal.web.http import PortalRequest

VARY_ON = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_fragment(request: PortalRequest) -> bool:
    """Whether htmx asks for a part: neither a boosted link nor a history restore, which need the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page_or_fragment(
    request: PortalRequest,
    *,
    page: str,
    fragment: str,
    context: dict[str, object],
    status: int = 200,
) -> HttpResponse:
    """The fragment for htmx, the page that includes it for every other request, with `Vary` on what decides."""
    name = fragment if wants_fragment(request) else page
    response = render(request, name, {**context, "is_fragment": name == fragment}, status=status)
    patch_vary_headers(response, VARY_ON)
    return response


def whole_page(
    request: PortalRequest, template: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """A page that replaces everything, also when htmx asked for a part of another one.

    Its context has the guest whom the gate has let in, if the view has a gate.
    """
    is_fragment = wants_fragment(request)
    known = {"guest": getattr(request, "guest", None), **context}
    # htmx swaps 2xx and 422 only, so the page that takes over comes with 200 there.
    response = render(request, template, known, status=200 if is_fragment else status)
    if is_fragment:
        response = retarget(reselect(reswap(response, "outerHTML"), "#main"), "#main")
    patch_vary_headers(response, VARY_ON)
    return response
