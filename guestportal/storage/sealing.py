"""Encryption of what is kept at rest, with the portal's own keys (`ENCRYPTION_KEYS`).

Every sealed text is bound to its place: table, column, row and merchant. Moved anywhere else it does not open.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

_BINDING_LENGTH = 32


class SealBroken(Exception):
    """The text was sealed with none of our keys, or for another place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text stands. `row` is the row's own id, chosen before the row is inserted."""

    table: str
    column: str
    row: str
    merchant: str

    @property
    def binding(self) -> bytes:
        """32 bytes that no other place has."""
        text = "\0".join((self.table, self.column, self.row, self.merchant))
        return hashlib.sha256(text.encode()).digest()


class SealedTextField(models.TextField):  # type: ignore[type-arg]  # its stubs take the types it is set and read by
    """A column of sealed text; empty when there is nothing. `seal_for` writes it, `open_sealed` reads it."""


def seal(content: bytes, *, place: Place) -> str:
    """`content` encrypted with the first key and bound to `place`, as text for a database column."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(place.binding + content).decode("ascii")


def unseal(sealed: str, *, place: Place) -> bytes:
    """What `seal` was given for this place. Raises SealBroken when no key opens it or it was moved."""
    try:
        opened = _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise SealBroken from None
    if not hmac.compare_digest(opened[:_BINDING_LENGTH], place.binding):
        raise SealBroken
    return opened[_BINDING_LENGTH:]


def seal_for(model: type[models.Model], column: str, content: bytes, *, row: object, merchant: str) -> str:
    """`content` sealed for a column of the row with the id `row`; "" for nothing."""
    return seal(content, place=_place(model, column, row, merchant)) if content else ""


def open_sealed(row: models.Model, column: str) -> bytes:
    """The content of a sealed column of this row, b"" when it is empty. Raises SealBroken."""
    sealed = getattr(row, column)
    if not sealed:
        return b""
    merchant = getattr(row, "merchant", "")
    return unseal(sealed, place=_place(type(row), column, row.pk, merchant))


def sealed_columns(model: type[models.Model]) -> Iterator[str]:
    """The names of a model's sealed columns."""
    return (each.name for each in model._meta.get_fields() if isinstance(each, SealedTextField))


def _place(model: type[models.Model], column: str, row: object, merchant: str) -> Place:
    return Place(model._meta.db_table, column, str(row), merchant)


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
