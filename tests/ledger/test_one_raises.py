"""One row that raises in the settling loop: every other one is looked at, and it ends after its day.

Source: docs/threats.md, check 50.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from gifting.ledger.wish import WishState
from gifting.models import Answer, Wish
from gifting.receiving import settle as answers_settle
from gifting.sending import settle
from gifting.sending.domain import Prepared
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH
from tests.conftest import serving
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import answer, handle_of
from tests.support.sandbox import ACCEPT_TRANSFER_IN, PENDING_TRANSFER, TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import Sender, grow_older, sender_with, state_of


@pytest.fixture
def second(merchant: Merchant) -> Iterator[Merchant]:
    """Another merchant, whose file comes after the first one's."""
    integration = replace(merchant.integration, slug="second")
    there = replace(merchant, slug="second", hosts=("second.example",), integration=integration)
    with serving(merchant, there):
        yield there


def left_open(sender: Sender, sandbox: SandboxProcess) -> Prepared:
    wish = sender.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    sender.sends(wish, another=True)
    return wish


def raising_at(raising: Prepared) -> Any:
    """While inside, reading about this wish raises what nobody has foreseen, with the card in its text."""
    read = settle._evidence

    def evidence(row: Any, *inputs: Any) -> Any:
        if row.id == raising.wish_id:
            raise ValueError(f"card {row.contents.card_number}")
        return read(row, *inputs)

    return patch.object(settle, "_evidence", evidence)


def test_a_wish_that_raises_stops_no_other_of_any_merchant(
    rosa: Sender, second: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    raising = left_open(rosa, sandbox)
    Wish.objects.update(state=WishState.FAILED, next_look_at=None)  # so that the card may send another one
    waiting = left_open(rosa, sandbox)
    Wish.objects.filter(id=waiting.wish_id).update(state=WishState.FAILED)
    there = left_open(sender_with(second), sandbox)
    Wish.objects.filter(id=raising.wish_id).update(next_look_at="2020-01-01T00:00:00Z")
    grow_older(20)
    said = StringIO()
    with raising_at(raising), caplog.at_level(logging.INFO), pytest.raises(CommandError, match="1 could not"):
        call_command("settle_gifts", stdout=said)

    assert state_of(waiting) is state_of(there) is WishState.SENT
    assert "demo: gifts: looked at 2, settled 1, could not read 0, failed 1" in said.getvalue()
    (line,) = [each for each in caplog.records if each.message == "row_not_settled"]
    assert line.levelno == logging.ERROR
    assert line.fields["wish"] == str(raising.wish_id)  # type: ignore[attr-defined]  # set by the log call
    assert RICH.number not in repr(vars(line))


def test_a_wish_that_raises_ends_after_its_day(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = left_open(rosa, sandbox)
    for hours, state in ((23, WishState.UNKNOWN), (2, WishState.NEEDS_REVIEW)):
        grow_older(hours * 3600)
        with raising_at(wish), pytest.raises(CommandError):
            call_command("settle_gifts", stdout=StringIO())
        assert state_of(wish) is state


def test_an_answer_that_raises_stops_no_wish_and_ends_after_its_day(
    ana: Client, rosa: Sender, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "drop_after"})
    sandbox.queue_fault(PENDING_TRANSFER, {"kind": "status", "status": 503}, times=2)
    answer(ana, "accept", handle_of(ana))
    wish = left_open(rosa, sandbox)
    grow_older(20)
    let_pass(20)
    with patch.object(answers_settle, "decide", side_effect=ValueError):
        with pytest.raises(CommandError):
            call_command("settle_gifts", stdout=StringIO())
        assert state_of(wish) is WishState.SENT
        assert states() == [("accept", "unknown")]
        let_pass(25 * 3600)
        with pytest.raises(CommandError):
            call_command("settle_gifts", stdout=StringIO())
    assert states() == [("accept", "ended")]
    assert Answer.objects.get().cause == "given_up"
