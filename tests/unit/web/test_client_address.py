"""Whose address a limit is about: nobody can choose it by writing a header."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from guestportal.web.client_address import client_address

PEER = "192.0.2.7"


def address(settings: Settings, *, hops: int, forwarded: str | None = None, peer: str = PEER) -> str:
    settings.TRUSTED_PROXY_COUNT = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize("forwarded", [None, "203.0.113.9", "203.0.113.9, 198.51.100.1", "", ",", "x" * 9000])
def test_a_forwarded_header_changes_nothing_without_proxies(
    settings: Settings, forwarded: str | None
) -> None:
    assert address(settings, hops=0, forwarded=forwarded) == PEER


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 2.2.2.2, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", PEER),
        (3, "", PEER),
    ],
)
def test_counts_trusted_proxies_from_the_right(
    settings: Settings, hops: int, forwarded: str, expected: str
) -> None:
    assert address(settings, hops=hops, forwarded=forwarded) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::ffff:cb00:7109", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("  203.0.113.9\t", "203.0.113.9"),
    ],
)
def test_gives_each_address_one_form(settings: Settings, written: str, expected: str) -> None:
    assert address(settings, hops=1, forwarded=written) == expected
    assert address(settings, hops=0, peer=written.strip("\t ")) == expected


@pytest.mark.parametrize(
    "written",
    [
        "unknown",
        "_hidden",
        "999.1.1.1",
        "203.0.113.009",
        "1.2.3",
        "0x7f.1",
        "[",
        "[]",
        ":",
        "::1::",
        "é",
        "1" * 5000,
    ],
)
def test_garbage_leaves_the_address_of_whoever_is_connected(settings: Settings, written: str) -> None:
    assert address(settings, hops=1, forwarded=written) == PEER


def test_a_connection_without_an_address_has_an_empty_one(settings: Settings) -> None:
    assert address(settings, hops=0, peer="") == ""
