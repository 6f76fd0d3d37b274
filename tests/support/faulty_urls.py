"""The portal's addresses and some that fail in every way a view can, for tests of error pages and headers."""

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError
from django.db.utils import ConnectionHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from guestportal.storage.lookup import ClaimsPaused
from guestportal.urls import handler400, handler403, handler404, handler500
from guestportal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

SECRET = "card 6000301000418000 and code 123456"


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


def bad(request: HttpRequest) -> HttpResponse:
    raise BadRequest(SECRET)


def unreachable(request: HttpRequest) -> HttpResponse:
    """What every page meets while nobody can open the database."""
    nowhere = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/portal.sqlite3"}
    ConnectionHandler({"default": nowhere})["default"].ensure_connection()
    return HttpResponse()


def cut_off(request: HttpRequest) -> HttpResponse:
    raise InterfaceError(SECRET)


def paused(request: HttpRequest) -> HttpResponse:
    raise ClaimsPaused(SECRET)


urlpatterns = [
    *portal,
    path("boom/", boom),
    path("denied/", denied),
    path("suspicious/", suspicious),
    path("bad/", bad),
    path("unreachable/", unreachable),
    path("cut-off/", cut_off),
    path("paused/", paused),
]
