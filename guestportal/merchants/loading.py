"""Reads merchant files into `Merchant` objects, or refuses them with every problem at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from guestportal.merchants.addresses import read_base_url
from guestportal.merchants.decoding import decode, read_document
from guestportal.merchants.definition import (
    CardFormat,
    Locale,
    Merchant,
    SignIn,
    Support,
    Theme,
    WalletSetting,
)
from guestportal.merchants.integration_credentials import Credentials, read_credentials, variable
from guestportal.merchants.merchant_file import MerchantFile
from guestportal.merchants.problems import MerchantFilesWrong, Place, Problem
from guestportal.merchants.registry import Registry
from guestportal.merchants.theme import derive_palettes
from guestportal.merchants.values import Surroundings
from guestportal.merchants.wording import card_words
from guestportal.paytronix.integration import Integration

_T = TypeVar("_T")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG: Final = 40


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of one file: its hosts even when it is otherwise wrong, so that doubles are found."""

    place: Place
    hosts: tuple[str, ...] = ()
    merchant: Merchant | None = None


def load_merchants(directory: Path, environ: Mapping[str, str], *, languages: tuple[str, ...]) -> Registry:
    """All merchants of a directory's `*.toml` files. Raises MerchantFilesWrong with all problems of all.

    `languages` are the codes the portal has; credentials come from `environ` (docs/architecture.md, section 4).
    """
    found: list[Problem] = []
    paths = sorted(directory.glob("*.toml")) if directory.is_dir() else []
    if not paths:
        Place("MERCHANTS_DIR", found).wrong(
            f"expected a directory with a .toml file for each merchant: {directory}"
        )
    readings = [_read(path, environ, found, languages) for path in paths]
    _note_shared_hosts(readings)
    if found:
        raise MerchantFilesWrong(found)
    return Registry(reading.merchant for reading in readings if reading.merchant)


def _note_shared_hosts(readings: list[_Reading]) -> None:
    owners: dict[str, str] = {}
    for reading in readings:
        for host in reading.hosts:
            owner = owners.setdefault(host, reading.place.file)
            if owner != reading.place.file:
                reading.place.at("hosts").wrong(f'expected hosts of its own, "{host}" belongs to {owner}')


def _read(
    path: Path, environ: Mapping[str, str], found: list[Problem], languages: tuple[str, ...]
) -> _Reading:
    place = Place(path.name, found)
    if not _SLUG.fullmatch(path.stem) or len(path.stem) > _MAX_SLUG:
        place.wrong(
            f"expected a file name of at most {_MAX_SLUG} lower-case letters, digits and single hyphens"
        )
        return _Reading(place)
    document = read_document(path, place)
    if document is None:
        return _Reading(place)
    surroundings = Surroundings(
        languages=languages, directory=path.parent, has_currency="currency" in _table(document, "locale")
    )
    file = decode(document, place, surroundings)
    sandbox = _table(document, "paytronix").get("sandbox") is True
    credentials = read_credentials(path.stem, environ, place, sandbox=sandbox)
    base_url = _base_url_of(path.stem, environ, place, sandbox=sandbox)
    merchant = _merchant(path, file, credentials, base_url) if file and credentials else None
    return _Reading(place, _claimed_hosts(document), merchant)


def _table(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = document.get(key)
    return table if isinstance(table, dict) else {}


def _claimed_hosts(document: Mapping[str, object]) -> tuple[str, ...]:
    hosts = document.get("hosts")
    return tuple(host.lower() for host in hosts if isinstance(host, str)) if isinstance(hosts, list) else ()


def _base_url_of(slug: str, environ: Mapping[str, str], place: Place, *, sandbox: bool) -> str | None:
    """The base URL that the environment puts in the place of the file's, if any."""
    name = variable(slug, "BASE_URL")
    if written := environ.get(name):
        try:
            return read_base_url(written, sandbox=sandbox)
        except ValueError as error:
            place.at(name).wrong(str(error))
    return None


def _merchant(path: Path, file: MerchantFile, credentials: Credentials, base_url: str | None) -> Merchant:
    light, dark = derive_palettes(file.theme.accent, file.theme.accent_dark)
    locale, paytronix = file.locale, file.paytronix
    card_form = file.features.card_form and SignIn.CARD in paytronix.sign_in
    return Merchant(
        slug=path.stem,
        name=file.name,
        hosts=file.hosts,
        integration=_with(
            Integration,
            paytronix,
            slug=path.stem,
            base_url=base_url or paytronix.base_url,
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
        ),
        sandbox=paytronix.sandbox,
        sign_in=paytronix.sign_in,
        card=_with(CardFormat, file.card, words=MappingProxyType(card_words(file.card, locale.languages))),
        theme=Theme(light=light, dark=dark, logo=file.theme.logo),
        locale=locale,
        wallets=MappingProxyType(
            {
                code: _with(WalletSetting, wallet, labels=_in_languages("label", wallet, locale))
                for code, wallet in file.wallets.items()
            }
        ),
        messages=_fixed(file.messages),
        pages=_fixed(
            {
                language: {name: _paragraphs(text) for name, text in pages.items()}
                for language, pages in file.pages.items()
            }
        ),
        features=replace(file.features, card_form=card_form),
        gifts=file.gifts,
        links=file.links,
        support=_with(Support, file.support, hours=_in_languages("hours", file.support, locale)),
        limits=file.limits,
        security_contact=file.security.contact,
        source=path,
    )


def _with(kind: type[_T], table: object, **others: object) -> _T:
    """A dataclass with the values that the file's table has under the names of its fields, and `others`."""
    names = {each.name for each in fields(kind)} - others.keys()  # type: ignore[arg-type]  # a dataclass
    return kind(**{name: getattr(table, name) for name in names}, **others)


def _in_languages(key: str, table: Any, locale: Locale) -> Mapping[str, str]:
    """The words for every offered language that has any: its own, else those of the default one."""
    words = {
        language: getattr(table.by_language.get(language), key, None) or getattr(table, key)
        for language in locale.languages
    }
    return MappingProxyType({language: text for language, text in words.items() if text})


def _paragraphs(text: str) -> tuple[str, ...]:
    """The text's paragraphs, which blank lines part; the breaks inside them are spaces."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text) if part.strip())


def _fixed(tables: Mapping[str, Mapping[str, _T]]) -> Mapping[str, Mapping[str, _T]]:
    """Mappings by language, read-only at both levels."""
    return MappingProxyType({language: MappingProxyType(table) for language, table in tables.items()})
