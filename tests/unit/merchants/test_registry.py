"""Which merchant a host belongs to."""

import dataclasses
from pathlib import Path

import pytest

from guestportal.merchants.registry import Registry, current_registry
from tests.conftest import serving
from tests.support.merchant_files import merchant


@pytest.fixture
def two(tmp_path: Path) -> Registry:
    bakery = merchant(tmp_path, {"hosts": '["Bakery.example", "[::1]", "127.0.0.1"]'})
    tea = dataclasses.replace(bakery, slug="a-tea", hosts=("tea.example",))
    return Registry([bakery, tea])


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("bakery.example", "corner-bakery"),
        ("bakery.example:8443", "corner-bakery"),
        ("BAKERY.Example:80", "corner-bakery"),
        ("bakery.example.", "corner-bakery"),
        ("[::1]:8000", "corner-bakery"),
        ("[::1]", "corner-bakery"),
        ("127.0.0.1:8000", "corner-bakery"),
        ("tea.example", "a-tea"),
        ("www.tea.example", None),
        ("tea.example.evil.example", None),
        ("*", None),
        ("", None),
        ("tea.example/x", None),
        ("tea.example@evil.example", None),
    ],
)
def test_a_host_finds_its_merchant(two: Registry, host: str, slug: str | None) -> None:
    found = two.for_host(host)

    assert (found.slug if found else None) == slug


def test_other_hosts_fall_back_to_the_star(tmp_path: Path) -> None:
    bakery = merchant(tmp_path)
    tea = dataclasses.replace(bakery, slug="tea", hosts=("tea.example", "*"))
    registry = Registry([bakery, tea])

    assert registry.for_host("bakery.example") is bakery
    assert registry.for_host("anything.example") is tea
    assert registry.for_host("no host at all") is None


def test_merchants_are_found_by_slug_and_counted_in_order(two: Registry) -> None:
    assert [one.slug for one in two] == ["a-tea", "corner-bakery"]
    assert len(two) == 2
    assert two.by_slug("a-tea") is next(iter(two))
    assert two.by_slug("gone") is None


def test_the_program_has_loaded_its_registry() -> None:
    assert [one.slug for one in current_registry()] == ["demo"]


def test_a_test_can_put_other_merchants_in_place(two: Registry) -> None:
    with serving(*two):
        assert current_registry().by_slug("a-tea")

    assert current_registry().by_slug("a-tea") is None
