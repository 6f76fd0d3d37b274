"""The portal's addresses, and some that fail on purpose, so that every error page can be looked at."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from guestportal.urls import handler400, handler403, handler404, handler500
from guestportal.web.error_pages import error_page

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class BrokenOnPurpose(Exception):
    """What the page for unforeseen errors is shown for."""


def fail(request: HttpRequest, status: int) -> HttpResponse:
    """The page for `status`, reached as the portal itself reaches it."""
    if status == 500:
        raise BrokenOnPurpose
    return error_page(request, status=status, context={"retry_after": "in 10 minutes"})


urlpatterns = [path("", include("guestportal.urls")), path("fail/<int:status>/", fail)]
