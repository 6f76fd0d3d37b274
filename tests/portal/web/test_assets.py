"""The merchant's files: own digests and names only, kept for ever, and a stylesheet that follows the palette."""

import dataclasses

import pytest
from django.test import Client
from pytest_django import Settings

from guestportal.merchants.definition import Asset, Merchant
from guestportal.web.stylesheet import stylesheet_for
from tests.conftest import serving
from tests.support.pages import parse_page

pytestmark = pytest.mark.django_db

IMMUTABLE = "public, max-age=31536000, immutable"


def test_serves_logo_and_card_picture_under_their_own_addresses(
    guest_client: Client, merchant: Merchant
) -> None:
    for asset in (merchant.theme.logo, merchant.card.picture):
        assert asset
        response = guest_client.get(f"/assets/{asset.digest}/{asset.name}")
        assert response.status_code == 200
        assert response.content == asset.content
        assert response.headers["Content-Type"] == asset.content_type
        assert response.headers["Cache-Control"] == IMMUTABLE
        assert response.cookies == {}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/{digest}/demo.toml",
        "/assets/{digest}/card-back.svg",
        "/assets/{digest}/",
        "/assets/0000000000000000/logo.svg",
        "/assets/{digest}/logo.svg/",
        "/assets/{digest}/..%2fdemo.toml",
        "/assets/{digest}/../demo.toml",
        "/assets/../logo.svg",
        "/assets/{digest}/LOGO.SVG",
        "/assets/{digest}/site.css",
        "/assets//site.css",
    ],
)
def test_serves_nothing_else(guest_client: Client, merchant: Merchant, path: str) -> None:
    assert merchant.theme.logo

    response = guest_client.get(path.format(digest=merchant.theme.logo.digest))

    assert response.status_code == 404
    assert "no-store" in response.headers["Cache-Control"]


def test_serves_no_other_merchants_files(merchant: Merchant, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    other_logo = Asset(
        name="logo.svg", content_type="image/svg+xml", content=b"<svg/>", digest="ab12cd34ab12cd34"
    )
    red = dataclasses.replace(merchant.theme.light, accent="#b00020")
    theme = dataclasses.replace(merchant.theme, logo=other_logo, light=red)
    first = dataclasses.replace(merchant, slug="first", hosts=("a.example",))
    second = dataclasses.replace(merchant, slug="second", hosts=("b.example",), theme=theme)
    assert first.theme.logo
    with serving(first, second):
        own, strange = Client(headers={"Host": "b.example"}), Client(headers={"Host": "a.example"})
        for path in (
            f"/assets/{other_logo.digest}/logo.svg",
            f"/assets/{stylesheet_for(second).digest}/site.css",
        ):
            assert own.get(path).status_code == 200
            assert strange.get(path).status_code == 404


def test_changes_the_stylesheets_address_with_the_palette(merchant: Merchant) -> None:
    addresses = set()
    for accent in ("#123456", "#b00020"):
        for scheme in ("light", "dark"):
            palette = dataclasses.replace(merchant.theme.light, accent=accent)
            theme = (
                dataclasses.replace(merchant.theme, light=palette)
                if scheme == "light"
                else dataclasses.replace(merchant.theme, dark=palette)
            )
            changed = dataclasses.replace(merchant, theme=theme)
            with serving(changed):
                client = Client()
                (sheet,) = parse_page(client.get("/").content).all("link", rel="stylesheet")
                addresses.add(sheet.attributes["href"])
                response = client.get(sheet.attributes["href"])
            assert response.headers["Cache-Control"] == IMMUTABLE
            assert response.headers["Content-Type"] == "text/css; charset=utf-8"
            assert accent in response.content.decode()

    assert len(addresses) == 4


def test_asks_for_one_stylesheet_and_the_merchants_icon(guest_client: Client, merchant: Merchant) -> None:
    page = parse_page(guest_client.get("/").content)
    assert merchant.theme.logo

    assert len(page.all("link", rel="stylesheet")) == 1
    assert page.one("link", rel="icon").attributes["href"].endswith(merchant.theme.logo.name)


def test_does_without_pictures(merchant: Merchant) -> None:
    bare = dataclasses.replace(
        merchant,
        theme=dataclasses.replace(merchant.theme, logo=None),
        card=dataclasses.replace(merchant.card, picture=None),
    )
    with serving(bare):
        page = parse_page(Client().get("/").content)

    assert merchant.name in page.one("header").text
    assert page.all("img") == []
    assert merchant.card.words["en"].picture_text in page.text
