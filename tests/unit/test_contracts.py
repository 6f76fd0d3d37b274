"""Who may import whom: every contract is kept, and a new module of any package is held to each of them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import copy_source, run_python

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
HEADING = re.compile(r"^(.+)\n-{3,}\n", re.MULTILINE)
PROGRAMS = ("guestportal", "accounts", "gifting")


class Breach(NamedTuple):
    """An import that breaks one contract."""

    contract: str
    importer: str
    imported: str


# What a new module of any package must not import, and the packages that may.
PROTECTED = {
    ("requests", "requests"): (),
    ("altcha", "altcha"): (),
    ("msgspec", "msgspec"): ("guestportal.paytronix",),
    ("pydantic", "pydantic"): ("guestportal.merchants",),
    ("sandbox", "guestportal.sandbox.identity"): ("guestportal.sandbox",),
    ("settings", "guestportal.settings"): (),
    ("unthrottled", "accounts.unthrottled"): (),
    ("unthrottled", "accounts.tokens"): (),
    ("tables", "gifting.models"): ("gifting.ledger",),
    ("calls", "guestportal.paytronix.client"): ("guestportal.paytronix",),
    ("calls", "guestportal.paytronix.services.guest"): ("guestportal.paytronix",),
    ("calls", "guestportal.paytronix.replies.account"): ("guestportal.paytronix",),
    ("pages", "accounts.views.balance"): ("accounts.views",),
    ("pages", "gifting.receiving.views.inbox"): ("gifting.receiving.views",),
    ("pages", "gifting.history.views"): (),
}
# Imports from a room into one above it or beside it.
UPWARD = (
    ("programs", "guestportal", "accounts.domain"),
    ("programs", "guestportal", "gifting.gift.domain"),
    ("programs", "accounts", "gifting.gift.domain"),
    ("programs", "gifting", "tests.support.builders"),
    ("floor", "guestportal.paytronix", "guestportal.merchants.definition"),
    ("floor", "guestportal.paytronix", "guestportal.storage.lookup"),
    ("floor", "guestportal.paytronix", "guestportal.watch.seen"),
    ("floor", "guestportal.watch", "guestportal.merchants.definition"),
    ("floor", "guestportal.storage", "guestportal.paytronix.errors"),
    ("floor", "guestportal.merchants", "guestportal.throttling.limits"),
    ("floor", "guestportal.merchants", "guestportal.web.http"),
    ("floor", "guestportal.throttling", "guestportal.web.http"),
    ("stand-in", "guestportal.sandbox", "guestportal.paytronix.errors"),
    ("stand-in", "guestportal.sandbox", "guestportal.merchants.definition"),
    ("stand-in", "guestportal.sandbox", "accounts.domain"),
    ("rooms", "gifting.gift", "gifting.ledger.schedule"),
    ("rooms", "gifting.ledger", "gifting.receiving.outcomes"),
    ("rooms", "gifting.ledger", "gifting.sending.domain"),
    ("rooms", "gifting.receiving", "gifting.sending.domain"),
    ("rooms", "gifting.sending", "gifting.receiving.outcomes"),
    ("rooms", "gifting.receiving", "gifting.history.filters"),
)


def packages() -> Iterator[str]:
    """Every package of the programs, by its dotted name; migrations are written by Django."""
    for program in PROGRAMS:
        for init in sorted((REPOSITORY / program).rglob("__init__.py")):
            name = ".".join(init.parent.relative_to(REPOSITORY).parts)
            if "migrations" not in name:
                yield name


def is_within(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def breaches() -> Iterator[Breach]:
    """Each forbidden import of a new module in each package."""
    for package in packages():
        importer = f"{package}.newcomer"
        for (contract, imported), allowed in PROTECTED.items():
            if not any(is_within(package, each) for each in allowed):
                yield Breach(contract, importer, imported)
        for contract, room, imported in UPWARD:
            if is_within(package, room):
                yield Breach(contract, importer, imported)


def contracts() -> dict[str, str]:
    """The contracts' names by their ids."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {
        each["id"]: each["name"] for each in document["tool"]["importlinter"]["contracts"]
    }
    return found


def lint(folder: Path) -> dict[str, str]:
    """What is found against each broken contract in this tree, by the contract's name."""
    done = run_python("-c", LINT, "--no-cache", environment={"COLUMNS": "200"}, folder=folder)
    _before, *sections = HEADING.split(done.stdout.partition("Broken contracts\n")[2])
    found = dict(zip(sections[::2], sections[1::2], strict=True))
    for name in contracts().values():
        assert f"\n{name} {'BROKEN' if name in found else 'KEPT'}" in done.stdout, done.stdout + done.stderr
    assert (done.returncode == 0) is (not found), done.stdout + done.stderr
    return found


def names(section: str, breach: Breach) -> bool:
    """Whether a section has the import itself: one that only leads on to another does not count."""
    line = rf"^- +{re.escape(breach.importer)} -> {re.escape(breach.imported)} \(l\.[^)]*\)\n\n"
    return re.search(line, section, re.MULTILINE) is not None


def test_keeps_every_contract() -> None:
    assert lint(REPOSITORY) == {}


def test_holds_a_new_module_of_each_package_to_every_contract(tmp_path: Path) -> None:
    source = copy_source(tmp_path)
    expected = list(breaches())
    for package in packages():
        lines = [f"import {each.imported}\n" for each in expected if each.importer == f"{package}.newcomer"]
        (source / package.replace(".", "/") / "newcomer.py").write_text("".join(lines), encoding="utf-8")
    found, by_id = lint(source), contracts()

    assert {each.contract for each in expected} == by_id.keys() - {"accounts", "circles"}
    assert [breach for breach in expected if not names(found.get(by_id[breach.contract], ""), breach)] == []
    assert "No cycles are allowed in guestportal." in found[by_id["circles"]]


def test_wants_a_place_for_an_empty_new_module(tmp_path: Path) -> None:
    source = copy_source(tmp_path)
    for program in PROGRAMS:
        (source / program / "newcomer.py").write_text("", encoding="utf-8")
    found, by_id = lint(source), contracts()

    assert found.keys() == {by_id["floor"], by_id["accounts"], by_id["rooms"]}
