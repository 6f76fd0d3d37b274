"""Sealing anew what rests in the database, after a new first key in `ENCRYPTION_KEYS`. It deletes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from guestportal.storage.sealing import SealBroken, open_sealed, seal_for, sealed_columns


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of one model's rows: how many were sealed anew, and how many hold a text that no key opens."""

    model: str
    rows: int
    unopened: int


def reseal_all() -> Iterator[Resealed]:
    """Seal every row of every model that has sealed columns, one model after the other."""
    for model in apps.get_models():
        if columns := tuple(sealed_columns(model)):
            yield _reseal_model(model, columns)


def _reseal_model(model: type[models.Model], columns: tuple[str, ...]) -> Resealed:
    rows = unopened = 0
    for row in model._base_manager.iterator():
        opened = [_reseal_column(row, column) for column in columns if getattr(row, column)]
        rows += bool(opened) and all(opened)
        unopened += not all(opened)
    return Resealed(model._meta.label, rows, unopened)


def _reseal_column(row: models.Model, column: str) -> bool:
    """Seal one text anew, unless a newer one was written meanwhile; False when no key opens it where it stands."""
    model, old = type(row), getattr(row, column)
    try:
        content = open_sealed(row, column)
    except SealBroken:
        return False
    new = seal_for(model, column, content, row=row.pk, merchant=getattr(row, "merchant", ""))
    model._base_manager.filter(pk=row.pk, **{column: old}).update(**{column: new})
    return True
