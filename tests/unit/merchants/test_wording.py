"""The words beside the card form: the merchant's where it has some, else the portal's in each language."""

from pathlib import Path

import pytest
from django.conf import settings

from guestportal.merchants.definition import CardWords
from guestportal.merchants.wording import lengths_in_words
from tests.support.merchant_files import LANGUAGES, merchant


def words(directory: Path, changes: dict[str, str | None]) -> dict[str, CardWords]:
    offered = {"locale.languages": '["en", "es", "fr"]'}
    return dict(merchant(directory, {**offered, **changes}).card.words)


def test_every_language_of_the_portal_has_its_own_words(tmp_path: Path) -> None:
    found = words(tmp_path, {})

    assert set(found) == {code for code, _name in settings.LANGUAGES} == set(LANGUAGES)
    assert len({one.number_label for one in found.values()}) == len(found)


def test_only_offered_languages_have_words(tmp_path: Path) -> None:
    assert list(merchant(tmp_path, {"locale.languages": '["fr"]'}).card.words) == ["fr"]


def test_the_merchants_word_holds_in_every_language(tmp_path: Path) -> None:
    found = words(tmp_path, {"card.code_label": '"PIN"'})

    assert {one.code_label for one in found.values()} == {"PIN"}


def test_a_word_of_one_language_holds_there_only(tmp_path: Path) -> None:
    found = words(tmp_path, {"card.code_label": '"PIN"', "card.es.code_label": '"Clave"'})

    assert (found["en"].code_label, found["es"].code_label, found["fr"].code_label) == ("PIN", "Clave", "PIN")


def test_repeating_the_portals_own_word_leaves_the_translations(tmp_path: Path) -> None:
    found = words(tmp_path, {"card.number_label": '"Card number"'})

    assert found["es"].number_label == "Número de tarjeta"


def test_a_language_without_words_has_those_of_the_first(tmp_path: Path) -> None:
    found = merchant(tmp_path, {"locale.languages": '["fr", "es"]'})

    assert found.card_words("es") is found.card.words["es"]
    assert found.card_words("de") is found.card.words["fr"]


def test_a_page_without_paragraphs_has_those_of_the_first_language(tmp_path: Path) -> None:
    offered = {"locale.languages": '["fr", "es"]', "pages.fr.help": '"Oui."', "pages.es.help": '"Sí."'}
    found = merchant(tmp_path, offered)

    assert (found.paragraphs("help", "es"), found.paragraphs("help", "de")) == (("Sí.",), ("Oui.",))
    assert found.paragraphs("privacy", "es") == ()


def test_hints_tell_the_lengths(tmp_path: Path) -> None:
    found = words(tmp_path, {"card.number_lengths": "[14, 16]", "card.code_lengths": "[6]"})

    assert found["en"].number_hint == "The 14 or 16 digits on your card; spaces do not matter."
    assert found["en"].code_hint == "The 6 characters printed near the card number."
    assert found["es"].number_hint.startswith("Los 14 o 16 dígitos")


def test_hints_speak_of_letters_where_numbers_hold_some(tmp_path: Path) -> None:
    found = words(tmp_path, {"card.number_letters": "true"})

    assert all(
        word in found[code].number_hint
        for code, word in (("en", "letters"), ("es", "letras"), ("fr", "lettres"))
    )


@pytest.mark.parametrize(
    ("lengths", "language", "expected"),
    [
        ((16,), "en", "16"),
        ((14, 16), "en", "14 or 16"),
        ((15, 16), "en", "15 or 16"),
        ((10, 13, 16), "fr", "10, 13 ou 16"),
        ((4, 5, 6), "es", "4 a 6"),
        ((4, 5, 6), "xx", "4 to 6"),
    ],
)
def test_lengths_are_put_into_words(lengths: tuple[int, ...], language: str, expected: str) -> None:
    assert lengths_in_words(lengths, language) == expected
