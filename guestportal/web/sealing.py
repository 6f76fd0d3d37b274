"""Sealed texts of the gift ledger, bound to no place; it goes when the ledger seals by `guestportal.storage`."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """The bytes were not sealed with any of our keys."""


def seal(content: bytes) -> str:
    """`content` encrypted with the first key, as text for a database column."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(content).decode("ascii")


def unseal(sealed: str) -> bytes:
    """What `seal` was given. Raises SealBroken when no key opens it."""
    try:
        return _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode("ascii", "replace"))
    except InvalidToken:
        raise SealBroken from None


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
