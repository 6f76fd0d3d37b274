"""Turns a TOML document into `MerchantTable`, and pins every misfit to its key instead of stopping at one."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Meta, UnsetType

from guestportal.merchants import toml_file
from guestportal.merchants.problems import Place

_T = TypeVar("_T", bound=toml_file.Table)
_Words = TypeVar("_Words", bound=toml_file.Table)

_MAX_FILE_BYTES: Final = 256 * 1024
_MAX_QUOTED: Final = 60
_WALLET_CODE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_NO_KEYS: Final = frozenset({"card_words", "wallet_words", "support_words"})
_KNOWN_MESSAGES: Final = (
    "invalid_status",
    "card_active",
    "card_suspended",
    "card_disabled",
    "card_exchanged",
)
_MESSAGE_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def read_document(path: Path, place: Place) -> dict[str, object] | None:
    """The parsed TOML file, or None with a problem noted when it cannot be read."""
    try:
        content = path.read_bytes()
        if len(content) > _MAX_FILE_BYTES:
            place.wrong(f"expected a file of at most {_MAX_FILE_BYTES // 1024} KiB")
            return None
        # Editors on Windows put a byte order mark first, which TOML does not know.
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        place.wrong(f"cannot be read: {error.strerror or 'the system gave no reason'}")
    except UnicodeDecodeError:
        place.wrong("expected UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        place.wrong(f"expected TOML: {error}")
    except (ValueError, RecursionError):  # digits or brackets without end
        place.wrong("expected TOML without numbers of thousands of digits and without endless nesting")
    return None


def decode_merchant(
    document: Mapping[str, object], place: Place, *, languages: tuple[str, ...]
) -> toml_file.MerchantTable:
    """The file's values by type; a key that cannot be read keeps its default and is noted as a problem."""
    tables = dict(document)
    values: dict[str, object] = {}
    values["card"], values["card_words"] = _worded(
        tables.pop("card", {}), toml_file.CardTable, toml_file.CardWordsTable, place.at("card"), languages
    )
    values["support"], values["support_words"] = _worded(
        tables.pop("support", {}),
        toml_file.SupportTable,
        toml_file.SupportWordsTable,
        place.at("support"),
        languages,
    )
    wallets = {
        code: _worded(value, toml_file.WalletTable, toml_file.WalletWordsTable, at, languages)
        for code, value, at in _by_wallet(tables.pop("wallets", {}), place.at("wallets"))
    }
    values["wallets"] = {code: wallet for code, (wallet, _words) in wallets.items()}
    values["wallet_words"] = {code: words for code, (_wallet, words) in wallets.items()}
    values["messages"] = {
        key: _messages(value, at)
        for key, value, at in _by_language(tables.pop("messages", {}), place.at("messages"), languages)
    }
    values["pages"] = {
        key: _table(value, toml_file.PagesTable, at)
        for key, value, at in _by_language(tables.pop("pages", {}), place.at("pages"), languages)
    }
    decoded = _table(tables, toml_file.MerchantTable, place, hidden=_NO_KEYS)
    _note_missing(document, place)
    return msgspec.structs.replace(decoded, **values)


def _worded(
    table: object, into: type[_T], words: type[_Words], place: Place, languages: tuple[str, ...]
) -> tuple[_T, dict[str, _Words]]:
    """A table whose words may stand in tables below it, one per language."""
    if not isinstance(table, dict):
        return _table(table, into, place), {}
    own = {key: value for key, value in table.items() if not isinstance(value, dict)}
    by_language = {key: value for key, value in table.items() if isinstance(value, dict)}
    return _table(own, into, place), {
        key: _table(value, words, at) for key, value, at in _by_language(by_language, place, languages)
    }


def _table(table: object, into: type[_T], place: Place, *, hidden: frozenset[str] = frozenset()) -> _T:
    """`table` as `into`. `hidden` are fields that are no keys of the file."""
    hints = {
        name: hint for name, hint in get_type_hints(into, include_extras=True).items() if name not in hidden
    }
    values: dict[str, object] = {}
    for key, value, at in _entries(table, place):
        hint = hints.get(key)
        if hint is None:
            at.wrong(_unknown(key, hints))
        elif isinstance(hint, type) and issubclass(hint, toml_file.Table):
            values[key] = _table(value, hint, at)
        elif (converted := _value(value, hint, at)) is not UNSET:
            values[key] = converted
    return into(**values)


def _value(value: object, hint: object, place: Place) -> object | UnsetType:
    """`value` as the type `hint`, or UNSET with a problem noted."""
    try:
        return msgspec.convert(value, hint)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        element = re.search(r"at `\$\[(\d+)\]`\Z", str(error))
        if element and isinstance(value, list):
            index = int(element[1])
            place.item(index).wrong(_misfit(value[index], _element(hint)))
        else:
            place.wrong(_misfit(value, hint))
    return UNSET


def _messages(table: object, place: Place) -> toml_file.Messages:
    messages = {}
    for key, value, at in _entries(table, place):
        if isinstance(value, dict):
            # TOML reads an unquoted key with a dot as a table in a table.
            quoted = f'"{key}.{next(iter(value), "reason")}"'
            at.wrong(f"expected a text; a key with a dot is written in quotes: {quoted}")
        elif not _MESSAGE_KEY.fullmatch(key):
            at.wrong("expected a card status such as card_suspended, or an error code of Paytronix")
        elif nearest := _misspelt(key):
            at.wrong(f'expected a known key or another error code; this one is nearly "{nearest}"')
        elif isinstance(words := _value(value, toml_file.Message, at), str):
            messages[key] = words
    return messages


def _misspelt(key: str) -> str:
    """The key that was probably meant; empty for a known one and for error codes, of which nobody has a list."""
    if key in _KNOWN_MESSAGES:
        return ""
    return next(iter(difflib.get_close_matches(key.lower(), _KNOWN_MESSAGES, n=1, cutoff=0.9)), "")


def _by_language(
    table: object, place: Place, languages: tuple[str, ...]
) -> Iterable[tuple[str, object, Place]]:
    for key, value, at in _entries(table, place):
        if key in languages:
            yield key, value, at
        else:
            at.wrong(f"expected a language of the portal ({', '.join(languages)})")


def _by_wallet(table: object, place: Place) -> Iterable[tuple[int, object, Place]]:
    """Wallet codes in the file's order, which is the order of display."""
    for key, value, at in _entries(table, place):
        if _WALLET_CODE.fullmatch(key):
            yield int(key), value, at
        else:
            at.wrong("expected a wallet code, a whole number such as [wallets.5]")


def _entries(table: object, place: Place) -> Iterable[tuple[str, object, Place]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield key, value, place.at(key)
    else:
        place.wrong(f"expected a table, got {_got(table)}")


def _note_missing(document: Mapping[str, object], place: Place) -> None:
    for path, expected in toml_file.REQUIRED.items():
        *parents, key = path.split(".")
        table: object = document
        at = place
        for parent in parents:
            table = table.get(parent, {}) if isinstance(table, dict) else None
            at = at.at(parent)
        # What stands in place of a table has been noted already.
        if isinstance(table, Mapping) and key not in table:
            at.at(key).wrong(f"missing; expected {expected}")


def _unknown(key: str, known: Iterable[str]) -> str:
    names = sorted(known)
    nearest = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    if nearest:
        return f'unknown key; the nearest known key is "{nearest[0]}"'
    return f"unknown key; known here: {', '.join(names)}"


def _misfit(value: object, hint: object) -> str:
    bare = _without_none(hint)
    base = get_args(bare)[0] if get_origin(bare) is Annotated else bare
    # A text of the right type is quoted, to show what is wrong in it; any other is only named by its type.
    is_text = isinstance(value, str) and isinstance(base, type) and issubclass(base, str)
    return f"expected {_expectation(hint)}, got {_quoted(str(value)) if is_text else _got(value)}"


def _expectation(hint: object) -> str:
    for extra in getattr(_without_none(hint), "__metadata__", ()):
        if isinstance(extra, Meta) and extra.description:
            return extra.description
    raise TypeError(f"no description on {hint!r}")  # a mistake in toml_file.py, found by its test


def _without_none(hint: object) -> object:
    if get_origin(hint) in {Union, UnionType}:
        return next(member for member in get_args(hint) if member is not type(None))
    return hint


def _element(hint: object) -> object:
    """The hint of a list's elements."""
    sequence = get_args(_without_none(hint))[0]
    return get_args(sequence)[0]


def _quoted(text: str) -> str:
    return json.dumps(text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "...", ensure_ascii=False)


def _got(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return "a string"
        case list():
            return "an empty list" if not value else "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
