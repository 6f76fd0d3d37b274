"""The ledger's clock is the database's: a process whose own runs ahead believes nothing too early.

Source: docs/threats.md, check 51.
"""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from gifting.ledger import rows, wishes
from gifting.ledger.wish import WishState
from gifting.sending.settle import settle_unattended
from guestportal.storage import clock
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import Sender, grow_older, make_due, posts, sent_by_api, state_of, steps_of

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's clock is the process's"),
]
AHEAD = timedelta(seconds=120)


def test_a_process_whose_clock_runs_ahead_calls_nothing_not_sent(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    for seconds in (0, 20):
        with time_machine.travel(timezone.now() + AHEAD + timedelta(seconds=seconds), tick=False):
            make_due()
            settle_unattended(merchant=rosa.merchant)
            assert rosa.follows(wish, look=True).state is WishState.UNKNOWN
    sandbox.run_late()

    assert rosa.follows(wish).state is WishState.SENT
    assert len(sent_by_api(sandbox)) == len(posts(sandbox)) == 1


def test_every_moment_that_is_written_is_the_databases(rosa: Sender) -> None:
    started = clock.now()
    with time_machine.travel(timezone.now() + AHEAD, tick=False):
        wish = rosa.prepares()
        rosa.sends(wish)
        row = wishes.find(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id)
        moments = (row.created_at, row.claimed_at, row.settled_at, row.transfer_read_at)
    ended = clock.now()

    assert all(moment is not None and started <= moment <= ended for moment in moments)
    assert steps_of(wish) == [("sending", "claimed"), ("sent", "success")]


def test_a_call_leaves_while_it_is_young_by_the_databases_clock_alone(rosa: Sender) -> None:
    wish = rosa.prepares()
    row = wishes.claim(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id, another=False)
    with time_machine.travel(timezone.now() + AHEAD, tick=False):
        assert rows.may_send(row, merchant=rosa.merchant)
    grow_older(20)
    with time_machine.travel(timezone.now() - AHEAD, tick=False):
        assert not rows.may_send(row, merchant=rosa.merchant)
    assert state_of(wish) is WishState.SENDING
