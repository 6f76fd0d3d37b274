"""Breaks promises one at a time in a copy of the tree: the test that is there for each must fail, and pass before.

`python -m tests.tools.mutation ledger`, `answers` or `security` prints a line for each mutant. It exits with 1 when
the tests fail without any mutant, when one is not caught, and when the text of one is gone.
"""

import argparse
import sys
from typing import Final

from tests.tools.mutation import ledger, security
from tests.tools.mutation.mutant import Suite
from tests.tools.mutation.trial import try_mutant, try_unchanged

SUITES: Final = {"ledger": ledger.SUITE, "answers": ledger.ANSWERS, "security": security.SUITE}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.mutation", description=__doc__)
    parser.add_argument("suite", choices=SUITES)
    return try_all(SUITES[parser.parse_args().suite])


def try_all(suite: Suite) -> int:
    """Try every mutant; 0 when all were caught."""
    if failures := try_unchanged(suite):
        print(f"The tests fail before anything is changed:\n{failures}")
        return 1
    caught = 0
    for mutant in suite.mutants:
        verdict = try_mutant(suite, mutant)
        caught += verdict.caught
        said = f": {verdict.words}" if verdict.words else ""
        print(f"{'caught  ' if verdict.caught else 'SURVIVED'} {mutant.name}{said}", flush=True)
    print(f"{caught} of {len(suite.mutants)} mutants were caught by their tests")
    return 0 if caught == len(suite.mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
