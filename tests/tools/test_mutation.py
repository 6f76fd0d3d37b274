"""The mutants can still be made: `make prove` must not find out late that a text has moved."""

import pytest

from tests.ledger.proof.mutants import MUTANTS, Mutant
from tests.support.sandbox import REPOSITORY


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_changes_a_text_that_stands_there_once(mutant: Mutant) -> None:
    source = (REPOSITORY / mutant.file).read_text(encoding="utf-8")

    assert source.count(mutant.text) == 1
    compile(source.replace(mutant.text, mutant.replacement), mutant.file, "exec")
