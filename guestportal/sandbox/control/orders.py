"""Orders to the control address as they are read: JSON in, typed values or a sentence out."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

from guestportal.sandbox.jsontext import JsonObject, decode
from guestportal.sandbox.state import Sandbox

Action: TypeAlias = Callable[["Order", Sandbox], JsonObject]


class ControlError(ValueError):
    """An order that cannot be carried out; the text says why."""


class Order:
    """The members of one order. Each reader raises ControlError when its member does not fit.

    `rest` is what follows the action in the path, as the card in `wallets/<card>`.
    """

    def __init__(self, members: JsonObject, *, rest: str = "") -> None:
        self.members = members
        self.rest = rest

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def text(self, name: str) -> str:
        """Return a required string."""
        value = self.members.get(name)
        if not isinstance(value, str):
            raise ControlError(f"{name} must be a string.")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string, None when it is left out or null."""
        return None if self.members.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings, empty when it is left out."""
        value = self.members.get(name, ())
        if not isinstance(value, list | tuple) or not all(isinstance(entry, str) for entry in value):
            raise ControlError(f"{name} must be a list of strings.")
        return tuple(str(entry) for entry in value)

    def truth(self, name: str) -> bool:
        """Return a required true or false."""
        value = self.members.get(name)
        if not isinstance(value, bool):
            raise ControlError(f"{name} must be true or false.")
        return value

    def whole(self, name: str) -> int:
        """Return a required whole number."""
        value = self.members.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ControlError(f"{name} must be a whole number.")
        return value

    def object(self, name: str) -> JsonObject:
        """Return a required object."""
        value = self.members.get(name)
        if not isinstance(value, Mapping):
            raise ControlError(f"{name} must be an object.")
        return value

    def number(self, name: str) -> float:
        """Return a required number."""
        value = self.members.get(name)
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            raise ControlError(f"{name} must be a number.")
        return float(value)

    def count(self, name: str, *, default: int | None = None) -> int:
        """Return a whole number from 1, or the default when it is left out."""
        value = self.members.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ControlError(f"{name} must be a whole number from 1.")
        return value


def read_order(body: bytes, *, rest: str) -> Order:
    """Return the order of a request body; an empty body is an order without members."""
    if not body:
        return Order({}, rest=rest)
    try:
        members = decode(body.decode("utf-8"))
    except ValueError:
        raise ControlError("The order is not JSON.") from None
    if not isinstance(members, Mapping):
        raise ControlError("The order is not a JSON object.")
    return Order(members, rest=rest)
