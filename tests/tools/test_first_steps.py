"""The tools that documents cite still begin: modules are there, and each portal starts and lets a guest in."""

import importlib.util
import re
from pathlib import Path

import pytest

from guestportal.sandbox.cards import SEED
from tests.support.sandbox import ACCOUNT_INFORMATION, REPOSITORY
from tests.support.source_copy import run_python
from tests.tools.scan.attack import ROOMY, signed_in
from tests.tools.scan.bill import without_addresses
from tests.tools.scan.observatory import HERE
from tests.tools.scan.portal import SecurePortal
from tests.tools.siege.portal import Portal
from tests.tools.siege.visitors import Answer, Visitor

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.mark.parametrize("module", sorted(set(re.findall(r"-m (tests\.[\w.]+)", MAKEFILE))))
def test_a_module_that_a_target_runs_is_there(module: str) -> None:
    assert importlib.util.find_spec(module)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_target_that_a_document_names_is_there(document: Path) -> None:
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8")))

    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("tool", ["siege", "mutation"])
def test_a_tool_with_options_explains_them(tool: str) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "guestportal.settings", "DEBUG": "true"}

    done = run_python("-m", f"tests.tools.{tool}", "--help", environment=environment, folder=REPOSITORY)

    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout


@pytest.mark.long
def test_the_portal_under_siege_lets_a_guest_in_who_solves_proofs() -> None:
    with Portal(limits="site=200") as portal:
        guest = Visitor(portal.port, "192.0.2.1", solves=True)
        assert guest.enter(SEED.number, SEED.code) is Answer.IN
        assert guest.open("/balance/") == 200
        guest.close()
        assert len(portal.sandbox.requests(ACCOUNT_INFORMATION)) == 1
        assert "the day" in portal.manage("attack_report")


@pytest.mark.long
def test_the_portal_that_is_scanned_lets_a_guest_in_behind_tls() -> None:
    with SecurePortal(**ROOMY) as portal:
        assert "sessionid" in signed_in(portal)


def test_the_observatorys_script_is_there() -> None:
    assert (HERE / "observatory.mjs").is_file()


def test_the_bill_of_materials_keeps_hashes_and_no_addresses() -> None:
    reference = {"url": "https://packages.example/a.whl", "hashes": [{"alg": "SHA-256", "content": "abc"}]}
    component = {"name": "a", "version": "1", "description": "A.", "externalReferences": [reference]}

    bill = without_addresses({"components": [component], "metadata": {"tools": {}, "timestamp": "now"}})

    assert bill["components"] == [
        {"name": "a", "version": "1", "hashes": [{"alg": "SHA-256", "content": "abc"}]}
    ]
    assert bill["metadata"] == {"timestamp": "now"}
