"""The sandbox as a process: how fast it starts, what it prints, and how it ends."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from guestportal.sandbox.cards import card_table
from guestportal.sandbox.guests import guest_table
from tests.support.sandbox import REPOSITORY, SandboxProcess

COMMANDS = {
    "module": [sys.executable, "-m", "guestportal.sandbox", "--port"],
    "manage": [sys.executable, "manage.py", "sandbox", "--port"],
}


@pytest.fixture(params=COMMANDS)
def process(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMANDS[request.param], "0"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def test_runs_without_django() -> None:
    program = "import guestportal.sandbox.__main__, sys; print('django' in sys.modules)"
    imported = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=True
    )
    assert imported.stdout.strip() == b"False"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_prints_its_address_cards_and_guests_and_ends_cleanly_on_a_signal(
    process: subprocess.Popen[str], ending: signal.Signals
) -> None:
    assert process.stdout is not None
    tables = (*card_table(), *guest_table())
    lines = [process.stdout.readline().rstrip("\n") for _ in range(1 + len(tables))]
    assert lines[0].startswith("Sandbox listening on http://127.0.0.1:")
    assert lines[0].endswith("/rest/26.6")
    assert tuple(lines[1:]) == tables
    process.send_signal(ending)
    printed, complaints = process.communicate(timeout=10)
    assert (process.returncode, printed, complaints) == (0, "", "")


def test_ends_when_the_process_that_started_it_is_gone() -> None:
    command = [*COMMANDS["module"], "0", "--end-with-input"]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        _printed, complaints = process.communicate(timeout=10)
        assert (process.returncode, complaints) == (0, "")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_says_when_the_port_is_taken(sandbox: SandboxProcess, command: list[str]) -> None:
    finished = subprocess.run(
        [*command, str(sandbox.port)], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert f"The sandbox cannot listen on port {sandbox.port}: Address already in use" in finished.stderr
    assert "Traceback" not in finished.stderr
