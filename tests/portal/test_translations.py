"""The catalogues: complete, and in step with the source. Merchants' words are theirs."""

import ast
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.catalogues import LANGUAGES, catalogue_of, each_language, forms, messages_of, path_of
from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import run_python

INSTALL: Final = "apt-get install gettext"
PACKAGES: Final = ("accounts", "gifting", "guestportal")
MARKS: Final = frozenset(
    {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "npgettext"}
)

# Words of the house style that no language may bring back.
UNWANTED: Final = {
    "es": ("por favor", "inválid", "no válid", "ups", "tu ", "tus ", "vosotros"),
    "fr": ("s’il vous plaît", "veuillez", "invalide", "non valide", "oups", "tu ", "ton ", "tes "),
}


def placeholders(text: str) -> set[str]:
    """The names to be filled in; a lone percent sign counts as one, because formatting would trip over it."""
    return set(re.findall(r"%\(\w+\)s|%(?!%|\()", text.replace("%%", "")))


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]*>", text))


def test_offers_every_language_of_the_settings() -> None:
    assert {path.parent.parent.name for path in (REPOSITORY / "locale").glob("*/LC_MESSAGES/*.po")} == {
        *LANGUAGES
    }


@each_language
def test_translates_every_text(language: str) -> None:
    assert len(list(messages_of(language))) > 300
    assert [message.id for message in messages_of(language) if not all(forms(message.string))] == []
    assert [message.id for message in messages_of(language) if message.fuzzy] == []
    assert list(catalogue_of(language).obsolete) == []


@each_language
def test_repeats_no_english_sentence(language: str) -> None:
    alike = [message.id for message in messages_of(language) if message.id == message.string]
    texts = [text for each in alike for text in forms(each)]

    assert [
        text for text in texts if len(re.findall(r"[^\W\d_]{2,}", re.sub(r"%\(\w+\)s", "", str(text)))) > 1
    ] == []


@each_language
def test_has_a_form_for_every_plural(language: str) -> None:
    plurals = [message for message in messages_of(language) if message.pluralizable]

    assert len(plurals) > 3
    for message in plurals:
        assert len(forms(message.string)) == catalogue_of(language).num_plurals, message.id


@each_language
def test_keeps_placeholders_and_markup(language: str) -> None:
    for message in messages_of(language):
        sources = forms(message.id)
        translations = forms(message.string)
        for translation in translations:
            assert placeholders(translation) in [placeholders(source) for source in sources], message.id
            assert tags(translation) in [tags(source) for source in sources], message.id
        # The last form serves most numbers, so it names the number if English does.
        assert placeholders(translations[-1]) == placeholders(sources[-1]), message.id


@each_language
def test_follows_the_languages_own_typography(language: str) -> None:
    for message in messages_of(language):
        for text in forms(message.string):
            words = re.sub(r"<[^>]*>", "", text)
            assert "'" not in words, text
            assert not re.search(r"\s$|^\s|  ", words), text
            if language == "es":
                assert words.count("?") == words.count("¿"), text
                assert words.count("!") == words.count("¡"), text
            if language == "fr":
                assert not re.search("(?<!\u202f)[?!:;»]|«(?!\u202f)", words), text


@each_language
def test_keeps_the_tone_of_the_house(language: str) -> None:
    for message in messages_of(language):
        for text in forms(message.string):
            found = [word for word in UNWANTED[language] if re.search(rf"\b{word}", text, re.IGNORECASE)]
            assert not found, text


@each_language
def test_names_no_person_machine_or_moment(language: str) -> None:
    text = path_of(language).read_text(encoding="utf-8")
    header = re.findall(r'^"([\w-]+):', text, re.MULTILINE)

    assert header == [
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Plural-Forms",
    ]
    assert "#: " not in text
    assert "@" not in text


@each_language
def test_is_in_step_with_the_source(language: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if shutil.which("xgettext") is None:
        if os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}:
            pytest.fail(f"GNU gettext is required and missing: {INSTALL}", pytrace=False)
        pytest.skip(f"{request.node.originalname} needs GNU gettext: {INSTALL}")
    for name in (*PACKAGES, "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    path_of(language, tmp_path).parent.mkdir(parents=True)
    shutil.copy(REPOSITORY / "manage.py", tmp_path)

    made = run_python(
        *("manage.py", "makemessages", "--locale", language, "--no-location"),
        environment={"DEBUG": "true", "PATH": os.environ["PATH"]},
        folder=tmp_path,
    )

    assert made.returncode == 0, made.stderr
    in_source = {forms(message.id) for message in catalogue_of(language, tmp_path) if message.id}
    translated = {forms(message.id) for message in messages_of(language)}
    assert (in_source - translated, translated - in_source) == (set(), set()), "run `make messages`"


def test_marks_texts_where_xgettext_finds_them() -> None:
    """Texts in variables and inside f-strings are overlooked without a word."""
    translated = {forms(message.id)[0] for message in messages_of(LANGUAGES[0])}
    overlooked = []
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            overlooked += [
                f"{path.relative_to(REPOSITORY)}:{call.lineno}"
                for call in _marked_calls(ast.parse(path.read_text(encoding="utf-8")))
                if not (isinstance(call.args[0], ast.Constant) and call.args[0].value in translated)
            ]

    assert overlooked == []


def _marked_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield node
