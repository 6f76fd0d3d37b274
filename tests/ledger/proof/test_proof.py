"""Two hundred histories of sending in every test run, thousands in `make prove`: no doubles, nothing lost."""

import logging
import os
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from guestportal.merchants.definition import Merchant
from tests.ledger.proof.crash_points import SENDING, SETTLING
from tests.ledger.proof.guests import MEANWHILE
from tests.ledger.proof.machine import Sending
from tests.ledger.proof.world import OUTCOMES, Scene
from tests.support.sandbox import SandboxProcess

HISTORIES = int(os.environ.get("PROOF_HISTORIES", "200"))
PARTS = 4  # each with a seed of its own, so that several processes share the work
# Mutants only have to be noticed; what breaks the portal itself is made as short as can be.
PHASES = [Phase.generate] if "PROOF_MUTANT" in os.environ else [Phase.generate, Phase.shrink]
STEPS = 10


@pytest.fixture
def scene(merchant: Merchant, transactional_db: None, sandbox: SandboxProcess) -> Iterator[Scene]:
    logging.disable()  # tens of thousands of lines that nobody reads
    scene = Scene(sandbox, merchant)
    try:
        yield scene
    finally:
        scene.close()
        logging.disable(logging.NOTSET)


@pytest.mark.long
@pytest.mark.database
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_history_doubles_or_loses_a_gift(
    scene: Scene, capsys: pytest.CaptureFixture[str], part: int
) -> None:
    started, histories = time.perf_counter(), HISTORIES // PARTS
    how = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    machine = seed(part)(lambda: Sending(scene))
    run_state_machine_as_test(machine, settings=how)  # type: ignore[arg-type]  # any callable will do

    tally, seconds = scene.tally, time.perf_counter() - started
    with capsys.disabled():
        print(f"\nproof: {tally} in {seconds:.0f} s")  # noqa: T201 - the figures are what it is run for
    assert (tally.doubles, tally.lost) == (0, 0)
    assert tally.histories >= histories
    assert tally.sends > histories
    assert {"sent", "not_sent", "failed", "needs_review"} <= set(tally.ends)
    if HISTORIES >= 2000:  # what was never met proves nothing
        assert set(tally.outcomes) == set(OUTCOMES)
        assert set(tally.crashes) == {*SENDING, *SETTLING}
        assert set(tally.meanwhile) == set(MEANWHILE)
