"""The portal as gunicorn serves it, on the loopback, under production settings, with a sandbox behind it."""

import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.support.sandbox import REPOSITORY, SandboxProcess
from tests.support.source_copy import PRODUCTION

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 30


class ServedPortal:
    """A context manager: inside, the portal answers at `port` and `sandbox` is what it asks.

    `application` is the module that gunicorn serves and `options` its further options; `environment` holds settings
    beside those of production. With a `certificate`, the path of a PEM file, the portal speaks TLS.
    """

    def __init__(
        self,
        folder: "tempfile.TemporaryDirectory[str]",
        *,
        application: str,
        options: Sequence[str],
        environment: Mapping[str, str],
        certificate: Path | None = None,
    ) -> None:
        self._folder = folder
        self.log = Path(folder.name) / "log"
        self.certificate = certificate
        self.sandbox = SandboxProcess()
        self.port = _free_port()
        self.environment = {
            **PRODUCTION,
            "PATH": os.environ["PATH"],
            "ALLOW_SANDBOX": "true",
            "ALLOWED_HOSTS": HOST,
            "PAYTRONIX_DEMO_BASE_URL": self.sandbox.base_url,
            "DATABASE_URL": f"sqlite:///{folder.name}/portal.sqlite3",
            "DJANGO_SETTINGS_MODULE": "guestportal.settings",
            **environment,
        }
        self._command = [
            sys.executable,
            "-m",
            "gunicorn",
            application,
            "--bind",
            f"{HOST}:{self.port}",
            *options,
        ]
        if certificate:
            self._command += ["--certfile", str(certificate)]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the portal and its sandbox, and remove what they have written."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
        self.sandbox.stop()
        self._folder.cleanup()

    def _start(self) -> None:
        self.manage("migrate", "--verbosity", "0")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(self._command, cwd=REPOSITORY, env=self.environment, stderr=log)
        give_up_at = time.monotonic() + START_SECONDS
        while not self.answers():
            if time.monotonic() > give_up_at or self._process.poll() is not None:
                raise RuntimeError(f"the portal did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def manage(self, *arguments: str) -> str:
        """Run a command of the portal beside it and return what it printed. Raises RuntimeError when it fails."""
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

    def answers(self) -> bool:
        """Whether the portal says that it is ready."""
        connection = self._connect()
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        if self.certificate is None:
            return HTTPConnection(HOST, self.port, timeout=2)
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection(HOST, self.port, timeout=2, context=trusted)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
