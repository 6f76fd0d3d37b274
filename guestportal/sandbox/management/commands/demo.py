"""`manage.py demo`: the sandbox and the portal together, for a look or for development. Ctrl-C ends both."""

import contextlib
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Start the sandbox and the portal; Ctrl-C ends both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the portal's port")
        parser.add_argument("--sandbox-port", type=int, default=8001, help="the sandbox's port; 0 for any")

    def handle(self, *, port: int, sandbox_port: int, **options: object) -> None:
        call_command("migrate", verbosity=0)
        with _sandbox(sandbox_port) as sandbox, contextlib.suppress(KeyboardInterrupt):
            lines = iter(sandbox.stdout or ())
            first_line = next(lines, "").strip()
            if not first_line:
                raise CommandError(f"The sandbox did not start. Is port {sandbox_port} taken?")
            address = first_line.rpartition(" ")[2]
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            self.stdout.write(f"\nPortal:  http://localhost:{port}/\nSandbox: {address}\n\n")
            with _settler(address), _portal(port, address) as portal:
                for line in lines:
                    self.stdout.write(line.rstrip())
                    self.stdout.flush()
                portal.wait()
        self.stdout.write("\nStopped.")


def _sandbox(port: int) -> "_Child":
    command = [sys.executable, "-m", "guestportal.sandbox", "--port", str(port), "--end-with-input"]
    return _Child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _portal(port: int, paytronix: str) -> "_Child":
    server = [sys.executable, "-m", "gunicorn", "guestportal.wsgi", "--bind", f"127.0.0.1:{port}"]
    threads = ["--worker-class", "gthread", "--threads", "32", "--log-level", "warning"]
    return _Child([*server, *threads], env={**os.environ, "PAYTRONIX_DEMO_BASE_URL": paytronix}, text=True)


def _settler(paytronix: str) -> "_Child":
    """Follows the gifts of guests who have left, as beside any portal."""
    command = [sys.executable, "manage.py", "settle_gifts", "--loop"]
    environment = {**os.environ, "PAYTRONIX_DEMO_BASE_URL": paytronix, "LOG_LEVEL": "WARNING"}
    return _Child(command, env=environment, stdout=subprocess.DEVNULL, text=True)


class _Child(subprocess.Popen[str]):
    """A process that ends with the block it was started for."""

    def __exit__(self, *error: object) -> None:
        self.terminate()
        self.wait(timeout=15)
