"""`manage.py demo`: the sandbox and the portal together, for a look or for development. Ctrl-C ends both."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from types import FrameType

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Start the sandbox and the portal; Ctrl-C ends both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the portal's port")
        parser.add_argument("--sandbox-port", type=int, default=8001, help="the sandbox's port; 0 for any")

    def handle(self, *, port: int, sandbox_port: int, **options: object) -> None:
        call_command("migrate", verbosity=0)
        sandbox = subprocess.Popen(
            [sys.executable, "-m", "guestportal.sandbox", "--port", str(sandbox_port), "--end-with-input"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert sandbox.stdout is not None
        first_line = sandbox.stdout.readline().strip()
        if not first_line:
            raise CommandError(f"The sandbox did not start. Is port {sandbox_port} taken?")
        address = first_line.rpartition(" ")[2]
        portal = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "guestportal.wsgi", "--bind", f"127.0.0.1:{port}"]
            + ["--worker-class", "gthread", "--threads", "8", "--log-level", "warning"],
            env={**os.environ, "PAYTRONIX_DEMO_BASE_URL": address},
        )

        def end(signum: int, frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, end)
        self.stdout.write(f"\nPortal:  http://localhost:{port}/\nSandbox: {address}\n")
        try:
            while line := sandbox.stdout.readline():
                self.stdout.write(line.rstrip())
                self.stdout.flush()
            portal.wait()
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
        finally:
            for process in (portal, sandbox):
                process.terminate()
            for process in (portal, sandbox):
                process.wait(timeout=15)
