"""JSON to and from text without losing a digit: `12.10` stays `12.10`, no number passes through a float."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

JsonValue: TypeAlias = (
    "str | int | float | bool | Decimal | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
JsonObject: TypeAlias = Mapping[str, JsonValue]


def decode(text: str) -> JsonValue:
    """Return the value of a JSON text, numbers with a point or an exponent as Decimal.

    Raises ValueError when the text is not JSON.
    """
    value: JsonValue = json.loads(text, parse_float=Decimal)
    return value


def encode(value: JsonValue) -> str:
    """Return the JSON text of a value; a Decimal becomes a number with exactly its own digits."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:
        # A Decimal or a mapping that is no dictionary is inside: the library has no way to write its digits.
        return _encode_with_decimals(value)


def _encode_with_decimals(value: JsonValue) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        members = (
            f"{json.dumps(key, ensure_ascii=False)}: {_encode_with_decimals(member)}"
            for key, member in value.items()
        )
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_encode_with_decimals(member) for member in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def encode_bytes(value: JsonValue) -> bytes:
    """Return the JSON text as UTF-8; a lone surrogate, which UTF-8 cannot hold, is sent as its escape."""
    return encode(value).encode("utf-8", "backslashreplace")
