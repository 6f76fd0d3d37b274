"""Who may import whom: every contract is kept, and each one notices the import it was written against."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox_process import REPOSITORY
from tests.source_copy import copy_source, run_python

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
HEADING = re.compile(r"^(.+)\n-{3,}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Breach:
    """An import that breaks one contract, and the line to write when it is no plain one."""

    contract: str
    importer: str
    imported: str
    line: str = ""


BREACHES = (
    Breach("floor", "guestportal.paytronix.wire", "accounts.domain"),
    Breach("floor", "guestportal.paytronix.styles", "guestportal.web.http"),
    Breach("floor", "guestportal.paytronix.integration", "guestportal.merchants.colours"),
    Breach("floor", "guestportal.paytronix.guest", "guestportal.sandbox.identity"),
    Breach("merchants", "guestportal.merchants.colours", "accounts.domain"),
    Breach("merchants", "guestportal.merchants.registry", "guestportal.web.http"),
    Breach("throttling", "guestportal.throttling.counters", "accounts.domain"),
    Breach("throttling", "guestportal.throttling.proofs", "guestportal.web.http"),
    Breach("altcha", "accounts.services", "altcha"),
    Breach("stand-in", "guestportal.sandbox.replies", "guestportal.paytronix.wire"),
    Breach("stand-in", "guestportal.sandbox.accounts", "accounts.domain"),
    Breach("web", "guestportal.web.pages", "accounts.services"),
    Breach("web", "guestportal.web.language", "accounts.unthrottled"),
    Breach("web", "guestportal.web.locales", "accounts.identities"),
    Breach("web", "guestportal.web.assets", "accounts.normalisation"),
    Breach("web", "guestportal.web.stylesheet", "accounts.verdict"),
    Breach("web", "guestportal.web.templatetags.portal", "accounts.masking"),
    Breach("accounts", "accounts.services", "gifting.domain"),
    Breach("unthrottled", "accounts.views.entrance", "accounts.unthrottled"),
    Breach(
        "unthrottled", "accounts.forms", "accounts.unthrottled", "from accounts.unthrottled import open_card"
    ),
    Breach("unthrottled", "gifting.views.sending", "accounts.unthrottled"),
    Breach("answers", "gifting.answering", "gifting.sending.pace"),
    Breach("services-only", "gifting.sending.forms", "guestportal.paytronix.gift_transfer"),
    Breach("services-only", "gifting.sending.domain", "guestportal.paytronix.client"),
    Breach("services-only", "gifting.sending.words", "guestportal.paytronix.guest"),
    Breach("services-only", "gifting.sending.ledger", "guestportal.paytronix.client"),
    Breach("services-only", "gifting.forms", "guestportal.paytronix.gift_transfer"),
    Breach("services-only", "accounts.views.entrance", "guestportal.paytronix.client"),
    Breach("services-only", "accounts.forms", "guestportal.paytronix.guest"),
    Breach("services-only", "accounts.verdict", "guestportal.paytronix.client"),
    Breach("services-only", "guestportal.web.context", "guestportal.paytronix.guest"),
    Breach("wire", "accounts.gate", "guestportal.paytronix.wire"),
    Breach("wire", "gifting.sending.forms", "guestportal.paytronix.gift_wire"),
    Breach("wire", "gifting.sending.domain", "guestportal.paytronix.wire"),
    Breach("wire", "gifting.sending.words", "guestportal.paytronix.wire"),
    Breach("requests", "accounts.services", "requests"),
    Breach("requests", "guestportal.paytronix.guest", "requests", "from requests import Session"),
    Breach("msgspec", "accounts.reading", "msgspec"),
    Breach("msgspec", "guestportal.sandbox.jsontext", "msgspec"),
    Breach("settings", "accounts.verdict", "guestportal.settings"),
    Breach("settings", "tests.browsing", "guestportal.settings", "from guestportal import settings"),
    Breach("tests", "guestportal.web.health", "tests.browsing"),
)


def contracts() -> dict[str, str]:
    """The contracts' names by their ids."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {
        each["id"]: each["name"] for each in document["tool"]["importlinter"]["contracts"]
    }
    return found


def accounts_kept_from(contract: str) -> set[str]:
    """The modules of accounts that a contract forbids."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = (each for each in document["tool"]["importlinter"]["contracts"] if each["id"] == contract)
    return {name for name in found["forbidden_modules"] if name.startswith("accounts.")}


def lint(folder: Path) -> dict[str, str]:
    """What is found against each broken contract in this tree, by the contract's name."""
    done = run_python("-c", LINT, "--no-cache", environment={"COLUMNS": "200"}, folder=folder)
    _before, *sections = HEADING.split(done.stdout.partition("Broken contracts\n")[2])
    found = dict(zip(sections[::2], sections[1::2], strict=True))
    for name in contracts().values():
        assert f"\n{name} {'BROKEN' if name in found else 'KEPT'}" in done.stdout, done.stdout + done.stderr
    assert (done.returncode == 0) is (not found), done.stdout + done.stderr
    return found


def test_keeps_every_contract() -> None:
    assert lint(REPOSITORY) == {}


def names(section: str, breach: Breach) -> bool:
    """Whether a section has the import and nothing behind it: one that only leads on to another does not count."""
    line = rf"^- +{re.escape(breach.importer)} -> {re.escape(breach.imported)} \(l\.[^)]*\)\n\n"
    return re.search(line, section, re.MULTILINE) is not None


def test_notices_every_forbidden_import(tmp_path: Path) -> None:
    source = copy_source(tmp_path)
    for breach in BREACHES:
        with (source / f"{breach.importer.replace('.', '/')}.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{breach.line or f'import {breach.imported}'}\n")
    found, by_id = lint(tmp_path), contracts()

    assert [breach for breach in BREACHES if not names(found.get(by_id[breach.contract], ""), breach)] == []


def test_glue_is_kept_from_all_of_accounts_but_the_domain_objects() -> None:
    modules = {
        f"accounts.{each.stem}"
        for each in (REPOSITORY / "accounts").iterdir()
        if each.suffix == ".py" or (each / "__init__.py").exists()
    }
    wiring = {"__init__", "apps", "domain", "management", "migrations", "urls"}
    assert modules - {f"accounts.{each}" for each in wiring} == accounts_kept_from("web")


def test_shows_every_contract_broken_once() -> None:
    assert {breach.contract for breach in BREACHES} == set(contracts())
