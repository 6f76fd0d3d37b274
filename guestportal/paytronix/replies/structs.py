"""Structs as the vendor's JSON has them, and how lenient they are read: unknown fields ignored, scalars kept as text.

Source: docs/paytronix-api.md, section 8.
"""

import re
from functools import cache
from typing import Any, Generic, TypeVar, get_args, get_origin

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


ABSENT: Lenient[Any] = Lenient(None)  # of any type


W = TypeVar("W", bound=Wire)


class Malformed(ValueError):
    """Bytes that are not the expected struct. The text names a path and types, never a value."""


def decode(body: bytes, kind: type[W]) -> W:
    """`body` as `kind`. Raises Malformed with the path of the first thing that is not as agreed."""
    try:
        reply: W = _decoder(kind).decode(_without_half_pairs(body))
        return reply
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None
    except (
        ValueError,
        RecursionError,
    ):  # not JSON, not UTF-8, a number past what Python reads, nested too deep
        raise Malformed("not JSON") from None


def encode(reply: Wire) -> bytes:
    """The struct as JSON that `decode` reads back, without the fields nobody asked for."""
    return msgspec.json.encode(reply, enc_hook=_plain)


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
def _holder(kind: Any) -> type[Any]:
    """A struct around what may stand there: msgspec remembers a struct, and works a bare type out at every call."""
    (expected,) = get_args(kind)
    return msgspec.defstruct("Holder", [("value", expected | None)])


def _read(kind: type, value: Any) -> "Text | Lenient[Any]":  # whatever stands in the place of either
    if get_origin(kind) is Lenient:
        try:
            holder = msgspec.convert({"value": value}, _holder(kind), dec_hook=_read)
        except msgspec.ValidationError:
            return ABSENT
        return Lenient(holder.value)
    if kind is Text:
        if isinstance(value, bool):
            return Text("true" if value else "false")
        if isinstance(value, str | int):
            return Text(value)
    raise TypeError("expected text or a number")


def _plain(value: "Text | Lenient[Any]") -> Any:  # what msgspec can write
    return value.value if isinstance(value, Lenient) else str(value)
