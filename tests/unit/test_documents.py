"""What README and the documents say of the repository is so: commands, targets, pictures."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.support.documents import markdown, pictures_in_readme
from tests.support.sandbox import REPOSITORY

COMMAND = re.compile(r"manage\.py ([a-z_]+)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]+)")
MODULE = re.compile(r"-m (tests[\w.]+)")
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]+):(?!=)", MAKEFILE, re.MULTILINE))
HOOKS = re.findall(r"entry: (\S+)", (REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
MOST_BYTES_OF_PICTURES = 200 * 1024


def code_in(page: Path) -> str:
    """What a page shows as code: in backticks, and in lines indented by four blanks."""
    text = page.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"`([^`]+)`", text) + re.findall(r"^ {4}(.+)$", text, re.MULTILINE))


def unknown(named: re.Pattern[str], known: set[str]) -> dict[str, list[str]]:
    """The names that pages show as code and nothing answers to, by page."""
    missing = {page.name: sorted(set(named.findall(code_in(page))) - known) for page in markdown()}
    return {page: names for page, names in missing.items() if names}


def test_names_commands_that_exist() -> None:
    assert unknown(COMMAND, set(get_commands())) == {}


def test_names_targets_that_exist() -> None:
    assert unknown(TARGET, TARGETS) == {}


@pytest.mark.parametrize("module", sorted(set(MODULE.findall(MAKEFILE))))
def test_can_begin_what_a_target_runs(module: str) -> None:
    found = importlib.util.find_spec(module)

    assert found is not None
    if found.submodule_search_locations is not None:
        assert importlib.util.find_spec(f"{module}.__main__") is not None


def test_tells_in_readme_what_every_documented_target_does() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^([a-z][a-z-]+):.*## ", MAKEFILE, re.MULTILINE))

    assert documented - set(re.findall(r"^\| `make ([a-z-]+)` \|", readme, re.MULTILINE)) == set()


def test_tells_in_readme_what_every_command_of_the_portal_does() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    apps = ("accounts", "gifting", "guestportal")
    ours = {name for name, app in get_commands().items() if str(app).startswith(apps)}

    assert ours - set(COMMAND.findall(readme)) == set()


def test_keeps_the_pictures_that_readme_shows_and_no_other() -> None:
    kept = set((REPOSITORY / "docs" / "screenshots").iterdir())

    assert kept == set(pictures_in_readme())
    assert sum(picture.stat().st_size for picture in kept) <= MOST_BYTES_OF_PICTURES


def test_notices_a_command_and_a_target_that_do_not_exist() -> None:
    assert set(COMMAND.findall("manage.py settle_gifs --loop")) - set(get_commands())
    assert set(TARGET.findall("make scren-shots")) - TARGETS


def test_has_the_version_of_the_newest_release_in_the_changelog() -> None:
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first, *releases = re.findall(r"^## (.+)$", changelog, re.MULTILINE)

    assert first == "Unreleased"
    assert re.fullmatch(rf"{re.escape(project['version'])} \(\d{{4}}-\d\d-\d\d\)", releases[0])


@pytest.mark.parametrize("hook", HOOKS)
def test_runs_tools_of_the_project_alone_before_a_commit(hook: str) -> None:
    assert hook.startswith(".venv/bin/")
    assert (REPOSITORY / hook).exists()
