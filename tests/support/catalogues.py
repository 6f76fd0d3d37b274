"""The message catalogues as they stand in the tree."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from babel.messages import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from tests.support.sandbox import REPOSITORY

LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES if code != "en")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def path_of(language: str, folder: Path = REPOSITORY) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


@cache
def catalogue_of(language: str, folder: Path = REPOSITORY) -> Catalog:
    with path_of(language, folder).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages_of(language: str) -> Iterator[Message]:
    """Every message except the header."""
    return (message for message in catalogue_of(language) if message.id)


def forms(words: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The one text of a message, or its plural forms."""
    return (words,) if isinstance(words, str) else tuple(words or ("",))
