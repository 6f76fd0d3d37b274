"""A request's merchant and time zone, and what a host without a merchant is told."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from guestportal.merchants.definition import Merchant
from guestportal.merchants.middleware import MerchantMiddleware
from tests.conftest import serving
from tests.support.merchant_files import merchant


def answer(request: HttpRequest) -> HttpResponse:
    """A view that tells what the middleware left it."""
    found: Merchant | None = getattr(request, "merchant", None)
    return HttpResponse(f"{found.slug if found else 'nobody'} {timezone.get_current_timezone_name()}")


def ask(path: str, host: str) -> HttpResponse:
    response = MerchantMiddleware(answer)(RequestFactory().get(path, headers={"host": host}))
    assert isinstance(response, HttpResponse)
    return response


@pytest.fixture(autouse=True)
def _two_merchants(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.ALLOWED_HOSTS = [".example"]
    bakery = merchant(tmp_path, {"locale.time_zone": '"Asia/Tokyo"'})
    tea = dataclasses.replace(
        bakery,
        slug="tea",
        hosts=("tea.example",),
        locale=dataclasses.replace(bakery.locale, time_zone=ZoneInfo("America/New_York")),
    )
    with serving(bakery, tea):
        yield


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("bakery.example", b"corner-bakery Asia/Tokyo"),
        ("bakery.example:8000", b"corner-bakery Asia/Tokyo"),
        ("TEA.example", b"tea America/New_York"),
    ],
)
def test_a_request_has_the_merchant_and_time_zone_of_its_host(host: str, expected: bytes) -> None:
    before = timezone.get_current_timezone_name()

    assert ask("/", host).content == expected
    assert timezone.get_current_timezone_name() == before


@pytest.mark.parametrize("path", ["/", "/balance/", "/healthz/", "/HEALTHZ"])
def test_an_unknown_host_learns_nothing(path: str) -> None:
    response = ask(path, "unknown.example")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == b"There is no page here.\n"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["unknown.example", "10.0.0.7:8000"])
def test_health_is_told_under_any_host(path: str, host: str) -> None:
    assert ask(path, host).content == b"nobody UTC"


def test_a_refused_host_leaves_an_error_page_without_a_merchant() -> None:
    request = RequestFactory().get("/", headers={"host": "evil.test"})

    with pytest.raises(DisallowedHost):
        MerchantMiddleware(answer)(request)

    assert getattr(request, "merchant", "unset") is None
