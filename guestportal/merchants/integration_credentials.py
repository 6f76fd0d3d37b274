"""Finds a merchant's Paytronix credentials in the environment. No value of them ever enters a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from guestportal.merchants.problems import Place

# The sandbox publishes these, as Paytronix hands out real ones. They open nothing but the sandbox.
SANDBOX_CLIENT_ID: Final = "sandbox-portal"
SANDBOX_CLIENT_SECRET: Final = "sandbox-secret-opens-nothing-real"  # noqa: S105 - published on purpose

_MAX_SECRET_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Credentials:
    """The integration identifier and secret of Paytronix's Basic check (docs/paytronix-api.md, section 2)."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)


def variable(slug: str, name: str) -> str:
    """A merchant's environment variable, such as PAYTRONIX_HARBOR_PINE_CLIENT_ID for `harbor-pine`."""
    return f"PAYTRONIX_{slug.upper().replace('-', '_')}_{name}"


def read_credentials(
    slug: str, environ: Mapping[str, str], place: Place, *, sandbox: bool
) -> Credentials | None:
    """The merchant's credentials, or None with problems noted.

    `sandbox` allows the sandbox's own published credentials when none of the variables is set.
    """
    id_name, secret_name = variable(slug, "CLIENT_ID"), variable(slug, "CLIENT_SECRET")
    names = (id_name, f"{id_name}_FILE", secret_name, f"{secret_name}_FILE")
    if sandbox and not any(environ.get(name) for name in names):
        return Credentials(client_id=SANDBOX_CLIENT_ID, client_secret=SANDBOX_CLIENT_SECRET)
    client_id = _read(id_name, environ, place)
    client_secret = _read(secret_name, environ, place)
    if client_id is not None and ":" in client_id:
        # HTTP Basic ends the identifier at the first colon (RFC 7617, section 2).
        place.at(id_name).wrong("expected a value without a colon")
        return None
    if client_id is None or client_secret is None:
        return None
    return Credentials(client_id=client_id, client_secret=client_secret)


def _read(name: str, environ: Mapping[str, str], place: Place) -> str | None:
    file_name = f"{name}_FILE"
    value, file_path = environ.get(name), environ.get(file_name)
    if value and file_path:
        place.at(name).wrong(f"expected either this or {file_name}, got both")
        return None
    if file_path:
        place, value = place.at(file_name), _content(file_path)
        if value is None:
            place.wrong("expected the path of a readable text file of at most 4 KiB that holds the value")
            return None
    else:
        place = place.at(name)
    if not value:
        place.wrong(f"missing; expected this environment variable, or {file_name} with the path of a file")
        return None
    if not (value.isascii() and value.isprintable()) or value != value.strip():
        place.wrong("expected printable ASCII characters without spaces around them")
        return None
    return value


def _content(path: str) -> str | None:
    """The file's text without the line break that editors put at its end; None when it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_SECRET_BYTES + 1)
        return None if len(content) > _MAX_SECRET_BYTES else content.decode().rstrip("\r\n")
    except (OSError, ValueError):
        return None
