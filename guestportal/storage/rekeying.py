"""Changing the key of the look-up hashes (`LOOKUP_KEY`) while processes run. It knows no app.

Claims are paused first. Then one transaction names the new key, hashes anew what still holds its contents and lifts
the pause: a process killed in between leaves claims paused and everything else as it was, and `rekey` is run again.
Each app that keeps hashes offers `rehash` at its AppConfig.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guestportal.storage.lookup import LookupKeyMissing, fingerprint_of, lookup_key_is_missing
from guestportal.storage.models import LookupKey
from guestportal.storage.rehashing import KeepsHashes, Rehashed


def rekey() -> tuple[Rehashed, ...]:
    """Put the first key of `LOOKUP_KEY` in force; () when it is already, and then a pause that was left is lifted.

    Raises LookupKeyMissing when the key in force is not among them.
    """
    if lookup_key_is_missing():
        raise LookupKeyMissing
    _pause_claims()
    return _change_key()


def _pause_claims() -> None:
    """Committed at once. It waits for the claims that are being written; from here on each one is refused."""
    new = fingerprint_of(settings.LOOKUP_KEYS[0])
    LookupKey.objects.exclude(fingerprint=new).update(paused_at=timezone.now())


def _change_key() -> tuple[Rehashed, ...]:
    new = fingerprint_of(settings.LOOKUP_KEYS[0])
    with transaction.atomic(durable=True):
        row = LookupKey.objects.select_for_update().first()
        if row is None:
            return ()
        LookupKey.objects.update(fingerprint=new, paused_at=None)
        if row.fingerprint == new:
            return ()
        return tuple(each for config in _keepers() for each in config.rehash())


def _keepers() -> Iterator[KeepsHashes]:
    return (config for config in apps.get_app_configs() if isinstance(config, KeepsHashes))
