"""Who may import whom: every contract is kept, and each one notices the import it was written against."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sandbox_process import REPOSITORY
from tests.source_copy import copy_source, run_python

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True, slots=True)
class Breach:
    """An import line that breaks one contract when it stands in a file."""

    contract: str
    file: str
    line: str


BREACHES = (
    Breach("floor", "guestportal/paytronix/wire.py", "import accounts.domain"),
    Breach("floor", "guestportal/paytronix/styles.py", "import guestportal.web.http"),
    Breach("floor", "guestportal/paytronix/integration.py", "import guestportal.merchants.colours"),
    Breach("floor", "guestportal/paytronix/guest.py", "import guestportal.sandbox.identity"),
    Breach("merchants", "guestportal/merchants/colours.py", "import accounts.domain"),
    Breach("merchants", "guestportal/merchants/registry.py", "import guestportal.web.http"),
    Breach("throttling", "guestportal/throttling/counters.py", "import accounts.domain"),
    Breach("throttling", "guestportal/throttling/proofs.py", "import guestportal.web.http"),
    Breach("altcha", "accounts/attempts.py", "import altcha"),
    Breach("stand-in", "guestportal/sandbox/replies.py", "import guestportal.paytronix.wire"),
    Breach("stand-in", "guestportal/sandbox/accounts.py", "import accounts.domain"),
    Breach("web", "guestportal/web/pages.py", "import accounts.services"),
    Breach("accounts", "accounts/services.py", "import gifting.domain"),
    Breach("services-only", "gifting/forms.py", "import guestportal.paytronix.gift_transfer"),
    Breach("services-only", "accounts/views/entrance.py", "import guestportal.paytronix.client"),
    Breach("services-only", "accounts/forms.py", "import guestportal.paytronix.guest"),
    Breach("services-only", "accounts/verdict.py", "import guestportal.paytronix.client"),
    Breach("services-only", "guestportal/web/context.py", "import guestportal.paytronix.guest"),
    Breach("wire", "accounts/gate.py", "import guestportal.paytronix.wire"),
    Breach("requests", "accounts/services.py", "import requests"),
    Breach("requests", "guestportal/paytronix/guest.py", "from requests import Session"),
    Breach("msgspec", "accounts/reading.py", "import msgspec"),
    Breach("msgspec", "guestportal/sandbox/jsontext.py", "import msgspec"),
    Breach("settings", "accounts/verdict.py", "import guestportal.settings"),
    Breach("settings", "tests/browsing.py", "from guestportal import settings"),
    Breach("tests", "guestportal/web/health.py", "import tests.browsing"),
)


def contracts() -> dict[str, str]:
    """The contracts' names by their ids."""
    document = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {
        each["id"]: each["name"] for each in document["tool"]["importlinter"]["contracts"]
    }
    return found


def lint(folder: Path) -> dict[str, bool]:
    """Whether each contract is kept in this tree, by its name."""
    done = run_python("-c", LINT, "--no-cache", environment={"COLUMNS": "200"}, folder=folder)
    kept: dict[str, bool] = {}
    for line in done.stdout.splitlines():
        for name in contracts().values():
            if line.startswith((f"{name} KEPT", f"{name} BROKEN")):
                kept[name] = line.startswith(f"{name} KEPT")
    assert (done.returncode == 0) is all(kept.values()), done.stdout + done.stderr
    assert set(kept) == set(contracts().values()), done.stdout + done.stderr
    return kept


def test_keeps_every_contract() -> None:
    assert [name for name, kept in lint(REPOSITORY).items() if not kept] == []


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.file}")
def test_notices_a_forbidden_import(tmp_path: Path, breach: Breach) -> None:
    file = copy_source(tmp_path) / breach.file
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{breach.line}\n", encoding="utf-8")

    assert lint(tmp_path)[contracts()[breach.contract]] is False


def test_shows_every_contract_broken_once() -> None:
    assert {breach.contract for breach in BREACHES} == set(contracts())
