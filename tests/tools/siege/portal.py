"""The portal as gunicorn serves it, on the loopback, with a sandbox behind it and a database of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.support.sandbox import REPOSITORY, SandboxProcess
from tests.support.source_copy import PRODUCTION

WORKERS: Final = 2
THREADS: Final = 32
START_SECONDS: Final = 30
# What the sums of the attackers and guests cost this machine is no part of what is measured.
PROOF_ROUNDS: Final = 4


class Portal:
    """A running portal behind one trusted proxy, which the siege itself plays. A context manager."""

    def __init__(self, *, limits: str = "") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="siege-")
        self.log = Path(self._folder.name) / "log"
        self.sandbox = SandboxProcess()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **PRODUCTION,
            "PATH": os.environ["PATH"],
            "ALLOW_SANDBOX": "true",
            "HTTPS_ONLY": "false",
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXY_COUNT": "1",
            "PROOF_ROUNDS": str(PROOF_ROUNDS),
            "LIMITS": limits,
            "PAYTRONIX_DEMO_BASE_URL": self.sandbox.base_url,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{self._folder.name}/portal.sqlite3",
            "DJANGO_SETTINGS_MODULE": "guestportal.settings",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.manage("migrate", "--verbosity", "0")
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "tests.tools.siege.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        command += ["--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "warning"]
        command += ["--workers", str(WORKERS), "--backlog", "512", "--keep-alive", "30"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=REPOSITORY, env=self.environment, stderr=log)
        give_up_at = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up_at or self._process.poll() is not None:
                self.__exit__(None, None, None)
                raise RuntimeError("the portal did not start: " + self.log.read_text()[-2000:])
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
        self.sandbox.stop()
        self._folder.cleanup()

    def manage(self, *arguments: str) -> str:
        """Run a command of the portal beside it and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
