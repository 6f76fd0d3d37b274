"""Other processes of the portal at this run's database and sandbox: they work beside this one, and can be killed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import quote

from django.db import connection

from tests.sandbox_process import REPOSITORY, SandboxProcess
from tests.source_copy import run_python

READY = "ready\n"
KILLED = 9  # what os._exit is given: it flushes nothing, closes nothing and runs no handler, like a power cut


def environment_of(sandbox: SandboxProcess | None = None) -> dict[str, str]:
    """What another process needs to find the test database, and the sandbox if it calls Paytronix."""
    found = {"DEBUG": "true", "DJANGO_SETTINGS_MODULE": "guestportal.settings", "DATABASE_URL": _database()}
    if sandbox:
        found["PAYTRONIX_DEMO_BASE_URL"] = sandbox.base_url
    return found


def kill_within(module: str, *arguments: str, sandbox: SandboxProcess) -> None:
    """Run a module that ends its own process at some step; anything else it does is a failure."""
    died = run_python("-m", module, *arguments, environment=environment_of(sandbox), folder=REPOSITORY)
    assert died.returncode == KILLED, died.stdout + died.stderr


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
    """Say that this process is ready, and go on when it gets a line."""
    sys.stdout.write(READY)
    sys.stdout.flush()
    sys.stdin.readline()


@contextmanager
def standing_within(
    module: str, *arguments: str, environment: Mapping[str, str]
) -> Iterator[Callable[[], None]]:
    """While inside, a run of the module stands still at some step; what is yielded lets it go on to its end."""
    with _running(module, *arguments, environment=environment) as process:
        _wait_for(process)

        def go_on() -> None:
            said = process.communicate("go\n", timeout=60)
            assert process.returncode == 0, said

        yield go_on


def run_at_once(
    module: str, *arguments: str, processes: int, environment: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What each of several runs of a module printed and complained about; all are up before any of them begins.

    The module says READY and waits for a line: what is left to differ is a moment.
    """
    with ExitStack() as stack:
        running = [
            stack.enter_context(_running(module, *arguments, environment=environment))
            for _ in range(processes)
        ]
        for process in running:
            _wait_for(process)
        with ThreadPoolExecutor(processes) as pool:
            said = list(pool.map(lambda process: process.communicate("go\n", timeout=60), running))
        assert [process.returncode for process in running] == [0] * processes, said
        return said


@contextmanager
def _running(
    module: str, *arguments: str, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """A run of the module, killed at the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == READY


def _database() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = quote(database["PASSWORD"] or "", safe="")
    user = f"{database['USER']}:{password}" if password else database["USER"]
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
