"""`manage.py sandbox --port N`: the Paytronix stand-in in a process of its own."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guestportal.sandbox.server import serve


class Command(BaseCommand):
    help = "Run a Paytronix stand-in on 127.0.0.1 and print its cards. Ctrl-C ends it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, required=True, help="the port to listen on; 0 takes any free one"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        port: int = options["port"]
        try:
            serve(port=port, announce=self._announce)
        except OSError as error:
            raise CommandError(f"The sandbox cannot listen on port {port}: {error.strerror}") from None

    def _announce(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
