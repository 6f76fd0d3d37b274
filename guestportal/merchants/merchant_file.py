"""The tables of a merchant file; `demo.toml` shows every key, and a test keeps it so.

A key has its default and its check here, or in `definition` where the portal uses a table as it is written. A table
with words may have tables below it, one per language ([card.es]): they are read as the field `by_language`.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import partial
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StrictFloat,
    StrictInt,
    ValidationInfo,
)

from guestportal.merchants.assets import Picture
from guestportal.merchants.colours import Colour
from guestportal.merchants.definition import (
    CardShape,
    Features,
    Gifts,
    Limits,
    Links,
    Locale,
    SignIn,
    SupportContacts,
    Table,
    WalletShape,
)
from guestportal.merchants.theme import DARK, DEFAULT_ACCENT, LIGHT, read_accent
from guestportal.merchants.values import (
    BaseUrl,
    Contact,
    Expected,
    Hint,
    Hosts,
    Language,
    Line,
    Message,
    Page,
    Switch,
    each_once,
    list_of,
    not_above,
    seconds,
)

BY_LANGUAGE: Final = "<language>"  # stands in pydantic's paths for the tables below, and in no file
_PAGES: Final = ("accessibility", "help", "privacy")
_KNOWN_MESSAGES: Final = (
    "invalid_status",
    "card_active",
    "card_suspended",
    "card_disabled",
    "card_exchanged",
    "card_terminated",
)
_MESSAGE_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_WALLET_CODE: Final = re.compile(r"0|[1-9][0-9]{0,17}")


def unknown_key(key: str, known: Iterable[str]) -> str:
    """The sentence for a key that means nothing, with the nearest one that does."""
    names = sorted(known)
    nearest = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    if nearest:
        return f'unknown key; the nearest known key is "{nearest[0]}"'
    return f"unknown key; known here: {', '.join(names)}"


def _wallet_code(key: object) -> int:
    if not (isinstance(key, str) and _WALLET_CODE.fullmatch(key)):
        raise ValueError("expected a wallet code, a whole number such as [wallets.5]")
    return int(key)


def _page(key: str) -> str:
    if key not in _PAGES:
        raise ValueError(unknown_key(key, _PAGES))
    return key


def _message_key(key: str) -> str:
    if not _MESSAGE_KEY.fullmatch(key):
        raise ValueError("expected a card status such as card_suspended, or an error code of Paytronix")
    # Of error codes there is no list, so a key is taken for a misspelt one only when it is very near.
    nearest = difflib.get_close_matches(key.lower(), _KNOWN_MESSAGES, n=1, cutoff=0.9)
    if nearest and key not in _KNOWN_MESSAGES:
        raise ValueError(f'expected a known key or another error code; this one is nearly "{nearest[0]}"')
    return key


def _dots_in_keys(table: object) -> object:
    """TOML reads an error code without quotes as a table in a table; it is taken as it was meant."""
    if not isinstance(table, dict):
        return table
    return {
        (f"{key}.{reason}" if reason else key): words
        for key, value in table.items()
        for reason, words in (value.items() if isinstance(value, dict) else [("", value)])
    }


def _apart_by_language(table: object) -> object:
    """A table with the tables below it moved into one."""
    if not isinstance(table, dict):
        return table
    below = {key: value for key, value in table.items() if isinstance(value, dict)}
    return {BY_LANGUAGE: below} | {key: value for key, value in table.items() if key not in below}


WalletCode = Annotated[int, BeforeValidator(_wallet_code)]
PageName = Annotated[str, AfterValidator(_page)]
MessageKey = Annotated[str, AfterValidator(_message_key)]
ApartByLanguage: Final = BeforeValidator(_apart_by_language)
_Seconds = Annotated[
    StrictFloat, seconds(0.1, 30), not_above("deadline_seconds"), Field(validate_default=True)
]


@dataclass(frozen=True, kw_only=True)
class PaytronixTable(Table):
    """How this merchant's Paytronix is reached, and how guests sign in there. `sandbox` decides about `base_url`."""

    sandbox: Switch = False
    base_url: BaseUrl
    merchant_id: Annotated[StrictInt, Expected("a whole number", lambda number: 1 <= number < 2**31)]
    sign_in: Annotated[
        tuple[Annotated[SignIn, Expected("card, oauth or guest", quotes=True)], ...],
        list_of("card, oauth and guest; a user name is tried in this order"),
        each_once("way to sign in"),
    ]
    deadline_seconds: Annotated[StrictFloat, seconds(0.5, 60)] = 10.0
    connect_timeout_seconds: _Seconds = 3.0
    read_timeout_seconds: _Seconds = 8.0


@dataclass(frozen=True, kw_only=True)
class CardWordsTable(Table):
    """The words beside the card form, in the default language or in that of [card.es]."""

    number_label: Line | None = None
    number_hint: Hint | None = None
    code_label: Line | None = None
    code_hint: Hint | None = None
    picture_text: Hint | None = None


@dataclass(frozen=True, kw_only=True)
class CardTable(CardShape, CardWordsTable):
    """What cards look like, and the merchant's words for it."""

    picture: Picture | None = None
    by_language: Annotated[dict[Language, CardWordsTable], Field(alias=BY_LANGUAGE)]


@dataclass(frozen=True, kw_only=True)
class ThemeTable(Table):
    """The brand's colour, refused where it is hard to read, and the logo."""

    accent: Annotated[Colour, PlainValidator(partial(read_accent, scheme=LIGHT))] = DEFAULT_ACCENT
    accent_dark: Annotated[Colour, PlainValidator(partial(read_accent, scheme=DARK))] | None = None
    logo: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class WalletWordsTable(Table):
    """What a wallet is called, in the default language or in that of [wallets.7.es]."""

    label: Line | None = None


@dataclass(frozen=True, kw_only=True)
class WalletTable(WalletShape, WalletWordsTable):
    """How one wallet is shown, and what it is called."""

    by_language: Annotated[dict[Language, WalletWordsTable], Field(alias=BY_LANGUAGE)]


@dataclass(frozen=True, kw_only=True)
class SupportWordsTable(Table):
    """When a person can be reached, in the default language or in that of [support.es]."""

    hours: Hint | None = None


def _of_a_contact(hours: str, info: ValidationInfo) -> str:
    if [info.data.get(key, "wrong") for key in ("phone", "email")] == [None, None]:
        raise ValueError("expected with a phone or an email, whose hours they are")
    return hours


@dataclass(frozen=True, kw_only=True)
class SupportTable(SupportWordsTable, SupportContacts):
    """Where a guest reaches a person, and when."""

    hours: Annotated[Hint, AfterValidator(_of_a_contact)] | None = None
    by_language: Annotated[dict[Language, SupportWordsTable], Field(alias=BY_LANGUAGE)]


@dataclass(frozen=True, kw_only=True)
class SecurityTable(Table):
    """For /.well-known/security.txt."""

    contact: Contact | None = None


@dataclass(frozen=True, kw_only=True)
class MerchantFile(Table):
    """The whole file. A table that it lacks is read as an empty one."""

    name: Line
    hosts: Hosts
    paytronix: PaytronixTable
    card: Annotated[CardTable, ApartByLanguage]
    theme: ThemeTable
    locale: Locale
    wallets: dict[WalletCode, Annotated[WalletTable, ApartByLanguage]]
    messages: dict[Language, Annotated[dict[MessageKey, Message], BeforeValidator(_dots_in_keys)]]
    pages: dict[Language, dict[PageName, Page]]
    features: Features
    gifts: Gifts
    links: Links
    support: Annotated[SupportTable, ApartByLanguage]
    limits: Limits
    security: SecurityTable


TABLES: Final = tuple(each.name for each in fields(MerchantFile) if each.name not in {"name", "hosts"})
