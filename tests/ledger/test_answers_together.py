"""Presses at the same moment, and a process that dies between its claim and the reply."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.support import killed_answer
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import ANA, HTMX, answer, handle_of, signed_in, transfer, writes
from tests.support.pages import parse
from tests.support.processes import kill_within
from tests.support.sandbox import SandboxProcess

ROUNDS = 6


@pytest.fixture
def visitor(merchant: Merchant, transactional_db: None, sandbox: SandboxProcess) -> Iterator[Client]:
    yield signed_in(ANA)
    connections.close_all()


def press(cookies: dict[str, str], action: str, handle: str) -> str:
    """One press in a browser window of its own; returns what it read."""
    client = Client(enforce_csrf_checks=True)
    for name, value in cookies.items():
        client.cookies[name] = value
    try:
        return parse(answer(client, action, handle, **HTMX).content).text
    finally:
        connection.close()


@pytest.mark.database
@pytest.mark.parametrize(
    "actions", [["accept", "decline"], ["accept"] * 6, ["decline", "accept"] * 4], ids=["two", "six", "eight"]
)
def test_of_answers_pressed_together_one_is_sent(
    visitor: Client, sandbox: SandboxProcess, actions: list[str]
) -> None:
    handle = handle_of(visitor)
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "delay_before", "seconds": 0.2})
    sandbox.queue_fault("gifttransfer/rejectTransferIn", {"kind": "delay_before", "seconds": 0.2})
    with ThreadPoolExecutor(len(actions)) as pool:
        read = list(pool.map(press, [cookies] * len(actions), actions, [handle] * 9))

    (write,) = writes(sandbox)
    ended = "ACCEPTED" if write.operation.endswith("acceptTransferIn") else "REJECTED"
    word = ended.lower().replace("rejected", "declined")
    assert transfer(sandbox).status == ended
    assert states() == [("accept" if ended == "ACCEPTED" else "decline", word)]
    assert [each for each in read if f"You {word}" in each]
    others = [each for each in read if f"You {word}" not in each]
    assert all("We are confirming" in each or f"{word} already" in each for each in others), others


def settle() -> str:
    said = StringIO()
    call_command("settle_gifts", stdout=said)
    return said.getvalue()


@pytest.mark.database
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_a_process_killed_with_the_reply_in_its_hands_is_settled_as_done(
    sandbox: SandboxProcess, same_limits: None, action: str
) -> None:
    kill_within(killed_answer.main, "after", action)

    assert states() == [(action, "claimed")]
    assert "answers: looked at 0" in settle(), "its call could still be running"
    let_pass(16)
    assert "answers: looked at 1, settled 1" in settle()
    assert states() == [(action, {"accept": "accepted", "decline": "declined"}[action])]
    assert transfer(sandbox).status == {"accept": "ACCEPTED", "decline": "REJECTED"}[action]
    assert len(writes(sandbox)) == 1


@pytest.mark.database
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_a_process_killed_before_sending_leaves_a_gift_that_can_be_answered_again(
    sandbox: SandboxProcess, same_limits: None, action: str
) -> None:
    kill_within(killed_answer.main, "before", action)

    assert states() == [(action, "claimed")], "the claim was committed before the call"
    let_pass(16)
    assert "looked at 1, settled 0" in settle(), "the call may yet arrive"
    let_pass(50)
    assert "answers: looked at 1, settled 1" in settle()
    assert states() == [(action, "released")]
    assert transfer(sandbox).status == "PENDING"
    assert writes(sandbox) == []
