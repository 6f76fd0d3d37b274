"""Reads merchant files into `Merchant` objects, or refuses them with every problem at once."""

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
from babel.core import get_global
from babel.numbers import list_currencies

from guestportal.merchants import addresses, toml_file
from guestportal.merchants.assets import read_asset
from guestportal.merchants.colours import parse_colour
from guestportal.merchants.credentials import read_credentials, variable
from guestportal.merchants.decoding import decode_merchant, read_document
from guestportal.merchants.definition import (
    CardFormat,
    Features,
    Limits,
    Links,
    Locale,
    Merchant,
    SignIn,
    Support,
    Theme,
    Unit,
    WalletSetting,
)
from guestportal.merchants.problems import MerchantFilesWrong, Place, Problem
from guestportal.merchants.registry import Registry
from guestportal.merchants.theme import DEFAULT_ACCENT, derive_palettes
from guestportal.merchants.wording import card_words, distinct
from guestportal.paytronix.integration import Integration

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_SLUG: Final = 40
_TERRITORIES: Final = frozenset(code for code in get_global("territory_currencies") if code.isalpha())


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
    slug = path.stem
    if not _SLUG.fullmatch(slug) or len(slug) > _MAX_SLUG:
        place.wrong(
            f"expected a file name of at most {_MAX_SLUG} lower-case letters, digits and single hyphens"
        )
        return _Reading(place)
    document = read_document(path, place)
    if document is None:
        return _Reading(place)
    before = len(found)
    table = decode_merchant(document, place, languages=languages)
    hosts = _hosts(table, place.at("hosts"))
    integration = _integration(slug, table.paytronix, environ, place)
    locale = _locale(table.locale, place.at("locale"), languages)
    card = _card(table, locale, path.parent, place.at("card"))
    theme = _theme(table.theme, path.parent, place.at("theme"))
    wallets = _wallets(table, locale, place)
    links = _links(table.links, place.at("links"))
    limits = _limits(table.limits, place.at("limits"))
    support = _support(table, locale, place.at("support"))
    contact = addresses.read_contact(table.security.contact, place.at("security").at("contact"))
    sign_in = _sign_in(table.paytronix.sign_in or (), place.at("paytronix").at("sign_in"))
    if len(found) > before or not (table.name and integration and theme):
        return _Reading(place, hosts)
    return _Reading(
        place,
        hosts,
        Merchant(
            slug=slug,
            name=table.name,
            hosts=hosts,
            integration=integration,
            sandbox=table.paytronix.sandbox,
            sign_in=sign_in,
            card=card,
            theme=theme,
            locale=locale,
            wallets=wallets,
            messages=_messages(table.messages),
            pages=_pages(table.pages),
            features=_features(table.features, sign_in),
            links=links,
            support=support,
            limits=limits,
            security_contact=contact,
            source=path,
        ),
    )


def _hosts(table: toml_file.MerchantTable, place: Place) -> tuple[str, ...]:
    hosts: list[str] = []
    for index, written in enumerate(table.hosts):
        host = addresses.read_host(written, place.item(index))
        if host in hosts:
            place.item(index).wrong(f'expected each host once, "{host}" stands here twice')
        elif host:
            hosts.append(host)
    return tuple(hosts)


def _integration(
    slug: str, table: toml_file.PaytronixTable, environ: Mapping[str, str], place: Place
) -> Integration | None:
    at = place.at("paytronix")
    credentials = read_credentials(slug, environ, place, sandbox=table.sandbox)
    override_name = variable(slug, "BASE_URL")
    base_url = None
    if table.base_url is not None:
        base_url = addresses.read_base_url(table.base_url, at.at("base_url"), sandbox=table.sandbox)
    if override := environ.get(override_name):
        base_url = addresses.read_base_url(override, place.at(override_name), sandbox=table.sandbox)
    for key in ("connect_timeout_seconds", "read_timeout_seconds"):
        seconds = getattr(table, key)
        if seconds > table.deadline_seconds:
            at.at(key).wrong(
                f"expected at most deadline_seconds, {table.deadline_seconds:g}, got {seconds:g}"
            )
    if base_url is None or credentials is None or table.merchant_id is None:
        return None
    return Integration(
        slug=slug,
        base_url=base_url,
        merchant_id=table.merchant_id,
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        connect_timeout_seconds=table.connect_timeout_seconds,
        read_timeout_seconds=table.read_timeout_seconds,
        deadline_seconds=table.deadline_seconds,
    )


def _sign_in(ways: tuple[SignIn, ...], place: Place) -> tuple[SignIn, ...]:
    if len(set(ways)) < len(ways):
        place.wrong("expected each way to sign in once")
    return ways


def _locale(table: toml_file.LocaleTable, place: Place, languages: tuple[str, ...]) -> Locale:
    """The locale; a part with a problem is replaced by its default, so that the rest can be checked."""
    offered = tuple(dict.fromkeys(table.languages))
    if len(offered) < len(table.languages):
        place.at("languages").wrong("expected each language once")
    for index, language in enumerate(table.languages):
        if language not in languages:
            place.at("languages").item(index).wrong(
                f"expected a language of the portal ({', '.join(languages)})"
            )
    try:
        time_zone = zoneinfo.ZoneInfo(table.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        place.at("time_zone").wrong("expected a time zone such as America/New_York")
        time_zone = zoneinfo.ZoneInfo("UTC")
    if table.territory is not None and table.territory not in _TERRITORIES:
        place.at("territory").wrong("expected a country code such as US")
    if table.currency is not None and table.currency not in list_currencies():
        place.at("currency").wrong("expected a currency code such as USD")
    return Locale(languages=offered, time_zone=time_zone, territory=table.territory, currency=table.currency)


def _card(table: toml_file.MerchantTable, locale: Locale, directory: Path, place: Place) -> CardFormat:
    return CardFormat(
        number_lengths=distinct(table.card.number_lengths),
        number_has_letters=table.card.number_letters,
        code_lengths=distinct(table.card.code_lengths),
        picture=read_asset(table.card.picture, directory, place.at("picture")),
        words=MappingProxyType(card_words(table.card, table.card_words, locale.languages)),
    )


def _theme(table: toml_file.ThemeTable, directory: Path, place: Place) -> Theme | None:
    logo = read_asset(table.logo, directory, place.at("logo"))
    palettes = derive_palettes(
        parse_colour(table.accent) if table.accent else DEFAULT_ACCENT,
        parse_colour(table.accent_dark) if table.accent_dark else None,
        place,
    )
    if palettes is None:
        return None
    light, dark = palettes
    return Theme(light=light, dark=dark, logo=logo)


def _wallets(merchant: toml_file.MerchantTable, locale: Locale, place: Place) -> Mapping[int, WalletSetting]:
    for code, table in merchant.wallets.items():
        if table.unit is Unit.MONEY and locale.currency is None:
            place.at("wallets").at(str(code)).at("unit").wrong(
                '"money" expects locale.currency, which is missing'
            )
    return MappingProxyType(
        {
            code: WalletSetting(
                unit=table.unit,
                labels=_in_languages(
                    table.label,
                    {key: words.label for key, words in merchant.wallet_words[code].items()},
                    locale,
                ),
                hidden=table.hidden,
            )
            for code, table in merchant.wallets.items()
        }
    )


def _messages(tables: Mapping[str, toml_file.Messages]) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(
        {
            language: MappingProxyType({key: _on_one_line(words) for key, words in table.items()})
            for language, table in tables.items()
        }
    )


def _pages(tables: Mapping[str, toml_file.PagesTable]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    pages = {}
    for language, table in tables.items():
        written = {"help": table.help, "privacy": table.privacy, "accessibility": table.accessibility}
        pages[language] = MappingProxyType(
            {name: _paragraphs(text) for name, text in written.items() if text}
        )
    return MappingProxyType(pages)


def _features(table: toml_file.FeaturesTable, sign_in: tuple[SignIn, ...]) -> Features:
    return Features(
        card_form=table.card_form and SignIn.CARD in sign_in,
        gifting=table.gifting,
        send_with_card=table.send_with_card,
        send_reference=table.send_reference,
        send_to_account=table.send_to_account,
    )


def _links(table: toml_file.LinksTable, place: Place) -> Links:
    return Links(
        home=addresses.read_link(table.home, place.at("home")),
        order=addresses.read_link(table.order, place.at("order")),
        reload=addresses.read_link(table.reload, place.at("reload")),
        buy=addresses.read_link(table.buy, place.at("buy")),
        terms=addresses.read_link(table.terms, place.at("terms")),
        privacy=addresses.read_link(table.privacy, place.at("privacy")),
    )


def _support(merchant: toml_file.MerchantTable, locale: Locale, place: Place) -> Support:
    table = merchant.support
    if table.hours and not (table.phone or table.email):
        place.at("hours").wrong("expected with a phone or an email, whose hours they are")
    others = {key: words.hours for key, words in merchant.support_words.items()}
    return Support(phone=table.phone, email=table.email, hours=_in_languages(table.hours, others, locale))


def _in_languages(default: str | None, others: Mapping[str, str | None], locale: Locale) -> Mapping[str, str]:
    """The words for every offered language that has any: its own, else those of the default one."""
    words = {language: others.get(language) or default for language in locale.languages}
    return MappingProxyType({language: _on_one_line(text) for language, text in words.items() if text})


def _limits(table: toml_file.LimitsTable, place: Place) -> Limits:
    for session in ("card", "guest"):
        idle, absolute = (
            getattr(table, f"{session}_idle_seconds"),
            getattr(table, f"{session}_absolute_seconds"),
        )
        if idle > absolute:
            place.at(f"{session}_idle_seconds").wrong(
                f"expected at most {session}_absolute_seconds, {absolute}, got {idle}"
            )
    return Limits(**msgspec.structs.asdict(table))


def _paragraphs(text: str) -> tuple[str, ...]:
    """The text's paragraphs, which blank lines part; the breaks inside them are spaces."""
    return tuple(_on_one_line(part) for part in re.split(r"\n[ \t]*\n", text) if part.strip())


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
