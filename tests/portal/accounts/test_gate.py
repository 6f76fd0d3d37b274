"""The way back after sign-in: kept through the form, followed when it is a page of this site, else forgotten."""

from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from django.test import Client

from guestportal.sandbox.cards import SEED
from tests.support.pages import parse_page
from tests.support.plain_browser import enter_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

CARD = {"card_number": SEED.number, "registration_code": SEED.code}
HTMX = {"HX-Request": "true"}

NASTY = [
    "//evil.example",
    "//evil.example/balance/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)",
    "JaVaScRiPt://testserver/%0aalert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://testserver/",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/\x00/evil.example",
    "\x08//evil.example",
    "\u2028//evil.example",
    "/\u200b/evil.example",
    "/\u00ad/evil.example",
    " //evil.example",
    "\u00a0//evil.example",
    "\u3000https://evil.example",
    "//testserver@evil.example/",
    "https://testserver@evil.example/",
    "https://testserver:80@evil.example/",
    "https://testserver.evil.example/",
    "http://testserver\\@evil.example/",
    "//evil.example\\@testserver/",
    "//[::1",
    "http://[::1]evil.example/",
    "//evil%E3%80%82example",
    "/balance/\r\nSet-Cookie: evil=1",
    "evil.example",
    "?next=//evil.example",
    "mailto:evil@evil.example",
    "",
]
INNOCENT = ["/balance/", "/help/?from=mail", "/balance/?a=1&b=2#part", "/%2F/evil", "/caf\u00e9/", "/a b"]


def where_a_browser_goes(location: str, page: str = "http://testserver/") -> str:
    """The address that a browser asks for next; it drops tabs and line breaks and reads "\\" as "/"."""
    cleaned = "".join(character for character in location if character not in "\t\r\n").strip()
    return urljoin(page, cleaned.replace("\\", "/"))


@pytest.mark.parametrize("wanted", NASTY)
def test_never_leaves_the_site_after_sign_in(guest_client: Client, wanted: str) -> None:
    response = submit(guest_client, "/", {**CARD, "next": wanted})
    location = response.headers["Location"]
    target = urlsplit(where_a_browser_goes(location))

    assert response.status_code == 302
    assert (target.scheme, target.netloc) == ("http", "testserver")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "evil" not in response.cookies
    assert location.isascii()
    assert unquote(location).isprintable(), "control characters are dropped, not encoded"


@pytest.mark.parametrize("wanted", INNOCENT)
def test_goes_back_to_the_page_that_was_asked_for(guest_client: Client, wanted: str) -> None:
    response = submit(guest_client, "/", {**CARD, "next": wanted})

    assert unquote(response.headers["Location"]) == unquote(wanted)


def test_signs_in_all_the_same_when_the_way_back_is_too_long_to_follow(guest_client: Client) -> None:
    response = submit(guest_client, "/", {**CARD, "next": "/" + "a" * 5000})

    assert response.status_code == 302
    assert response.headers["Location"] == "/balance/"


def test_takes_a_way_back_that_was_sent_twice_without_leaving(guest_client: Client) -> None:
    response = submit(guest_client, "/?next=//evil.example", {**CARD, "next": "/help/"})

    assert response.headers["Location"] == "/help/"


@pytest.mark.parametrize("wanted", ["/help/?a=1&b=2", '/"><script>alert(1)</script>', "//evil.example"])
def test_keeps_the_way_back_through_every_answer_of_the_form(
    guest_client: Client, sandbox: SandboxProcess, wanted: str
) -> None:
    shown = guest_client.get("/", {"next": wanted})
    malformed = submit(guest_client, "/", {"card_number": "1", "registration_code": "2", "next": wanted})
    refused = submit(guest_client, "/", {**CARD, "registration_code": "999999", "next": wanted})
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503}, times=2)
    down = submit(guest_client, "/", {**CARD, "next": wanted})

    assert [each.status_code for each in (malformed, refused, down)] == [422, 422, 503]
    for content in (shown.content, malformed.content, refused.content, down.content):
        form = parse_page(content).one("form", action="/")
        assert form.one("input", name="next").attributes["value"] == wanted


@pytest.mark.parametrize(
    ("method", "path", "back"),
    [
        ("GET", "/balance/", "/balance/"),
        ("HEAD", "/balance/", "/balance/"),
        ("GET", "/balance/?print=1&a=b", "/balance/?print=1&a=b"),
        ("POST", "/balance/refresh/", "/balance/"),
    ],
)
def test_leads_a_stranger_to_the_entrance_and_back(
    merchant: object, method: str, path: str, back: str
) -> None:
    client = Client()

    response = client.generic(method, path)
    target = urlsplit(response.headers["Location"])

    assert response.status_code == 302
    assert target.path == "/"
    assert parse_qs(target.query)["next"] == [back]
    assert enter_card_with_query(client, response.headers["Location"]) == back


def enter_card_with_query(client: Client, entrance: str) -> str:
    """Follow a redirect to the entrance, fill in the form that stands there, and return where it leads."""
    form = parse_page(client.get(entrance).content).one("form", action="/")
    hidden = {
        each.attributes["name"]: each.attributes["value"]
        for each in form.all("input")
        if each.attributes["type"] == "hidden"
    }
    return client.post("/", {**hidden, **CARD}).headers["Location"]


@pytest.mark.parametrize(
    ("current_url", "back"),
    [
        ("http://testserver/balance/?a=1", "/balance/?a=1"),
        ("http://evil.example/balance/", "/balance/"),
        ("https://testserver/balance/", "/balance/"),
        ("javascript:alert(1)", "/balance/"),
        ("", "/balance/"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/balance/"), ("POST", "/balance/refresh/")])
def test_moves_the_whole_page_when_the_session_of_an_htmx_call_has_ended(
    guest_client: Client, method: str, path: str, current_url: str, back: str
) -> None:
    if method == "POST":
        token = parse_page(guest_client.get("/").content).one("input", name="csrfmiddlewaretoken")
        response = guest_client.post(
            path,
            {"csrfmiddlewaretoken": token.attributes["value"]},
            headers={**HTMX, "HX-Current-URL": current_url},
        )
    else:
        response = guest_client.get(path, headers={**HTMX, "HX-Current-URL": current_url})
    target = urlsplit(response.headers["HX-Redirect"])

    assert "Location" not in response.headers
    assert (target.scheme, target.netloc, target.path) == ("", "", "/")
    assert parse_qs(target.query)["next"] == [back]
    assert response.content == b""
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "current_url",
    [
        "http://testserver//evil.example/",
        "http://testserver/\\evil.example",
        "http://[",
        "http://testserver/" + "a" * 9000,
    ],
)
def test_survives_a_forged_current_address(merchant: object, current_url: str) -> None:
    client = Client()

    response = client.get("/balance/", headers={**HTMX, "HX-Current-URL": current_url})

    assert response.status_code == 200
    assert response.headers["HX-Redirect"].startswith("/?next=")
    back = enter_card_with_query(client, response.headers["HX-Redirect"])
    assert urlsplit(where_a_browser_goes(back)).netloc == "testserver"


@pytest.mark.parametrize("path", ["/balance/?" + "a" * 3000, "/balance/?" + "%C3%A9" * 500])
def test_leads_to_the_entrance_from_an_address_of_any_length(merchant: object, path: str) -> None:
    response = Client().get(path)

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/?next=")


def test_forgets_the_way_back_once_it_was_taken(guest_client: Client) -> None:
    submit(guest_client, "/", {**CARD, "next": "/help/"})

    assert enter_card(guest_client).headers["Location"] == "/balance/"
