"""Merchant files for tests: a correct small one, of which a test changes only the keys it is about."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args, get_origin

from guestportal.merchants.decoding import bare, keys_of
from guestportal.merchants.definition import Merchant, Table
from guestportal.merchants.loading import load_merchants
from guestportal.merchants.merchant_file import BY_LANGUAGE, MerchantFile
from guestportal.merchants.problems import MerchantFilesWrong

LANGUAGES = ("en", "es", "fr")

# Dotted keys and the TOML text of their values.
REQUIRED_ONLY = {
    "name": '"Corner Bakery"',
    "hosts": '["bakery.example"]',
    "paytronix.base_url": '"https://m123.api.pxslab.example/rest/26.6"',
    "paytronix.merchant_id": "123",
    "paytronix.sign_in": '["card"]',
}
CREDENTIALS = {
    "PAYTRONIX_CORNER_BAKERY_CLIENT_ID": "bakery-id",
    "PAYTRONIX_CORNER_BAKERY_CLIENT_SECRET": "bakery-canary-secret",
}


def write_merchant(
    directory: Path, changes: Mapping[str, str | None] | None = None, *, stem: str = "corner-bakery"
) -> Path:
    """Write a merchant file; `changes` replaces or adds dotted keys, None leaves a key out."""
    values = {**REQUIRED_ONLY, **(changes or {})}
    path = directory / f"{stem}.toml"
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def only_merchant(
    directory: Path, environ: Mapping[str, str] = CREDENTIALS, *, languages: tuple[str, ...] = LANGUAGES
) -> Merchant:
    """The merchant of the one file that there is."""
    (merchant,) = load_merchants(directory, environ, languages=languages)
    return merchant


def merchant(
    directory: Path,
    changes: Mapping[str, str | None] | None = None,
    *,
    environ: Mapping[str, str] = CREDENTIALS,
) -> Merchant:
    """The merchant of such a file."""
    write_merchant(directory, changes)
    return only_merchant(directory, environ)


def problems(
    directory: Path,
    changes: Mapping[str, str | None] | None = None,
    *,
    environ: Mapping[str, str] = CREDENTIALS,
) -> list[str]:
    """The lines with which such a file is refused; empty when it is not."""
    try:
        merchant(directory, changes, environ=environ)
    except MerchantFilesWrong as error:
        return str(error).splitlines()
    return []


def paths_of(hint: object) -> Iterator[tuple[str, ...]]:
    """The paths of all keys below a table; "*" stands for a wallet's code, a message's key or a language."""
    kind = bare(hint)
    if isinstance(kind, type) and issubclass(kind, Table):
        for key, below in keys_of(kind).items():
            name = () if key == BY_LANGUAGE else (key,)
            yield from ((*name, *path) for path in paths_of(below))
    elif get_origin(kind) is dict:
        yield from (("*", *path) for path in paths_of(get_args(kind)[1]))
    else:
        yield ()


KEYS = tuple(paths_of(MerchantFile))
