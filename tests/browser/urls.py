"""The portal's addresses, and some that fail on purpose, so that every error page can be looked at."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from guestportal.urls import handler400, handler403, handler404, handler500
from guestportal.web.errors import error_page

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class BrokenOnPurpose(Exception):
    """What the page for unforeseen errors is shown for."""


def fail(request: HttpRequest, status: int) -> HttpResponse:
    """The page for `status`, reached as the portal itself reaches it."""
    match status:
        case 400:
            raise BadRequest
        case 403:
            raise PermissionDenied
        case 500:
            raise BrokenOnPurpose
        case 429:
            return error_page(request, status=429, context={"retry_after": "in 10 minutes"})
        case _:
            return error_page(request, status=status)


urlpatterns = [path("", include("guestportal.urls")), path("fail/<int:status>/", fail)]
