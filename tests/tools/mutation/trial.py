"""Runs tests in a copy of the tree, with and without a mutant in it."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import copy_source, run_python
from tests.tools.mutation.mutant import Mutant, Suite

READ_BY_TESTS: Final = ("templates", "static", "locale", "docs", "README.md", ".env.example")
TIMEOUT_SECONDS: Final = 900
# What pytest exits with; any other number means that the tests did not run to their end.
PASSED, FAILED = 0, 1
NO_END: Final = -1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a mutant was noticed; `words` are the reason that the test gave, or why there is no verdict."""

    caught: bool
    words: str


def try_unchanged(suite: Suite) -> str:
    """Run the tests of all mutants with none in the tree; the end of what they print, empty when they pass."""
    with _copy_of_tree() as folder:
        done = _run(suite, folder, dict.fromkeys(mutant.test for mutant in suite.mutants))
    return "" if done.returncode == PASSED else _end_of(done)


def try_mutant(suite: Suite, mutant: Mutant) -> Verdict:
    """Run the mutant's test with the mutant in the tree."""
    with _copy_of_tree() as folder:
        try:
            mutant.apply(folder)
        except LookupError as gone:
            return Verdict(caught=False, words=str(gone))
        done = _run(suite, folder, [mutant.test])
    return judge(suite, done)


def judge(suite: Suite, done: "subprocess.CompletedProcess[str]") -> Verdict:
    """What a run of pytest says of the mutant that was in the tree."""
    if done.returncode == PASSED:
        return Verdict(caught=False, words="its test passed")
    if done.returncode != FAILED:
        return Verdict(caught=False, words=_end_of(done))
    if suite.reason is None:
        return Verdict(caught=True, words="")
    found = suite.reason.search(done.stdout)
    return Verdict(caught=True, words=found[1]) if found else Verdict(caught=False, words=_end_of(done))


@contextmanager
def _copy_of_tree() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = copy_source(Path(name))
        for read in READ_BY_TESTS:
            (folder / read).symlink_to(REPOSITORY / read)
        yield folder


def _run(suite: Suite, folder: Path, tests: Iterable[str]) -> "subprocess.CompletedProcess[str]":
    # A test that only took too long has not noticed anything, so none of them is ended for that.
    how = ("-qx", "--timeout=0", "-p", "no:randomly", "-p", "no:cacheprovider", "--show-capture=no")
    command = ("-m", "pytest", *how, *tests)
    try:
        return run_python(
            *command, environment=suite.environment, folder=folder, timeout_seconds=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, NO_END, "", f"no end after {TIMEOUT_SECONDS} seconds")


def _end_of(done: "subprocess.CompletedProcess[str]") -> str:
    return (done.stdout + done.stderr)[-1500:]
