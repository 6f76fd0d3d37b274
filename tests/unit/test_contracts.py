"""Who may import whom: every contract is kept, and each one notices the import it was written against."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import copy_source, run_python

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
    Breach("floor", "guestportal.paytronix.replies.account", "accounts.domain"),
    Breach("floor", "guestportal.paytronix.styles", "guestportal.web.http"),
    Breach("floor", "guestportal.paytronix.integration", "guestportal.merchants.colours"),
    Breach("floor", "guestportal.paytronix.services.guest", "guestportal.sandbox.identity"),
    Breach("storage", "guestportal.storage.sealing", "accounts.domain"),
    Breach("storage", "guestportal.storage.resealing", "guestportal.merchants.registry"),
    Breach("merchants", "guestportal.merchants.colours", "accounts.domain"),
    Breach("merchants", "guestportal.merchants.registry", "guestportal.web.http"),
    Breach("throttling", "guestportal.throttling.counters", "accounts.domain"),
    Breach("throttling", "guestportal.throttling.proofs", "guestportal.web.http"),
    Breach("altcha", "accounts.attempts", "altcha"),
    Breach("stand-in", "guestportal.sandbox.replies", "guestportal.paytronix.replies.account"),
    Breach("stand-in", "guestportal.sandbox.accounts", "accounts.domain"),
    Breach("web", "guestportal.web.pages", "accounts.services"),
    Breach("web", "guestportal.web.language", "accounts.unthrottled"),
    Breach("web", "guestportal.web.locales", "accounts.identities"),
    Breach("web", "guestportal.web.assets", "accounts.normalisation"),
    Breach("web", "guestportal.web.stylesheet", "accounts.verdict"),
    Breach("web", "guestportal.web.templatetags.portal", "accounts.masking"),
    Breach("accounts", "accounts.services", "gifting.gift.domain"),
    Breach("answers", "gifting.ledger.answers", "gifting.ledger.wish_schedule"),
    Breach("services-only", "gifting.sending.forms", "guestportal.paytronix.services.gift_transfer"),
    Breach("services-only", "gifting.sending.domain", "guestportal.paytronix.client"),
    Breach("services-only", "gifting.sending.words", "guestportal.paytronix.services.guest"),
    Breach("services-only", "gifting.ledger.wishes", "guestportal.paytronix.client"),
    Breach("services-only", "gifting.gift.note_form", "guestportal.paytronix.services.gift_transfer"),
    Breach("services-only", "accounts.views.entrance", "guestportal.paytronix.client"),
    Breach("services-only", "accounts.forms", "guestportal.paytronix.services.guest"),
    Breach("services-only", "accounts.verdict", "guestportal.paytronix.client"),
    Breach("services-only", "guestportal.web.context", "guestportal.paytronix.services.guest"),
    Breach("wire", "accounts.gate", "guestportal.paytronix.replies.account"),
    Breach("wire", "gifting.sending.forms", "guestportal.paytronix.replies.gift_transfer"),
    Breach("wire", "gifting.sending.domain", "guestportal.paytronix.replies.account"),
    Breach("wire", "gifting.sending.words", "guestportal.paytronix.replies.account"),
    Breach("requests", "accounts.services", "requests"),
    Breach("requests", "guestportal.paytronix.services.guest", "requests", "from requests import Session"),
    Breach("msgspec", "accounts.reading", "msgspec"),
    Breach("msgspec", "guestportal.sandbox.jsontext", "msgspec"),
    Breach("msgspec", "guestportal.merchants.decoding", "msgspec"),
    Breach("pydantic", "accounts.reading", "pydantic"),
    Breach("pydantic", "guestportal.paytronix.wire", "pydantic"),
    Breach("sandbox", "guestportal.paytronix.services.guest", "guestportal.sandbox.identity"),
    Breach("sandbox", "guestportal.merchants.credentials", "guestportal.sandbox.identity"),
    Breach("sandbox", "guestportal.web.context", "guestportal.sandbox.cards"),
    Breach("settings", "accounts.verdict", "guestportal.settings"),
    Breach(
        "settings", "tests.support.plain_browser", "guestportal.settings", "from guestportal import settings"
    ),
    Breach("tests", "guestportal.web.health", "tests.support.plain_browser"),
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
