"""Every mutant can still be made and its test is still there; and a run counts as a catch only when tests failed."""

import ast
import re
from subprocess import CompletedProcess

import pytest

from tests.support.sandbox import REPOSITORY
from tests.tools.mutation.__main__ import SUITES
from tests.tools.mutation.mutant import Mutant, Suite
from tests.tools.mutation.trial import judge

MUTANTS = [
    pytest.param(mutant, id=f"{name}: {mutant.name}")
    for name, suite in SUITES.items()
    for mutant in suite.mutants
]
PLAIN = Suite(())
WITH_REASON = Suite((), reason=re.compile("Broken: (.+)"))


@pytest.mark.parametrize("mutant", MUTANTS)
def test_changes_a_text_that_stands_there_once(mutant: Mutant) -> None:
    changed = mutant.changed(REPOSITORY)

    compile(changed, mutant.file, "exec")
    assert changed != (REPOSITORY / mutant.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("mutant", MUTANTS)
def test_is_noticed_by_a_test_that_is_there(mutant: Mutant) -> None:
    file, *names = mutant.test.split("::")
    place: ast.AST = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
    for name in names:
        place = next(each for each in ast.iter_child_nodes(place) if getattr(each, "name", "") == name)


@pytest.mark.parametrize("text", ["no such text", "import"])
def test_refuses_a_text_that_is_gone_or_stands_there_twice(text: str) -> None:
    with pytest.raises(LookupError, match="its text stands"):
        Mutant("name", "manage.py", text, "", "tests").changed(REPOSITORY)


@pytest.mark.parametrize(
    ("suite", "code", "printed", "caught"),
    [
        (PLAIN, 1, "", True),
        (PLAIN, 0, "", False),
        (PLAIN, 2, "interrupted", False),
        (PLAIN, 4, "no such test", False),
        (PLAIN, 5, "no tests ran", False),
        (WITH_REASON, 1, "Broken: two gifts", True),
        (WITH_REASON, 1, "ImportError", False),
    ],
)
def test_counts_only_failed_tests_as_a_catch(suite: Suite, code: int, printed: str, caught: bool) -> None:
    assert judge(suite, CompletedProcess((), code, stdout=printed, stderr="")).caught is caught
