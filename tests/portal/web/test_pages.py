"""Pages of the merchant's words and security.txt: public, light, and without a cookie."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.pages import parse_page, title_of
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

PAGES = ("help", "privacy", "accessibility")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_shows_the_merchants_words(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, page: str, language: str
) -> None:
    response = guest_client.get(f"/{page}/", headers={"Accept-Language": language})
    root = parse_page(response.content)

    paragraphs = [each.text for each in root.one("main").all("p")]
    for paragraph in merchant.pages[language][page]:
        assert paragraph in paragraphs
    assert response.cookies == {}
    assert sandbox.requests() == []


@pytest.mark.parametrize("page", PAGES)
def test_has_sound_words_where_the_merchant_has_none(merchant: Merchant, page: str) -> None:
    with serving(dataclasses.replace(merchant, pages={})):
        root = parse_page(Client().get(f"/{page}/").content)

    assert len(root.one("main").text) > 200
    assert root.one("main").all("h2")


@pytest.mark.parametrize("gifting", [True, False])
def test_says_what_is_kept_of_gifts_only_where_there_are_gifts(merchant: Merchant, gifting: bool) -> None:
    features = dataclasses.replace(merchant.features, gifting=gifting)
    with serving(dataclasses.replace(merchant, pages={}, features=features)):
        text = parse_page(Client().get("/privacy/").content).one("main").text

    assert ("Of a gift you send we keep" in text) is gifting


def test_falls_back_to_the_words_of_the_merchants_first_language(merchant: Merchant) -> None:
    pages = {"en": {"help": ("Only in <b>English</b>.",)}, "es": {"privacy": ("Sin seguimiento.",)}}
    with serving(dataclasses.replace(merchant, pages=pages)):
        text = parse_page(Client().get("/help/", headers={"Accept-Language": "es"}).content).text

    assert "Only in <b>English</b>." in text


def test_gives_each_page_a_title_of_its_own(guest_client: Client) -> None:
    titles = {title_of(parse_page(guest_client.get(f"/{page}/").content)) for page in PAGES}

    assert len(titles) == len(PAGES)


@pytest.mark.parametrize("path", ["/help/", "/privacy/", "/accessibility/", "/.well-known/security.txt"])
def test_sets_no_cookie(guest_client: Client, path: str) -> None:
    assert guest_client.get(path).cookies == {}
    assert guest_client.get(path).cookies == {}


def test_offers_help_in_the_same_place_on_every_page(guest_client: Client) -> None:
    for path in ("/", "/help/", "/privacy/", "/nowhere/"):
        header = parse_page(guest_client.get(path).content).one("header")
        assert header.all("a")[-1].attributes["href"] == "/help/"


def test_links_to_other_sites_over_https_only(guest_client: Client) -> None:
    for path in ("/", "/help/", "/privacy/", "/accessibility/"):
        page = parse_page(guest_client.get(path).content)
        for link in page.all("a"):
            assert re.match(r"https://|/|#|mailto:|tel:", link.attributes["href"]), link
        for loaded in page.all("script") + page.all("img"):
            assert loaded.attributes["src"].startswith("/")
        for sheet in page.all("link"):
            assert sheet.attributes["href"].startswith("/")


def test_names_whom_to_tell_about_a_weakness(guest_client: Client, merchant: Merchant) -> None:
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        response = guest_client.get("/.well-known/security.txt", secure=True)
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == merchant.security_contact
    assert fields["Canonical"] == "https://testserver/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en, es, fr"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", fields["Expires"])
    expires = datetime.fromisoformat(fields["Expires"])
    assert now + timedelta(days=30) < expires < now + timedelta(days=366)
    assert response.content.endswith(b"\n")


def test_has_no_security_txt_without_a_contact(merchant: Merchant) -> None:
    with serving(dataclasses.replace(merchant, security_contact=None)):
        assert Client().get("/.well-known/security.txt").status_code == 404


def test_asks_search_engines_for_the_entrance_only(guest_client: Client) -> None:
    for path, indexed in (("/", True), ("/help/", False), ("/nowhere/", False)):
        page = parse_page(guest_client.get(path).content)
        assert bool(page.all("meta", name="robots", content="noindex")) is not indexed
