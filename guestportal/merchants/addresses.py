"""Checks the addresses a merchant file names: hosts, Paytronix's base URL, links and the security contact.

Each function raises ValueError with the sentence that says what was expected.
"""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

ANY_HOST: Final = "*"

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/[0-9][A-Za-z0-9._~-]*")
_VISIBLE: Final = re.compile(r"[!-~]+")

BASE_URL_EXPECTED: Final = (
    "an https address that ends with the release, such as https://m777777.api.pxslab.com/rest/26.6"
)


def read_host(written: str) -> str:
    """The host in lower case, without a port."""
    host = written.lower()
    if host == ANY_HOST or _HOST.fullmatch(host) or _is_ipv6(host):
        return host
    raise ValueError(
        'expected a host name without scheme, port or path, such as "rewards.brand.example", or "*"'
    )


def read_base_url(written: str, *, sandbox: bool) -> str:
    """The base URL without a trailing slash. http is allowed for a loopback address when `sandbox` is true.

    The sentence of an error never repeats the address, which may hold a password.
    """
    parts = _split(written.removesuffix("/"))
    if parts is None or not parts.hostname or not (_HOST.fullmatch(parts.hostname) or ":" in parts.hostname):
        raise ValueError(f"expected {BASE_URL_EXPECTED}")
    if "@" in parts.netloc:
        raise ValueError(
            "expected an address without a user name or password; credentials come from the environment"
        )
    if "?" in written or "#" in written:
        raise ValueError("expected an address without a query or fragment")
    if parts.scheme == "http" and not (sandbox and _is_loopback(parts.hostname)):
        raise ValueError(
            f"expected {BASE_URL_EXPECTED}; http only for a loopback address with sandbox = true"
        )
    if parts.scheme not in {"http", "https"} or not _PATH.fullmatch(parts.path):
        raise ValueError(f"expected {BASE_URL_EXPECTED}")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}"


def read_link(written: str) -> str:
    """An https address for guests to follow."""
    if not _is_https(written):
        raise ValueError("expected an https address such as https://brand.example/menu")
    return written


def read_contact(written: str) -> str:
    """The contact of security.txt (RFC 9116): a mailto: or https: address."""
    if _is_https(written) or re.fullmatch(r"mailto:[^@\s?]+@[^@\s?]+\.[^@\s?]+", written):
        return written
    raise ValueError("expected a mailto: or https: address such as mailto:security@brand.example")


def _split(written: str) -> SplitResult | None:
    # urlsplit drops tabs and line breaks silently, so they are refused before it sees them.
    if not _VISIBLE.fullmatch(written):
        return None
    try:
        parts = urlsplit(written)
        _ = parts.port  # raises when the port is no number or out of range
    except ValueError:
        return None
    return parts


def _is_https(written: str) -> bool:
    parts = _split(written)
    return bool(parts and parts.scheme == "https" and parts.hostname and "@" not in parts.netloc)


def _is_ipv6(host: str) -> bool:
    if not (host.startswith("[") and host.endswith("]")):
        return False
    try:
        ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
