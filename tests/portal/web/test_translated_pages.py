"""No page says in English what its language's catalogue could say."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.conf import settings
from django.test import Client, override_settings

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED, Card
from tests.conftest import serving
from tests.support.catalogues import LANGUAGES, catalogue_of, each_language, forms, messages_of, path_of
from tests.support.pages import Element, parse_page
from tests.support.plain_browser import sign_in_with_card, submit


@pytest.fixture
def catalogues(tmp_path: Path) -> Iterator[None]:
    """The catalogues as they stand in the tree, compiled for this test alone."""
    for language in LANGUAGES:
        target = path_of(language, tmp_path).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, catalogue_of(language))
    with override_settings(LOCALE_PATHS=[tmp_path / "locale"]):
        yield


def speak(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def said(root: Element) -> set[str]:
    """Every run of words that is ours: not what Paytronix sent, nor what is marked as another language."""
    foreign = {text for tag in ("bdi", "blockquote") for each in root.all(tag) if len(text := each.text) > 1}
    runs = set()
    for element in root.all():
        runs |= {value for name, value in element.attributes.items() if _is_said(element, name, value)}
        if not _is_of_others(element):
            runs |= {child for child in element.children if isinstance(child, str)}
    ours = set()
    for run in runs:
        text = " ".join(run.split())
        without = text
        for name in sorted(foreign, key=len, reverse=True):
            without = without.replace(name, "")
        if re.search(r"[^\W\d_]{2}", without):
            ours.add(text)
    return ours


def _is_said(element: Element, name: str, value: str) -> bool:
    if name == "content":
        return element.attributes.get("name") == "description"
    return name in {"alt", "aria-label", "title"} or (name.startswith("data-") and value[:1].isupper())


def _is_of_others(element: Element | None) -> bool:
    while element is not None and element.name != "html":
        if element.name in {"bdi", "blockquote"} or {"lang", "translate"} & element.attributes.keys():
            return True
        element = element.parent
    return False


def left_over(merchant: Merchant, language: str, english: Element, other: Element) -> set[str]:
    """What both pages say alike though the catalogue does not."""
    alike = {
        text for message in messages_of(language) for text in forms(message.id) if text == message.string
    }
    return (said(english) & said(other)) - alike - {merchant.name, merchant.support.email}


@pytest.mark.django_db
@each_language
@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/?ended=1", "/help/", "/privacy/", "/accessibility/", "/no/"]
)
@pytest.mark.usefixtures("catalogues")
def test_says_nothing_in_english_before_sign_in(merchant: Merchant, language: str, path: str) -> None:
    with serving(dataclasses.replace(merchant, pages={})):  # so that the portal's own words show
        english = parse_page(speak(Client(), "en").get(path).content)
        other = parse_page(speak(Client(), language).get(path).content)

    assert len(left_over(merchant, language, english, english)) > 5
    assert left_over(merchant, language, english, other) == set()


@pytest.mark.django_db
@each_language
@pytest.mark.parametrize("card", [RICH, SEED], ids=lambda card: card.nickname)
@pytest.mark.usefixtures("catalogues")
def test_says_nothing_in_english_after_sign_in(
    guest_client: Client, merchant: Merchant, language: str, card: Card
) -> None:
    sign_in_with_card(guest_client, card.number, card.code)
    for path in ("/balance/", "/gifts/", "/history/", "/history/?status=ACCEPTED"):
        english = parse_page(speak(guest_client, "en").get(path).content)
        other = parse_page(speak(guest_client, language).get(path).content)

        assert len(left_over(merchant, language, english, english)) > 10, path
        assert left_over(merchant, language, english, other) == set(), path


@pytest.mark.django_db
@each_language
@pytest.mark.usefixtures("catalogues")
def test_says_nothing_in_english_about_an_error(
    guest_client: Client, merchant: Merchant, language: str
) -> None:
    pages = {}
    for spoken in ("en", language):
        response = submit(speak(guest_client, spoken), "/", {"card_number": "12ab", "registration_code": ""})
        assert response.status_code == 422
        pages[spoken] = parse_page(response.content)

    assert left_over(merchant, language, pages["en"], pages[language]) == set()
