"""Reads faults from the control address's JSON, and says in a sentence what does not fit."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin

from guestportal.sandbox.faults import KINDS, Fault
from guestportal.sandbox.jsontext import JsonObject, JsonValue


class UnreadableFault(ValueError):
    """A fault that the sandbox does not know; the text says which part."""


def read_faults(value: JsonValue) -> tuple[Fault, ...]:
    """Return the faults of one call: an object `{"kind": ..., ...}`, or a list of them that act together."""
    if isinstance(value, Mapping):
        return (_read_fault(value),)
    if isinstance(value, list) and value:
        return tuple(fault for entry in value for fault in read_faults(entry))
    raise UnreadableFault("A fault is an object with a kind, or a list of such objects.")


def _read_fault(entry: JsonObject) -> Fault:
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnreadableFault(f"Unknown fault kind {kind!r}; known are {', '.join(KINDS)}.")
    fault_type = KINDS[kind]
    known = {field.name: field for field in fields(fault_type)}
    given = {name: value for name, value in entry.items() if name != "kind"}
    if unknown := given.keys() - known.keys():
        raise UnreadableFault(f"Fault {kind} has no {', '.join(sorted(unknown))}.")
    if missing := {name for name, field in known.items() if field.default is MISSING} - given.keys():
        raise UnreadableFault(f"Fault {kind} needs {', '.join(sorted(missing))}.")
    return fault_type(
        **{name: _fitting(kind, name, value, known[name].type) for name, value in given.items()}
    )


def _fitting(kind: str, name: str, value: JsonValue, expected: Any) -> Any:
    accepted = get_args(expected) if isinstance(expected, UnionType) else (expected,)
    classes = tuple(get_origin(choice) or choice for choice in accepted)
    if float in classes and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, bool) and bool not in classes:
        raise UnreadableFault(f"Fault {kind}: {name} must not be true or false.")
    if not isinstance(value, classes):
        raise UnreadableFault(f"Fault {kind}: {name} has the wrong type.")
    return value
