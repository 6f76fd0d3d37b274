"""Keyed hashes by which rows are found without holding what they are about (`LOOKUP_KEY`, never `SECRET_KEY`).

Which of the keys in `LOOKUP_KEY` is in force stands in the database (`LookupKey`), so that all processes change it at
one moment, while `rekey` works. It is read each time, never remembered. A transaction that writes a hash begins with
`hold_lookup_key`, one that claims a row is a `claiming` block: then `rekey` waits for it, or it for `rekey`.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from guestportal.storage.models import LookupKey

log = logging.getLogger("guestportal.storage")


class LookupUnavailable(Exception):
    """Hashes cannot be made, or rows not be claimed by them, for the moment."""


class LookupKeyMissing(LookupUnavailable):
    """The hashes in the database were made with a key that `LOOKUP_KEY` does not hold."""


class ClaimsPaused(LookupUnavailable):
    """`rekey` is changing the key: nothing may be claimed until it is done."""


def lookup_hash(kind: str, *parts: str) -> str:
    """64 hexadecimal digits: the same for the same kind and parts, and worth nothing without the key.

    One query. Raises LookupKeyMissing.
    """
    (found,) = lookup_hashes(kind, [parts])
    return found


def lookup_hashes(kind: str, several: Iterable[Sequence[str]]) -> list[str]:
    """What `lookup_hash` returns for each of several, with one query for all. Raises LookupKeyMissing."""
    key = _key_of(_fingerprint_in_force()).encode()
    return [
        hmac.new(key, json.dumps([kind, *parts]).encode(), hashlib.sha256).hexdigest() for parts in several
    ]


@contextmanager
def claiming() -> Iterator[None]:
    """A transaction of its own in which a row is claimed, with the key in force until it is committed.

    Raises ClaimsPaused while `rekey` works, and RuntimeError inside another transaction.
    """
    if claims_are_paused():  # told at once: the transaction of `rekey` may take a while
        raise ClaimsPaused
    with transaction.atomic(durable=True):
        hold_lookup_key()
        if claims_are_paused():
            raise ClaimsPaused
        yield


def claims_are_paused() -> bool:
    """Whether `rekey` is changing the key, or was stopped in between and has to be run again."""
    return LookupKey.objects.filter(paused_at__isnull=False).exists()


def hold_lookup_key() -> None:
    """Leave the key in force until the caller's transaction ends; waits for a `rekey` that has begun to write.

    Raises TransactionManagementError outside a transaction. With SQLite the transaction has the only right to write.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("hold_lookup_key: expected a transaction")
    _fingerprint_in_force()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM storage_lookupkey FOR SHARE")


def lookup_key_is_missing() -> bool:
    """Whether `LOOKUP_KEY` lacks the key that this database's hashes were made with."""
    row = LookupKey.objects.first()
    return row is not None and row.fingerprint not in map(fingerprint_of, settings.LOOKUP_KEYS)


def fingerprint_of(key: str) -> str:
    """What tells a key from others without showing it."""
    return hmac.new(key.encode(), b"fingerprint", hashlib.sha256).hexdigest()


def _fingerprint_in_force() -> str:
    fingerprints = LookupKey.objects.values_list("fingerprint", flat=True)
    found = fingerprints.first()
    if found is None:  # a new database: its first hash is made with the first key
        first = LookupKey(fingerprint=fingerprint_of(settings.LOOKUP_KEYS[0]))
        LookupKey.objects.bulk_create([first], ignore_conflicts=True)
        found = fingerprints.get()
    return found


def _key_of(fingerprint: str) -> str:
    for key in settings.LOOKUP_KEYS:
        if fingerprint_of(key) == fingerprint:
            return str(key)
    log.error("lookup_key_missing", extra={"fields": {"event": "lookup_key_missing"}})
    raise LookupKeyMissing("LOOKUP_KEY holds no key that the hashes in the database were made with")
