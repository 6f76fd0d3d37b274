"""Error pages: in the merchant's design where there is one, without secrets, and without a call upstream."""

import dataclasses
import logging
import re

import pytest
from django.test import Client
from pytest_django import Settings

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.faulty_urls import SECRET
from tests.support.pages import check_parts, parse, parse_page, title_of
from tests.support.plain_browser import sign_in_with_card
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
FAILING = [
    ("GET", "/nowhere/", 404),
    ("GET", "/sign-out/", 405),
    ("GET", "/suspicious/", 400),
    ("GET", "/bad/", 400),
    ("GET", "/denied/", 403),
    ("POST", "/", 403),
    ("GET", "/boom/", 500),
    ("GET", "/unreachable/", 503),
]


@pytest.fixture
def faulty_client(guest_client: Client, settings: Settings) -> Client:
    """A browser at a portal with some addresses that fail."""
    settings.ROOT_URLCONF = "tests.support.faulty_urls"
    guest_client.raise_request_exception = False
    return guest_client


@pytest.mark.parametrize(("method", "path", "status"), FAILING)
@pytest.mark.parametrize("signed_in", [False, True])
def test_shows_a_page_of_the_merchants_and_asks_nobody(
    faulty_client: Client,
    merchant: Merchant,
    sandbox: SandboxProcess,
    signed_in: bool,
    method: str,
    path: str,
    status: int,
) -> None:
    if signed_in:
        sign_in_with_card(faulty_client)
    sandbox.clear_requests()

    response = faulty_client.generic(method, path)
    page = parse_page(response.content)

    assert response.status_code == status
    assert "no-store" in response.headers["Cache-Control"]
    assert title_of(page).endswith(merchant.name)
    assert merchant.name in page.text
    assert [link for link in page.all("a") if link.attributes["href"] == "/"]
    assert SECRET not in response.content.decode()
    assert "418000" not in page.text
    assert "Traceback" not in page.text
    assert sandbox.requests() == []
    for word in ("invalid", "please", "oops", "sorry", "csrf", "http"):
        assert word not in page.one("main").text.lower(), word


def test_gives_every_error_a_title_of_its_own(faulty_client: Client) -> None:
    titles = {
        (status, path): title_of(parse_page(faulty_client.generic(method, path).content))
        for method, path, status in FAILING
    }

    assert titles.pop((400, "/bad/")) == titles[400, "/suspicious/"]
    assert len(set(titles.values())) == len(titles)


@pytest.mark.parametrize("path", ["/", "/balance/", "/nowhere/", "/boom/", "/assets/0/x.svg"])
def test_shows_a_plain_page_to_a_host_that_is_not_ours(
    faulty_client: Client, merchant: Merchant, settings: Settings, sandbox: SandboxProcess, path: str
) -> None:
    settings.ALLOWED_HOSTS = ["rewards.example"]

    response = faulty_client.get(path, headers={"Host": "evil.example"})
    page = parse_page(response.content)

    assert response.status_code == 400
    assert merchant.name not in page.text
    assert "evil.example" not in response.content.decode()
    assert response.cookies == {}
    assert sandbox.requests() == []


@pytest.mark.parametrize("path", ["/", "/balance/", "/nowhere/", "/static/nowhere.js"])
def test_tells_a_host_without_a_merchant_nothing(
    faulty_client: Client, merchant: Merchant, path: str
) -> None:
    with serving(dataclasses.replace(merchant, hosts=("rewards.example",))):
        response = faulty_client.get(path, headers={"Host": "other.example"})

    assert response.status_code == 404
    assert merchant.name not in response.content.decode()
    assert response.cookies == {}


@pytest.mark.parametrize("path", ["/boom/", "/denied/", "/bad/", "/healthz/"])
def test_renders_error_pages_before_the_merchant_is_known(faulty_client: Client, path: str) -> None:
    """A load balancer's own host has no merchant on /healthz; everything else is refused earlier."""
    with serving():
        response = faulty_client.get(path)

    assert response.status_code in {400, 403, 404, 500}
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("path", ["/boom/", "/unreachable/"])
def test_gives_a_fault_a_reference_that_the_log_has_too(
    faulty_client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR, logger="guestportal.errors"):
        page = parse_page(faulty_client.get(path).content)
    found = re.search(r"Reference ([0-9A-HJKMNP-TV-Z]{8})\b", page.text)
    (record,) = [each for each in caplog.records if each.name == "guestportal.errors"]

    assert found
    assert record.fields["reference"] == found.group(1)  # type: ignore[attr-defined]  # our own field


@pytest.mark.parametrize("path", ["/cut-off/", "/paused/"])
def test_takes_a_connection_that_was_cut_and_a_pause_of_claims_for_an_outage(
    faulty_client: Client, path: str
) -> None:
    response = faulty_client.get(path)

    assert response.status_code == 503
    assert SECRET not in response.content.decode()


BIG = "a" * 70_000


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "card_number=" + BIG),
        ("application/x-www-form-urlencoded", "&".join(f"f{number}=1" for number in range(60))),
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + BIG),
        ("application/x-www-form-urlencoded; charset=nonsense", "a=1"),
        ("application/x-www-form-urlencoded", "card_number=%ff%fe&registration_code=%00"),
    ],
)
def test_answers_a_body_it_cannot_read_with_a_page(
    faulty_client: Client, sandbox: SandboxProcess, content_type: str, body: str
) -> None:
    response = faulty_client.generic("POST", "/", body, content_type=content_type)

    assert response.status_code in {400, 403}
    parse_page(response.content)
    assert sandbox.requests() == []


def test_does_not_count_a_fragment_as_a_page_when_it_must_be_reloaded(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    plain = guest_client.post("/balance/refresh/")
    htmx = guest_client.post("/balance/refresh/", headers=HTMX)
    boosted = guest_client.post("/balance/refresh/", headers={**HTMX, "HX-Boosted": "true"})

    assert plain.status_code == htmx.status_code == boosted.status_code == 403
    assert "eload" in parse_page(plain.content).one("main").text
    assert parse_page(boosted.content).text == parse_page(plain.content).text
    fragment = parse(htmx.content)
    check_parts(fragment)
    assert "Reload this page" in fragment.text
    assert b"<html" not in htmx.content


def test_says_that_cookies_are_needed_to_a_browser_that_sends_none(merchant: Merchant) -> None:
    form = parse_page(Client().get("/").content)
    token = form.one("input", name="csrfmiddlewaretoken").attributes["value"]
    without_cookies = Client(enforce_csrf_checks=True)

    response = without_cookies.post("/", {"csrfmiddlewaretoken": token})
    page = parse_page(response.content)

    assert response.status_code == 403
    assert title_of(page).startswith("This site needs cookies")
    assert "Allow cookies for this site" in page.text
    assert "open too long" not in page.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", "GET, HEAD, POST"),
        ("/balance/", "GET, HEAD"),
        ("/balance/refresh/", "POST"),
        ("/sign-out/", "POST"),
        ("/help/", "GET, HEAD"),
        ("/language/", "POST"),
        ("/healthz", "GET, HEAD"),
        ("/readyz", "GET, HEAD"),
        ("/.well-known/security.txt", "GET, HEAD"),
    ],
)
def test_allows_the_methods_of_the_contract_only(
    merchant: Merchant, method: str, path: str, allowed: str
) -> None:
    response = Client().generic(method, path)

    if method in allowed:
        assert response.status_code != 405
    else:
        assert response.status_code == 405
        assert {each.strip() for each in response.headers["Allow"].split(",")} == set(allowed.split(", "))
        parse_page(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/gifts/send/who/"])
def test_a_body_that_nobody_can_read_gets_a_page(guest_client: Client, path: str) -> None:
    content_type = "application/x-www-form-urlencoded; charset=utf-16"

    response = guest_client.post(path, "a=1", content_type=content_type)

    assert response.status_code in {400, 403}
    assert parse_page(response.content).one("h1").text
