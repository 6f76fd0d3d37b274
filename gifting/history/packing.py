"""Frozen values as compressed bytes, and back: dataclasses by their annotations, each as a list of its fields."""

import json
import zlib
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

T = TypeVar("T")

# Reads what JSON has of a value; None where it is the value itself.
_Reader = Callable[[Any, ZoneInfo], Any] | None


class NotPacked(ValueError):
    """The bytes hold no such value: another release packed it, or something else did."""


def pack(value: object) -> bytes:
    """A frozen dataclass, or a tuple of them, as bytes. Moments keep their instant, decimals every digit."""
    return zlib.compress(json.dumps(value, default=_plain, separators=(",", ":")).encode())


def unpack(content: bytes, kind: type[T], *, zone: ZoneInfo) -> T:
    """What `pack` was given, with all moments in `zone`. Raises NotPacked."""
    try:
        read = _reader(cast("Hashable", kind))
        value: T = json.loads(zlib.decompress(content))
        return read(value, zone) if read else value
    except (zlib.error, ValueError, TypeError, ArithmeticError) as error:
        raise NotPacked(f"expected {kind}") from error


def _plain(value: Any) -> Any:
    """What JSON has no word for; called by the encoder."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_of(type(value))(value)
    raise TypeError(f"cannot pack {type(value).__name__}")


@cache
def _fields_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = [each.name for each in fields(kind)]
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda value: (get(value),)


# `kind` is an annotation of any form. Readers are made once: a long history asks a million times.
@cache
def _reader(kind: Any) -> _Reader:
    if kind in {str, int, bool}:
        return None
    if kind is Decimal:
        return lambda value, _zone: Decimal(value)
    if kind is datetime:
        return lambda value, zone: datetime.fromisoformat(value).astimezone(zone)
    if kind is date:
        return lambda value, _zone: date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value, _zone: kind(value)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return _reader_of_several(kind)


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = tuple(_reader(hints[each.name]) for each in fields(kind))

    def read(values: Any, zone: ZoneInfo) -> Any:
        return kind(
            *[
                value if each is None else each(value, zone)
                for value, each in zip(values, readers, strict=True)
            ]
        )

    return read


def _reader_of_several(kind: Any) -> _Reader:
    """For `X | None` and `tuple[X, ...]`."""
    inner = _reader(next(each for each in get_args(kind) if each not in {NoneType, Ellipsis}))
    if get_origin(kind) is tuple:
        return lambda values, zone: tuple(
            values if inner is None else [inner(value, zone) for value in values]
        )
    if inner is None:
        return None
    return lambda value, zone: None if value is None else inner(value, zone)
