"""The headers of docs/threats.md, section 5, on every address and status: errors, redirects and files included."""

import re
from collections.abc import Mapping

import pytest
from django.conf import settings as portal_settings
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from guestportal.merchants.definition import Merchant
from guestportal.web.stylesheet import stylesheet_for
from tests.support.plain_browser import enter_card, sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
UNWANTED = ("Server", "X-Powered-By", "X-XSS-Protection")
FAR_FUTURE_SECONDS = 31_536_000


# A merchant's drawing brings styles and pictures of its own; opened directly it still runs nothing.
PICTURE_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "data:",
    "frame-ancestors": "'none'",
    "sandbox": "",
}


def check(response: HttpResponse, status: int, policy: Mapping[str, str] = POLICY) -> None:
    """Every header that each answer has, and none that tells more than it should."""
    assert response.status_code == status
    for name, value in FIXED.items():
        assert response.headers.get(name) == value, name
    parts = (part.strip() for part in response.headers["Content-Security-Policy"].split(";"))
    directives = {name: value for name, _, value in (part.partition(" ") for part in parts if part)}
    assert directives == policy
    assert re.fullmatch(r"(?:[a-z-]+=\(\)(?:, )?)+", response.headers["Permissions-Policy"])
    for feature in ("camera", "geolocation", "microphone", "payment"):
        assert f"{feature}=()" in response.headers["Permissions-Policy"]
    for name in UNWANTED:
        assert name not in response.headers, name
    assert response.headers["Cache-Control"]
    response.getvalue()  # reads a file to its end, which closes it


PLAIN = [
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/help/", 200),
    ("GET", "/privacy/", 200),
    ("GET", "/accessibility/", 200),
    ("GET", "/.well-known/security.txt", 200),
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/static/js/page.js", 200),
    ("HEAD", "/static/js/page.js", 200),
    ("GET", "/static/django_htmx/htmx-2.min.js", 200),
    ("POST", "/static/js/page.js", 405),
    ("GET", "/balance/", 302),
    ("HEAD", "/balance/", 302),
    ("POST", "/language/", 302),
    ("POST", "/", 403),
    ("POST", "/balance/refresh/", 403),
    ("GET", "/nowhere/", 404),
    ("GET", "/static/nowhere.js", 404),
    ("GET", "/static/../guestportal/settings.py", 404),
    ("GET", "/assets/0/site.css", 404),
    ("GET", "/assets/0/logo.svg", 404),
    ("GET", "/%ff%00", 404),
    ("GET", "/sign-out/", 405),
    ("GET", "/language/", 405),
    ("GET", "/balance/refresh/", 405),
    ("PUT", "/healthz", 403),
    ("OPTIONS", "/", 405),
    ("TRACE", "/", 405),
    ("GET", "/suspicious/", 400),
    ("GET", "/bad/", 400),
    ("GET", "/denied/", 403),
    ("GET", "/boom/", 500),
]


@pytest.mark.parametrize(("method", "path", "status"), PLAIN)
def test_sends_them_on_every_address(
    guest_client: Client, settings: Settings, method: str, path: str, status: int
) -> None:
    settings.ROOT_URLCONF = "tests.support.faulty_urls"
    guest_client.raise_request_exception = False

    check(guest_client.generic(method, path), status)  # type: ignore[arg-type]  # the client's response class


def test_sends_them_on_the_pages_of_a_guest(guest_client: Client, sandbox: SandboxProcess) -> None:
    check(enter_card(guest_client), 302)
    check(guest_client.get("/balance/"), 200)  # type: ignore[arg-type]
    check(guest_client.get("/balance/", headers={"HX-Request": "true"}), 200)  # type: ignore[arg-type]
    check(submit(guest_client, "/balance/refresh/", {}), 302)
    check(submit(guest_client, "/sign-out/", {}), 302)
    check(guest_client.get("/balance/", headers={"HX-Request": "true"}), 200)  # type: ignore[arg-type]
    check(enter_card(guest_client, code="999999"), 422)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503}, times=2)
    check(enter_card(guest_client), 503)


def test_sends_them_while_tries_are_limited(guest_client: Client, settings: Settings) -> None:
    settings.LIMITS = {"address": "1/2"}
    check(enter_card(guest_client, code="999999"), 422)
    check(enter_card(guest_client, code="999999"), 422)  # asks for a proof
    settings.LIMITS = {"address": "1/1"}
    check(enter_card(guest_client, code="999999"), 429)


def test_sends_them_on_the_merchants_own_files(guest_client: Client, merchant: Merchant) -> None:
    logo = merchant.theme.logo
    assert logo
    stylesheet = guest_client.get(f"/assets/{stylesheet_for(merchant).digest}/site.css")
    picture = guest_client.get(f"/assets/{logo.digest}/{logo.name}")

    check(stylesheet, 200)  # type: ignore[arg-type]
    check(picture, 200, PICTURE_POLICY)  # type: ignore[arg-type]


def test_sends_them_when_a_file_has_not_changed(guest_client: Client) -> None:
    first = guest_client.get("/static/js/page.js")
    again = guest_client.get(
        "/static/js/page.js", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )

    first.getvalue()
    check(again, 304)  # type: ignore[arg-type]


def test_invites_no_other_site_to_read_a_file(guest_client: Client) -> None:
    response = guest_client.get("/static/js/page.js")
    response.getvalue()

    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", ["/", "/help/", "/balance/", "/nowhere/"])
@pytest.mark.parametrize("https_only", [False, True])
def test_sends_them_to_a_host_that_is_not_ours(
    guest_client: Client, settings: Settings, path: str, https_only: bool
) -> None:
    settings.ALLOWED_HOSTS = ["rewards.example"]
    settings.SECURE_SSL_REDIRECT = https_only

    check(guest_client.get(path, headers={"Host": "evil.example"}), 400)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", "/balance/", "/nowhere/", "/sign-out/"])
def test_forbids_storing_what_is_not_the_same_for_everybody(guest_client: Client, path: str) -> None:
    assert "no-store" in guest_client.get(path).headers["Cache-Control"]
    sign_in_with_card(guest_client)
    assert "no-store" in guest_client.get(path).headers["Cache-Control"]


def test_lets_browsers_keep_what_has_an_address_of_its_own(guest_client: Client, merchant: Merchant) -> None:
    response = guest_client.get(f"/assets/{stylesheet_for(merchant).digest}/site.css")
    cache_control = response.headers["Cache-Control"]

    assert "public" in cache_control
    assert "immutable" in cache_control
    assert int(re.findall(r"max-age=(\d+)", cache_control)[0]) >= FAR_FUTURE_SECONDS


def test_promises_https_for_two_years(merchant: Merchant, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    client = Client()

    response = client.get("/help/", secure=True)
    plain = client.get("/help/")

    assert response.headers["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains")
    check(plain, 301)  # type: ignore[arg-type]
    assert plain.headers["Location"] == "https://testserver/help/"
    assert client.get("/healthz").status_code == 200


def test_allows_no_inline_code_and_no_other_site() -> None:
    directives = portal_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {source for values in directives.values() for source in values}

    assert sources == {"'self'", "'none'"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["/", "/balance/refresh/", "/sign-out/", "/language/"])
def test_refuses_unsafe_requests_that_another_site_started(
    guest_client: Client, path: str, site: str
) -> None:
    sign_in_with_card(guest_client)

    response = submit(guest_client, path, {"language": "es"}, **{"Sec-Fetch-Site": site})

    assert response.status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "none", ""])
def test_accepts_unsafe_requests_of_our_own_pages(guest_client: Client, site: str) -> None:
    sign_in_with_card(guest_client)

    response = submit(guest_client, "/sign-out/", {}, **{"Sec-Fetch-Site": site})

    assert response.status_code == 302
