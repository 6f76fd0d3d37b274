"""Structs as the vendor's JSON has them, and how lenient they are read: unknown fields ignored, scalars kept as text.

Source: docs/paytronix-api.md, section 8.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")


class Wire(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """Base of all replies: camelCase names, unknown fields ignored, absent ones None."""


class Text(str):
    """A scalar kept as the text it was sent as: a string's content, or a number's or boolean's own digits.

    Card numbers have come as JSON numbers and decimals unquoted (docs/paytronix-api.md, section 8);
    neither may pass through binary floating point.
    """

    __slots__ = ()


class Lenient(Generic[T]):
    """A member beside the point: `value` is None when it is absent, null or not of the agreed shape.

    Without it one odd perk would take the whole balance away. What a guest relies on is read strictly
    instead: amounts, wallet codes, states and cards.
    """

    __slots__ = ("value",)

    def __init__(self, value: T | None) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lenient) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def is_absent(self) -> bool:
        """Whether the reply has no such member at all."""
        return self is ABSENT


ABSENT: Lenient[Any] = Lenient(None)  # of any type
ODD: Lenient[Any] = Lenient(None)


class Items(Generic[T]):
    """A list that is read member by member: null ones are skipped, odd ones left out without taking others along.

    `values` are those of the agreed shape and `left_out` counts the odd ones. Without a list there are none, which
    differs from an empty list: `is_read` is then False, and the member was absent, null, or something else.
    """

    __slots__ = ("is_null", "is_read", "left_out", "values")

    def __init__(
        self, values: tuple[T, ...] = (), *, left_out: int = 0, is_read: bool = True, is_null: bool = False
    ) -> None:
        self.values = values
        self.left_out = left_out
        self.is_read = is_read
        self.is_null = is_null

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Items) and _state(self) == _state(other)

    def __hash__(self) -> int:
        return hash(_state(self))

    def __iter__(self) -> Iterator[T]:
        return iter(self.values)

    @property
    def is_absent(self) -> bool:
        """Whether the reply has no such member at all."""
        return self is NO_LIST

    @property
    def is_whole(self) -> bool:
        """Whether there is a list and all of it could be read; otherwise nothing follows from what is missing."""
        return self.is_read and not self.left_out

    @property
    def is_odd(self) -> bool:
        """Whether something stands where the list belongs that is neither a list nor null."""
        return not self.is_read and not self.is_null and not self.is_absent


NO_LIST: Items[Any] = Items(is_read=False)


def _state(items: Items[Any]) -> tuple[object, ...]:
    return items.values, items.left_out, items.is_read, items.is_null


W = TypeVar("W", bound=Wire)


class Malformed(ValueError):
    """Bytes that are not the expected struct. The text names a path and types, never a value."""


def decode(body: bytes, kind: type[W]) -> W:
    """`body` as `kind`. Raises Malformed with the path of the first thing that is not as agreed."""
    try:
        reply: W = _decoder(kind).decode(_without_half_pairs(body.removeprefix(_BYTE_ORDER_MARK)))
        return reply
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None
    except (ValueError, RecursionError):
        # Not JSON, not UTF-8, a number past what Python reads, nested too deep.
        raise Malformed("not JSON") from None


def encode(reply: Wire) -> bytes:
    """The struct as JSON that `decode` reads back, without the fields that were not asked for."""
    return msgspec.json.encode(reply, enc_hook=_plain)


def odd_members(reply: Wire) -> list[str]:
    """The names of the members that were left out, with how many of a list; below long lists none are looked for."""
    found: list[str] = []
    for name, encoded in zip(reply.__struct_fields__, reply.__struct_encode_fields__, strict=True):
        value = getattr(reply, name)
        if value is ODD or (isinstance(value, Items) and value.is_odd):
            found.append(encoded)
        elif isinstance(value, Items):
            found += [f"{encoded}: {value.left_out}"] if value.left_out else []
            below = value.values if len(value.values) <= _LONG_LIST else ()
            found += [
                f"{encoded}[].{odd}" for each in below if isinstance(each, Wire) for odd in odd_members(each)
            ]
        inner = value.value if isinstance(value, Lenient) else value
        if isinstance(inner, Wire):
            found += [f"{encoded}.{odd}" for odd in odd_members(inner)]
    return list(dict.fromkeys(found))


_LONG_LIST = 100
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _without_half_pairs(body: bytes) -> bytes:
    """JSON whose escapes are all characters: half of a pair, left where a message was cut, becomes U+FFFD."""
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["half"] else found.group(), body)


# A whole pair and any other escape come first, so that what is left of a pair is a half.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


@cache
def _decoder(kind: type[Any]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind, dec_hook=_read, float_hook=str)


@cache
def _holder(expected: Any) -> type[Any]:
    """A struct around what may stand there: msgspec remembers a struct, and works a bare type out at every call."""
    return msgspec.defstruct("Holder", [("value", expected)])


# `kind` is Text, Lenient[...] or Items[...], and `value` whatever stands in its place. A long list asks a million
# times: the alias's own attributes are quicker than typing's functions.
def _read(kind: Any, value: Any) -> "Text | Lenient[Any] | Items[Any]":
    if kind is Text:
        return _text(value)
    (expected,) = kind.__args__
    if kind.__origin__ is Items:
        return _items(value, expected)
    if value is None:
        return Lenient(None)
    try:
        return Lenient(_member(value, expected))
    except (TypeError, msgspec.ValidationError):
        return ODD


def _items(value: Any, expected: Any) -> Items[Any]:
    if not isinstance(value, list):
        return Items(is_read=False, is_null=value is None)
    values, left_out = [], 0
    for each in value:
        if each is None:
            continue
        try:
            values.append(_member(each, expected))
        except (TypeError, msgspec.ValidationError):
            left_out += 1
    return Items(tuple(values), left_out=left_out)


def _member(value: Any, expected: Any) -> Any:
    if expected is Text:  # most are, and need no converter
        return _text(value)
    return msgspec.convert({"value": value}, _holder(expected), dec_hook=_read).value


def _text(value: Any) -> Text:
    if isinstance(value, str):  # nearly always
        return Text(value)
    if isinstance(value, bool):
        return Text("true" if value else "false")
    if isinstance(value, int):
        return Text(value)
    raise TypeError("expected text or a number")


# What msgspec can write, and `_read` reads back alike.
def _plain(value: "Text | Lenient[Any] | Items[Any]") -> Any:
    if isinstance(value, Items):
        odd = None if value.is_null else False
        return [*value.values, *[False] * value.left_out] if value.is_read else odd
    return value.value if isinstance(value, Lenient) else str(value)
