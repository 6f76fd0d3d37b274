"""A process killed at each step of sending, and of settling: truth and state agree afterwards (check 26)."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.gifting.sending.doing import posts, sent_by_api
from tests.sandbox_process import REPOSITORY, SandboxProcess
from tests.source_copy import run_python

# How the process ends: os._exit flushes nothing, closes nothing and runs no handler, like a power cut.
DYING = """
import os, sys
import django
django.setup()
import requests, urllib3
from accounts import credentials
from gifting.sending import ledger, services, settling
from guestportal.merchants.registry import current_registry
from tests.gifting.sending.doing import sender_with

label = sys.argv[1]

def die_at(owner, name, *, after=False, when=lambda *inputs, **more: True):
    real = getattr(owner, name)
    def dying(*inputs, **more):
        result = real(*inputs, **more) if after else None
        if when(*inputs, **more):
            os._exit(9)
        return result if after else real(*inputs, **more)
    setattr(owner, name, dying)

def posts(_adapter, request, **more):
    return request.method == "POST"

(merchant,) = current_registry()
rosa = sender_with(merchant)
wish = rosa.prepares()
match label:
    case "before the claim":
        die_at(ledger, "claim")
    case "inside the claim":
        die_at(ledger, "_note", after=True)
    case "after the claim":
        die_at(services, "transfer_out")
    case "before the request":
        die_at(requests.adapters.HTTPAdapter, "send", when=posts)
    case "request sent, no reply yet":
        die_at(urllib3.connection.HTTPConnection, "getresponse")
    case "reply in hand":
        die_at(requests.adapters.HTTPAdapter, "send", after=True, when=posts)
    case "before it is recorded":
        die_at(services, "_record")
    case "inside recording":
        die_at(ledger, "_note", after=True, when=lambda row, *_slug, **_more: row.state == "sent")
    case "after it is recorded":
        die_at(credentials, "withdraw_account")
rosa.sends(wish)
"""

SETTLING = """
import os, sys
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.db.models import F
from gifting.models import Wish
from gifting.sending import ledger, settling

match sys.argv[1]:
    case "after reading":
        real = settling.read_sent
        settling.read_sent = lambda **inputs: (real(**inputs), os._exit(9))
    case "inside writing":
        note = ledger._note
        ledger._note = lambda *inputs, **more: (note(*inputs, **more), os._exit(9))
    case "after writing":
        move = ledger.move
        ledger.move = lambda *inputs, **more: (move(*inputs, **more), os._exit(9))
for seconds in sys.argv[2:]:
    past = timedelta(seconds=int(seconds))
    Wish.objects.update(**{
        name: F(name) - past for name in ("created_at", "claimed_at", "next_look_at", "clean_read_at")
    })
    call_command("settle_gifts")
"""

# How many calls there are, what stands in the ledger at once, and what once it is settled.
STEPS = {
    "before the claim": (0, "prepared", "prepared"),
    "inside the claim": (0, "prepared", "prepared"),
    "after the claim": (0, "sending", "not_sent"),
    "before the request": (0, "sending", "not_sent"),
    "request sent, no reply yet": (1, "sending", "sent"),
    "reply in hand": (1, "sending", "sent"),
    "before it is recorded": (1, "sending", "sent"),
    "inside recording": (1, "sending", "sent"),
    "after it is recorded": (1, "sent", "sent"),
}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    environment = {"DEBUG": "true", "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}"}
    done = run_python("manage.py", "migrate", "--verbosity=0", environment=environment, folder=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return folder / "portal.sqlite3"


@pytest.fixture
def environment(sandbox: SandboxProcess, migrated: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copy(migrated, tmp_path / "portal.sqlite3")
    return {
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "guestportal.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "PAYTRONIX_DEMO_BASE_URL": sandbox.base_url,
    }


def read(folder: Path, statement: str) -> list[str]:
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
        return [state for (state,) in database.execute(statement)]


def states(folder: Path) -> list[str]:
    return read(folder, "SELECT state FROM gifting_wish")


def steps(folder: Path) -> list[str]:
    return read(folder, "SELECT state FROM gifting_wishtransition ORDER BY id")


def killed_at(step: str, environment: dict[str, str]) -> None:
    died = run_python("-c", DYING, step, environment=environment, folder=REPOSITORY)
    assert died.returncode == 9, died.stdout + died.stderr


def settle(environment: dict[str, str], *seconds: int, dying: str = "") -> None:
    """`settle_gifts` after each of these times; with `dying` its process ends there."""
    times = [str(each) for each in seconds]
    done = run_python("-c", SETTLING, dying, *times, environment=environment, folder=REPOSITORY)
    assert done.returncode == (9 if dying else 0), done.stdout + done.stderr


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_while_sending_is_settled_as_the_truth(
    sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path, step: str
) -> None:
    calls, at_once, settled = STEPS[step]
    killed_at(step, environment)

    assert states(tmp_path) == [at_once]
    settle(environment, 1)
    assert states(tmp_path) == [at_once], "its process could still be at work"
    settle(environment, 20, 60, 16, 3600)
    assert states(tmp_path) == [settled]
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == calls
    assert (settled == "sent") is bool(sent_by_api(sandbox))


@pytest.mark.parametrize("point", ["after reading", "inside writing", "after writing"])
@pytest.mark.parametrize(("step", "settled"), [("after the claim", "not_sent"), ("reply in hand", "sent")])
def test_a_settler_killed_in_the_middle_leaves_it_to_the_next_one(
    sandbox: SandboxProcess, environment: dict[str, str], tmp_path: Path, step: str, settled: str, point: str
) -> None:
    killed_at(step, environment)
    settle(environment, 20, dying=point)
    settle(environment, 60, 16, 16)

    assert states(tmp_path) == [settled]
    assert steps(tmp_path) == ["sending", "unknown", settled]
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == (settled == "sent")
