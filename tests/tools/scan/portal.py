"""The portal behind TLS on the loopback, as scanners see it: production settings, hashed static files, a sandbox."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from http.client import HTTPSConnection
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.support.certificates import write_certificate
from tests.support.sandbox import REPOSITORY, SandboxProcess
from tests.support.source_copy import PRODUCTION

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 30
MERCHANTS: Final = REPOSITORY / "guestportal" / "merchants"
_OWN_LIMIT: Final = re.compile(r"^\w+_in_(?:\d+_minutes|an_hour|a_day) = .*$", re.MULTILINE)


class SecurePortal:
    """A context manager; `more` are further settings, `origin` is where it is, `certificate` makes it trusted."""

    def __init__(self, **more: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scanned-")
        folder = Path(self._folder.name)
        self.certificate = write_certificate(folder)
        self.port = _free_port()
        self.origin = f"https://{HOST}:{self.port}"
        self.log = folder / "log"
        self._sandbox = SandboxProcess()
        self._environment = {
            **PRODUCTION,
            "PATH": os.environ["PATH"],
            "ALLOW_SANDBOX": "true",
            "ALLOWED_HOSTS": HOST,
            "PAYTRONIX_DEMO_BASE_URL": self._sandbox.base_url,
            "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
            "MERCHANTS_DIR": str(folder / "merchants"),
            "STATIC_FOLDER": str(folder / "static"),
            "DJANGO_SETTINGS_MODULE": "guestportal.settings",
            **more,
        }
        # The environment may loosen the portal's limits, a merchant's own it may not.
        text = (MERCHANTS / "demo.toml").read_text(encoding="utf-8")
        shutil.copytree(MERCHANTS, folder / "merchants", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        (folder / "merchants" / "demo.toml").write_text(_OWN_LIMIT.sub("", text), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._run("manage.py", "migrate", "--verbosity", "0")
        command = [sys.executable, "-m", "gunicorn", "tests.tools.scan.wsgi"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--certfile", str(self.certificate)]
        command += ["--worker-class", "gthread", "--threads", "16", "--log-level", "warning"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=REPOSITORY, env=self._environment, stderr=log)
        give_up_at = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up_at:
                self.__exit__(None, None, None)
                raise RuntimeError("the portal did not start")
            time.sleep(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
        self._sandbox.stop()
        self._folder.cleanup()

    def _run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, env=self._environment, check=True)

    def _answers(self) -> bool:
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        trusted.check_hostname = False
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=2, context=trusted)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
