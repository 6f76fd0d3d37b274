"""Which language a page speaks, and that choosing one never leaves the site."""

import dataclasses
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.web.language import choose_language
from tests.conftest import serving
from tests.portal.accounts.test_gate import INNOCENT, NASTY
from tests.support import sending_pages
from tests.support.pages import parse_page
from tests.support.password_sign_in import ROSA
from tests.support.plain_browser import submit
from tests.support.sending_pages import visitor

COOKIE = "language"


@pytest.mark.parametrize(
    ("cookie", "accept", "expected"),
    [
        ("", "", "en"),
        ("fr", "es", "fr"),
        ("de", "es", "es"),
        ("FR", "", "en"),
        ("", "es", "es"),
        ("", "es-MX,es;q=0.9,en;q=0.8", "es"),
        ("", "de-DE,de;q=0.9,fr;q=0.8,en;q=0.1", "fr"),
        ("", "en;q=0.1,fr;q=0.9", "fr"),
        ("", "ES", "es"),
        ("", "*", "en"),
        ("", "de", "en"),
        ("", "es;q=0", "en"),
        ("", "en;q=nonsense,,,;;", "en"),
        ("", "fr" * 4000, "en"),
        ("", "es," * 500, "es"),
        ("../../etc", "\u00e9", "en"),
    ],
)
def test_chooses_by_cookie_then_by_the_browsers_wish(cookie: str, accept: str, expected: str) -> None:
    assert choose_language(offered=("en", "es", "fr"), cookie=cookie, accept=accept) == expected


def test_offers_only_what_the_merchant_offers() -> None:
    assert choose_language(offered=("fr", "es"), cookie="en", accept="en,de") == "fr"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_says_which_language_a_page_is_in(guest_client: Client, language: str) -> None:
    response = guest_client.get("/help/", headers={"Accept-Language": language})

    assert parse_page(response.content).one("html").attributes["lang"] == language
    assert response.headers["Content-Language"] == language
    vary = {name.strip() for name in response.headers["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= vary


@pytest.mark.django_db
def test_keeps_a_choice_in_a_cookie(guest_client: Client) -> None:
    response = guest_client.post("/language/", {"language": "es", "next": "/help/"})
    cookie = response.cookies[COOKIE]

    assert response.status_code == 302
    assert response.headers["Location"] == "/help/"
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == ("es", True, "Lax", "/")
    page = parse_page(guest_client.get("/help/", headers={"Accept-Language": "fr"}).content)
    assert page.one("html").attributes["lang"] == "es"
    (current,) = [each for each in page.all("button", name="language") if "aria-current" in each.attributes]
    assert current.attributes["value"] == "es"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "", "EN", "en\r\nSet-Cookie: a=b", "<b>", "es;"])
def test_keeps_no_language_that_is_not_offered(guest_client: Client, language: str) -> None:
    response = guest_client.post("/language/", {"language": language})

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert response.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [*NASTY, *INNOCENT])
def test_never_leaves_the_site_after_a_choice(guest_client: Client, wanted: str) -> None:
    response = guest_client.post("/language/", {"language": "es", "next": wanted})
    location = response.headers["Location"].replace("\\", "/")

    assert response.status_code == 302
    assert urlsplit(urljoin("http://testserver/language/", location)).netloc == "testserver"
    assert urlsplit(location).scheme == ""
    assert not location.startswith("//")
    assert set(response.cookies) == {COOKIE}


@pytest.mark.django_db
def test_keeps_the_way_back_when_the_language_changes(guest_client: Client) -> None:
    form = parse_page(guest_client.get("/?next=%2Fhelp%2F%3Fa%3D1").content).one("form", action="/language/")
    here = form.one("input", name="next").attributes["value"]

    page = parse_page(guest_client.post("/language/", {"language": "es", "next": here}, follow=True).content)

    assert page.one("form", action="/").one("input", name="next").attributes["value"] == "/help/?a=1"


@pytest.mark.django_db
def test_offers_a_choice_in_each_languages_own_name(guest_client: Client) -> None:
    form = parse_page(guest_client.get("/help/").content).one("form", action="/language/")

    assert {each.attributes["value"]: each.text for each in form.all("button")} == {
        "en": "English",
        "es": "Español",
        "fr": "Français",
    }
    for button in form.all("button"):
        assert button.attributes["lang"] == button.attributes["value"]


@pytest.mark.django_db
def test_offers_no_choice_of_one(merchant: Merchant) -> None:
    locale = dataclasses.replace(merchant.locale, languages=("es",))
    with serving(dataclasses.replace(merchant, locale=locale)):
        client = Client()
        page = parse_page(client.get("/", headers={"Accept-Language": "en"}).content)
        refused = client.post("/language/", {"language": "en"})

    assert page.one("html").attributes["lang"] == "es"
    assert page.all("form", action="/language/") == []
    assert refused.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/sign-out/", "/balance/refresh/"])
def test_leads_back_to_a_page_that_exists(guest_client: Client, path: str) -> None:
    """From an answer to a POST, or from an address that takes no GET, the choice must not end in an error."""
    page = parse_page(guest_client.post(path).content)
    back = page.one("form", action="/language/").one("input", name="next").attributes["value"]

    response = guest_client.post("/language/", {"language": "es", "next": back}, follow=True)

    assert response.status_code in {200, 404}


def test_stays_at_a_form_that_was_refused(guest_client: Client) -> None:
    visitor(guest_client, ROSA).choose()
    refused = {
        sending_pages.WHO: {"recipient_email": "mira"},
        "/sign-in/": {},
        "/sign-in/again/?next=/help/": {},
        "/": {"card_number": "6"},
        "/?next=%2Fgifts%2F": {"card_number": "6", "next": "/gifts/"},
    }
    for address, fields in refused.items():
        answer = submit(guest_client, address.partition("?")[0] if "next" in fields else address, fields)
        assert answer.status_code == 422, address
        form = parse_page(answer.content).one("form", action="/language/")
        assert form.one("input", name="next").attributes["value"] == address
