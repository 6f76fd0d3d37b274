"""A docstring stands alone: readable on hover, without the function above it, in terms and not of "somebody"."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sandbox import REPOSITORY

ROOMS = (
    "accounts",
    "gifting",
    "guestportal/merchants",
    "guestportal/paytronix",
    "guestportal/sandbox",
    "guestportal/storage",
    "guestportal/throttling",
    "guestportal/web",
)
LEANS_ON_ANOTHER = re.compile(r"(The same\b|As `|Likewise\b|See `|Ditto\b)")
# Where a term says who or what it is: row, claim, wallet, tier, guest, process.
VAGUE = re.compile(r"\b(?:some|any|no|every)body\b|\bwhoever\b", re.IGNORECASE)
# Django shows their own words instead: `help`, and the app's name.
SPEAKS_OTHERWISE = {"BaseCommand", "AppConfig"}

Documented = ast.FunctionDef | ast.ClassDef


def is_public(node: ast.stmt) -> bool:
    """Whether a module shows a function or class to others that has to say what it is."""
    if not isinstance(node, Documented) or node.name.startswith("_"):
        return False
    if isinstance(node, ast.ClassDef):
        return not {ast.unparse(base).rpartition(".")[2] for base in node.bases} & SPEAKS_OTHERWISE
    return "overload" not in {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}


def without_docstring(tree: ast.Module) -> list[str]:
    """The names of a module's public functions and classes that say nothing."""
    return [
        node.name
        for node in tree.body
        if is_public(node) and isinstance(node, Documented) and not ast.get_docstring(node)
    ]


def leaning(tree: ast.Module) -> list[str]:
    """The first lines of docstrings, private ones too, that need another function's to be understood."""
    return [text.splitlines()[0] for text in docstrings(tree) if LEANS_ON_ANOTHER.match(text)]


def vague(tree: ast.Module) -> list[str]:
    """The first lines of docstrings, private ones too, that name no term for who or what is meant."""
    return [text.splitlines()[0] for text in docstrings(tree) if VAGUE.search(text)]


def docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, Documented | ast.Module) and (text := ast.get_docstring(node)):
            yield text


def modules(room: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((REPOSITORY / room).rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(REPOSITORY)), parsed(path)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("room", ROOMS)
def test_says_what_every_public_function_and_class_is(room: str) -> None:
    assert {path: names for path, tree in modules(room) if (names := without_docstring(tree))} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_leans_on_no_other_docstring(room: str) -> None:
    assert {path: lines for path, tree in modules(room) if (lines := leaning(tree))} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_speaks_in_terms(room: str) -> None:
    assert {path: lines for path, tree in modules(room) if (lines := vague(tree))} == {}


def test_notices_a_docstring_that_leans_one_that_is_vague_and_one_that_is_missing() -> None:
    tree = ast.parse(
        'def one():\n    """The same on one line."""\n'
        'def two():\n    """As `one`, for names."""\n'
        'def _four():\n    """The gift that somebody sent."""\n'
        "def three(): ...\n"
        "class Command(BaseCommand): ...\n"
    )

    assert leaning(tree) == ["The same on one line.", "As `one`, for names."]
    assert vague(tree) == ["The gift that somebody sent."]
    assert without_docstring(tree) == ["three"]
