"""Where a request came from, as far as that can be known: told by trusted proxies alone, never by the guest."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# What a household or a rented server has at the least, so that its many addresses count as one.
_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """The address that limits are about: an IPv4 address, or an IPv6 network of /64.

    With TRUSTED_PROXY_COUNT = n it is the n-th element from the right of X-Forwarded-For, which the outermost of our
    proxies has written; a client can write what stands further left. An element that is no address, or a list that
    is too short, leaves the address of the connection's other end; empty for a connection without one.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    hops = settings.TRUSTED_PROXY_COUNT
    if hops:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= hops and (told := _normal(forwarded[-hops])):
            return told
    return _normal(peer) or peer


def _normal(text: str) -> str:
    """The address in its one form; empty when it is none. Proxies may add a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((address, _PREFIX), strict=False))
        address = address.ipv4_mapped
    return str(address)
