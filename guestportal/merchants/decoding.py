"""Reads a TOML file as a `MerchantFile`, and pins every misfit to its key instead of stopping at one."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from guestportal.merchants.definition import Table
from guestportal.merchants.merchant_file import BY_LANGUAGE, TABLES, MerchantFile, unknown_key
from guestportal.merchants.problems import Place
from guestportal.merchants.values import Expected, Surroundings, kind_of

_MAX_FILE_BYTES: Final = 256 * 1024
_ADAPTER: Final = TypeAdapter(MerchantFile)


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


def decode(document: Mapping[str, object], place: Place, surroundings: Surroundings) -> MerchantFile | None:
    """The file's values by type, or None with every problem noted."""
    try:
        return _ADAPTER.validate_python({**{table: {} for table in TABLES}, **document}, context=surroundings)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            _note(details, place)
    return None


def keys_of(table: type) -> dict[str, object]:
    """The keys of a table as they are written in the file, with their types."""
    hints = get_type_hints(table, include_extras=True)
    return {_alias(hints[each.name]) or each.name: hints[each.name] for each in fields(table)}


def bare(hint: object) -> object:
    """A type without what is annotated on it."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _note(details: ErrorDetails, place: Place) -> None:
    # pydantic's own steps: to the tables by language, and from a mapping to one of its keys.
    path = [step for step in details["loc"] if step not in {BY_LANGUAGE, "[key]"}]
    for step in path:
        place = place.item(step) if isinstance(step, int) else place.at(step)
    match details["type"]:
        case "value_error":
            for sentence in str(details["ctx"]["error"]).split("\n"):
                place.wrong(sentence)
        case "missing":
            *parents, key = details["loc"]
            place.wrong(f"missing; expected {_expected(_keys_at(parents)[str(key)])}")
        case "unexpected_keyword_argument":
            *parents, key = details["loc"]
            place.wrong(unknown_key(str(key), _keys_at(parents).keys() - {BY_LANGUAGE}))
        case _:
            place.wrong(f"expected a table, got {kind_of(details['input'])}")


def _keys_at(path: list[int | str]) -> dict[str, object]:
    """The keys of the table at the end of pydantic's path."""
    kind: Any = MerchantFile
    for step in path:
        kind = bare(keys_of(kind)[str(step)] if issubclass(kind, Table) else get_args(kind)[-1])
    return keys_of(kind)


def _alias(hint: object) -> str | None:
    return next(
        (each.alias for each in _annotations(hint) if isinstance(each, FieldInfo) and each.alias), None
    )


def _expected(hint: object) -> str:
    return next(each.what for each in _annotations(hint) if isinstance(each, Expected))


def _annotations(hint: object) -> tuple[object, ...]:
    return getattr(hint, "__metadata__", ())
