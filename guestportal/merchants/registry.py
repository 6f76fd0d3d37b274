"""All merchants of this deployment, and whose page a host is. It does not read files."""

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from django.apps import apps
from django.http.request import split_domain_port

from guestportal.merchants.addresses import ANY_HOST
from guestportal.merchants.definition import Merchant


class Registry:
    """An immutable collection of merchants, iterated in the order of their slugs."""

    __slots__ = ("_by_host", "_by_slug")

    def __init__(self, merchants: Iterable[Merchant]) -> None:
        """Expects slugs and hosts that differ, which `load_merchants` has checked."""
        self._by_slug = {merchant.slug: merchant for merchant in sorted(merchants, key=lambda one: one.slug)}
        self._by_host = {host: merchant for merchant in self for host in merchant.hosts}

    def __iter__(self) -> Iterator[Merchant]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)

    def __repr__(self) -> str:
        return f"Registry({', '.join(self._by_slug)})"

    def for_host(self, host: str) -> Merchant | None:
        """The merchant of a Host header, with or without a port and in any case; None for an unknown one."""
        domain, _port = split_domain_port(host)
        if not domain:
            return None
        return self._by_host.get(domain) or self._by_host.get(ANY_HOST)

    def by_slug(self, slug: str) -> Merchant | None:
        """The merchant a stored row belongs to; None when its file is gone."""
        return self._by_slug.get(slug)


class _HoldsRegistry(Protocol):
    """The app's configuration, which loads the merchants when the program starts."""

    registry: Registry


def current_registry() -> Registry:
    """The registry that the program loaded at start."""
    return cast("_HoldsRegistry", apps.get_app_config("merchants")).registry
