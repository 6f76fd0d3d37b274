"""Refuses unsafe requests that another site started, by what the browser itself says (Sec-Fetch-Site)."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guestportal.web.error_pages import csrf_failure

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# "none" is the guest's own doing, such as a bookmark; older browsers send nothing, and the CSRF token remains.
OWN_SITES = frozenset({"same-origin", "none", ""})


class FetchSiteMiddleware:
    """Stands before the CSRF check: two walls of different make."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        site = request.headers.get("Sec-Fetch-Site", "")
        if request.method not in SAFE_METHODS and site not in OWN_SITES:
            return csrf_failure(request, reason=f"Sec-Fetch-Site: {site[:20]}")
        return self.get_response(request)
