"""Error pages in the merchant's design. They call nothing upstream and survive a missing merchant."""

import logging
import math
import sys
from collections.abc import Callable

from babel.dates import format_timedelta
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from guestportal.paytronix.calls import new_reference
from guestportal.storage.lookup import LookupUnavailable
from guestportal.web.context import portal
from guestportal.web.fragments import wants_fragment
from guestportal.web.http import PortalRequest
from guestportal.web.locales import current_locale

log = logging.getLogger("guestportal.errors")

_TRY_AGAIN_STEPS_SECONDS = (900, 3600, 86_400)


class MethodNotAllowedMiddleware:
    """Gives the decorators' empty 405 a page, keeping its `Allow` header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            page = error_page(request, status=405)
            page.headers["Allow"] = response.headers.get("Allow", "")
            return page
        return response


def error_page(
    request: HttpRequest, *, status: int, template: str = "", context: dict[str, object] | None = None
) -> HttpResponse:
    """The page for `status`; `template` names another than the status's own."""
    response = render(
        request, template or f"{status}.html", {"reference": "", **(context or {})}, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many_tries(request: PortalRequest, *, retry_after_seconds: int) -> HttpResponse:
    """429 that says when to try again: after a call's time, or in steps that do not tell which limit it was."""
    steps = (math.ceil(request.merchant.integration.deadline_seconds), *_TRY_AGAIN_STEPS_SECONDS)
    seconds = next((step for step in steps if step >= retry_after_seconds), steps[-1])
    words = format_timedelta(seconds, add_direction=True, locale=current_locale())
    response = error_page(request, status=429, context={"retry_after": words})
    response.headers["Retry-After"] = str(seconds)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that Django cannot read (`handler400`)."""
    return error_page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that may not be made (`handler403`)."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere (`handler404`)."""
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 for what passes, with a reference that the log line beside Django's own has.

    What passes: the database cannot be reached, or its hashes cannot be made or claimed by for the moment.
    """
    passes = isinstance(sys.exception(), OperationalError | InterfaceError | LookupUnavailable)
    status = 503 if passes else 500
    reference = new_reference()
    fields = {"event": "server_error", "status": status, "reference": reference}
    log.error("server_error", extra={"fields": fields})
    # Without the request's own context processors: they read the session, and the database may be what failed.
    context = {"request": request, "reference": reference, **portal(request)}
    page = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    page.headers["Cache-Control"] = "no-store"
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that says "Reload this page"; htmx gets the same sentence as a fragment."""
    log.warning("csrf_failure", extra={"fields": {"event": "csrf_failure", "reason": reason}})
    if hasattr(request, "htmx") and wants_fragment(request):  # type: ignore[arg-type]  # our middleware ran
        return error_page(request, status=403, template="errors/_reload.html")
    return error_page(request, status=403, template="403_csrf.html")
