"""Other processes of the portal at this run's database and sandbox: they work beside this one, and can be killed.

Each is forked from one process in which Django was started once, and goes on alone from there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias
from unittest.mock import patch
from urllib.parse import quote

from django.db import connection

from tests.support.sandbox import SandboxProcess

# A function of some module; the process finds it there by its name.
Work: TypeAlias = Callable[..., None]

# What os._exit is given: it flushes nothing, closes nothing and runs no handler, like a power cut.
KILLED: Final = 9
PATIENCE_SECONDS: Final = 60
_FORKED: Final = get_context("forkserver")
_told: list[Connection] = []  # in a process of its own: where it hears what its starter says


@dataclass(frozen=True, slots=True)
class Running:
    """A process, the connection to it, and the files into which it writes."""

    process: ForkServerProcess
    line: Connection
    folder: Path

    def wait_until_ready(self) -> None:
        """Return when the process stands where it waits to be told."""
        assert self.line.poll(PATIENCE_SECONDS), self.said()
        self.line.recv()

    def go_on(self) -> None:
        self.line.send(None)

    def end(self, code: int) -> None:
        """Return when the process has ended by itself, and in this way."""
        self.process.join(PATIENCE_SECONDS)
        assert self.process.exitcode == code, self.said()

    def said(self) -> tuple[str, str]:
        """What it printed and what it complained about."""
        printed, complaints = ((self.folder / str(number)).read_text() for number in (1, 2))
        return printed, complaints


def fork_from(sandbox: SandboxProcess) -> None:
    """Start the process from which the others are forked; it finds the test database and the sandbox."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "guestportal.settings",
        "DATABASE_URL": _database(),
        "PAYTRONIX_DEMO_BASE_URL": sandbox.base_url,
    }
    _FORKED.set_forkserver_preload(["tests.support.forked"])
    with patch.dict(os.environ, environment, clear=True):
        forkserver.ensure_running()


def kill_within(work: Work, *inputs: object) -> None:
    """Run a piece of work that ends its own process at some step; anything else it does is a failure."""
    with _running(work, *inputs) as running:
        running.end(KILLED)


@contextmanager
def standing_within(work: Work, *inputs: object) -> Iterator[Callable[[], None]]:
    """While inside, the work stands still at some step; what is yielded lets it go on to its end."""
    with _running(work, *inputs) as running:
        running.wait_until_ready()

        def go_on() -> None:
            running.go_on()
            running.end(0)

        yield go_on


def run_at_once(work: Work, *inputs: object, processes: int) -> list[tuple[str, str]]:
    """What each of several at the same work printed and complained about; all are up before any of them begins.

    The work waits to be told: what is left to differ is a moment.
    """
    with ExitStack() as stack:
        together = [stack.enter_context(_running(work, *inputs)) for _ in range(processes)]
        for running in together:
            running.wait_until_ready()
        for running in together:
            running.go_on()
        for running in together:
            running.end(0)
        return [running.said() for running in together]


def interrupt(
    owner: object,
    name: str,
    by: Callable[[], None],
    *,
    after: bool = False,
    when: Callable[..., bool] = lambda *_inputs, **_more: True,
) -> None:
    """Have this process do something before, or just after, a function is called that way."""
    real = getattr(owner, name)

    def interrupted(*inputs: Any, **more: Any) -> Any:
        result = real(*inputs, **more) if after else None
        if when(*inputs, **more):
            by()
        return result if after else real(*inputs, **more)

    setattr(owner, name, interrupted)


def die() -> None:
    """End this process here."""
    os._exit(KILLED)


def wait_to_be_told() -> None:
    """Say that this process is ready, and go on when it is told to."""
    (line,) = _told
    line.send(None)
    line.recv()


@contextmanager
def _running(work: Work, *inputs: object) -> Iterator[Running]:
    """A process at this work, killed at the end if it still runs."""
    with TemporaryDirectory() as folder:
        ours, theirs = _FORKED.Pipe()
        process = _FORKED.Process(target=_run, args=(work, inputs, folder, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            yield Running(process, ours, Path(folder))
        finally:
            process.kill()
            process.join()
            ours.close()


def _run(work: Work, inputs: tuple[object, ...], folder: str, line: Connection) -> None:
    for number in (1, 2):
        file = os.open(Path(folder) / str(number), os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
    _told.append(line)
    work(*inputs)


def _database() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = quote(database["PASSWORD"] or "", safe="")
    user = f"{database['USER']}:{password}" if password else database["USER"]
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
