"""README's recipe "To add a Paytronix operation, touch these files" is true for every operation that there is."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from guestportal.paytronix import services
from guestportal.paytronix.calls import Operation
from guestportal.paytronix.redaction import redact_prose
from guestportal.sandbox.endpoints import ENDPOINTS
from tests.support.sandbox import REPOSITORY
from tests.unit.services.operations import OPERATIONS, Asked, named

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
HEADING = "### To add a Paytronix operation, touch these files"
TABLE = "tests/unit/services/operations.py"
CALLERS = ("accounts", "gifting")
# What may stand in a log line: it says something of the call, and nothing of a guest.
HARMLESS = {"authentication", "grant_type", "scope", "cardTemplateCode", "walletCode"}


@dataclass(frozen=True, slots=True)
class Known:
    """An operation, where it stands, and the methods of its service that call it."""

    constant: str
    operation: Operation
    module: str
    methods: frozenset[str]

    def __str__(self) -> str:
        return self.operation.name


def file_of(module: str) -> str:
    return module.replace(".", "/") + ".py"


def tree_of(file: str) -> ast.Module:
    return ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))


def uses(tree: ast.AST, name: str) -> bool:
    """Whether a name is read, as a variable or as an attribute."""
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(tree)
    )


def methods_that_call(constant: str, tree: ast.Module) -> frozenset[str]:
    """The public methods that use the operation, themselves or through a private method."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    private = [each.name for each in functions if each.name.startswith("_") and uses(each, constant)]
    return frozenset(
        each.name
        for each in functions
        if not each.name.startswith("_") and any(uses(each, name) for name in (constant, *private))
    )


def operations() -> Iterator[Known]:
    """Every operation of every service."""
    for info in iter_modules(services.__path__, f"{services.__name__}."):
        tree = tree_of(file_of(info.name))
        for name, value in vars(import_module(info.name)).items():
            if isinstance(value, Operation):
                yield Known(name, value, info.name, methods_that_call(name, tree))


KNOWN = tuple(operations())


def recipe() -> set[str]:
    """The files that the recipe names."""
    text = README[README.index(HEADING) + len(HEADING) :]
    return set(re.findall(r"`([\w./]+\.py)`", text[: text.index("\n## ")]))


def callers_of(method: str) -> set[str]:
    """The files of the apps that make a service of Paytronix and call a method of this name."""
    found = set()
    for path in (each for app in CALLERS for each in (REPOSITORY / app).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Service(" in text or "service_for(" in text:
            calls = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
            if any(isinstance(call, ast.Attribute) and call.attr == method for call in calls):
                found.add(str(path.relative_to(REPOSITORY)))
    return found


def replies_in(module: str) -> set[str]:
    """The files of the reply structs that a service hands to the client."""
    return {
        file_of(node.module)
        for node in ast.walk(tree_of(file_of(module)))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("guestportal.paytronix.replies.")
        if node.module
    }


def values_of(parameters: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every value that is sent, with its key."""
    if isinstance(parameters, dict):
        for name, value in parameters.items():
            yield from values_of(value, name)
    else:
        yield key, str(parameters)


def test_knows_all_three_services() -> None:
    assert {known.operation.name.split("/")[0] for known in KNOWN} == {"guest", "oauth", "gifttransfer"}


@pytest.mark.parametrize("known", KNOWN, ids=str)
class TestEachOperation:
    def test_has_a_struct_and_a_method_where_the_recipe_says(self, known: Known) -> None:
        assert file_of(known.module) in recipe()
        assert known.methods
        assert replies_in(known.module)
        assert replies_in(known.module) <= recipe()

    def test_has_a_stand_in_where_the_recipe_says(self, known: Known) -> None:
        endpoint = ENDPOINTS[known.operation.name]

        assert known.operation.method in endpoint.methods
        assert file_of(endpoint.answer.__module__) in recipe()
        assert "guestportal/sandbox/endpoints/__init__.py" in recipe()

    def test_is_called_where_the_recipe_says_and_nowhere_else(self, known: Known) -> None:
        for method in known.methods:
            callers = callers_of(method)
            assert callers, f"nothing calls {method}"
            assert callers <= recipe(), method

    def test_has_a_row_in_the_table_of_misbehaviours(self, known: Known) -> None:
        assert TABLE in recipe()
        assert known.operation.name in {asked.path for asked in OPERATIONS}


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_writes_nothing_down_of_what_is_sent_but_what_is_harmless(asked: Asked) -> None:
    sent = dict(values_of(asked.parameters))
    written = redact_prose(
        ", ".join(f"{key} was <{value}>" for key, value in sent.items()), sent=asked.parameters
    )

    assert [key for key, value in sent.items() if key not in HARMLESS and f"<{value}>" in written] == []


def test_names_files_alone_that_some_operation_needs() -> None:
    needed = {TABLE, "guestportal/paytronix/redaction.py", "guestportal/sandbox/endpoints/__init__.py"}
    needed |= {"tests/unit/test_recipe.py"}
    for known in KNOWN:
        needed |= {file_of(known.module), file_of(ENDPOINTS[known.operation.name].answer.__module__)}
        needed |= replies_in(known.module)
        needed |= {file for method in known.methods for file in callers_of(method)}

    assert recipe() <= needed
    assert all(Path(REPOSITORY / file).is_file() for file in recipe())
