"""Presses at the same moment, and a process that dies between its claim and the reply."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.gifting.doing import ANA, HTMX, handle_of, signed_in, token_of, transfer, writes
from tests.gifting.ledger import states
from tests.html import parse
from tests.sandbox_process import REPOSITORY, SandboxProcess
from tests.source_copy import run_python

ROUNDS = 6


@pytest.fixture
def visitor(merchant: Merchant, transactional_db: None, sandbox: SandboxProcess) -> Iterator[Client]:
    yield signed_in(ANA)
    connections.close_all()


def press(cookies: dict[str, str], action: str, handle: str, token: str) -> str:
    """One press in a browser window of its own; returns what it read."""
    client = Client(enforce_csrf_checks=True)
    for name, value in cookies.items():
        client.cookies[name] = value
    try:
        response = client.post(f"/gifts/{handle}/{action}/", {"csrfmiddlewaretoken": token}, headers=HTMX)
        return parse(response.content).text
    finally:
        connection.close()


@pytest.mark.database
@pytest.mark.parametrize(
    "actions", [["accept", "decline"], ["accept"] * 6, ["decline", "accept"] * 4], ids=["two", "six", "eight"]
)
def test_of_answers_pressed_together_one_is_sent(
    visitor: Client, sandbox: SandboxProcess, actions: list[str]
) -> None:
    handle, token = handle_of(visitor), token_of(visitor)
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "delay_before", "seconds": 0.2})
    sandbox.queue_fault("gifttransfer/rejectTransferIn", {"kind": "delay_before", "seconds": 0.2})
    with ThreadPoolExecutor(len(actions)) as pool:
        read = list(pool.map(press, [cookies] * len(actions), actions, [handle] * 9, [token] * 9))

    (write,) = writes(sandbox)
    ended = "ACCEPTED" if write.operation.endswith("acceptTransferIn") else "REJECTED"
    word = ended.lower().replace("rejected", "declined")
    assert transfer(sandbox).status == ended
    assert states() == [("accept" if ended == "ACCEPTED" else "decline", word)]
    assert [each for each in read if f"You {word}" in each]
    others = [each for each in read if f"You {word}" not in each]
    assert all("We are confirming" in each or f"{word} already" in each for each in others), others


# The library's request is where the process ends: before anything was sent, or with the reply in its hands.
DYING = """
import os, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import requests
from tests.gifting.doing import ANA, handle_of, signed_in, token_of
real = requests.adapters.HTTPAdapter.send
def send(self, request, **kwargs):
    if request.method == "POST" and sys.argv[1] == "before":
        os._exit(9)
    response = real(self, request, **kwargs)
    if request.method == "POST":
        os._exit(9)
    return response
client = signed_in(ANA)
handle, token = handle_of(client), token_of(client)
requests.adapters.HTTPAdapter.send = send
client.post(f"/gifts/{handle}/{sys.argv[2]}/", {"csrfmiddlewaretoken": token})
"""


@pytest.fixture
def environment(sandbox: SandboxProcess, tmp_path: Path) -> dict[str, str]:
    return {
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "guestportal.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "PAYTRONIX_DEMO_BASE_URL": sandbox.base_url,
    }


def rows(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "portal.sqlite3") as database:
        return list(database.execute("SELECT action, state FROM gifting_answer"))


def grow_older(folder: Path, seconds: int) -> None:
    with sqlite3.connect(folder / "portal.sqlite3") as database:
        database.execute(
            "UPDATE gifting_answer SET claimed_at = datetime(claimed_at, ?)", [f"-{seconds} seconds"]
        )
    database.close()


def settle(environment: dict[str, str]) -> str:
    done = run_python("manage.py", "settle_gifts", environment=environment, folder=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_a_process_killed_with_the_reply_in_its_hands_is_settled_as_done(
    sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path, action: str
) -> None:
    died = run_python("-c", DYING, "after", action, environment=environment, folder=REPOSITORY)

    assert died.returncode == 9, died.stderr
    assert rows(tmp_path) == [(action, "claimed")]
    assert "answers: looked at 0" in settle(environment), "its call could still be running"
    grow_older(tmp_path, 16)
    assert "answers: looked at 1, settled 1" in settle(environment)
    assert rows(tmp_path) == [(action, {"accept": "accepted", "decline": "declined"}[action])]
    assert transfer(sandbox).status == {"accept": "ACCEPTED", "decline": "REJECTED"}[action]
    assert len(writes(sandbox)) == 1


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_a_process_killed_before_sending_leaves_a_gift_that_can_be_answered_again(
    sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path, action: str
) -> None:
    died = run_python("-c", DYING, "before", action, environment=environment, folder=REPOSITORY)

    assert died.returncode == 9, died.stderr
    assert rows(tmp_path) == [(action, "claimed")], "the claim was committed before the call"
    grow_older(tmp_path, 16)
    assert "looked at 1, settled 0" in settle(environment), "the call may yet arrive"
    grow_older(tmp_path, 50)
    assert "answers: looked at 1, settled 1" in settle(environment)
    assert rows(tmp_path) == [(action, "released")]
    assert transfer(sandbox).status == "PENDING"
    assert writes(sandbox) == []
