"""`manage.py doctor --seen`: what Paytronix's answers had in them that no documentation has."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from guestportal.merchants.registry import current_registry
from guestportal.watch import seen
from guestportal.watch.seen import Name, Tally


class Command(BaseCommand):
    help = (
        "Print what the replies of Paytronix had in them that is not documented: fields, states, statuses, formats, "
        "result words and error codes, by name and never by value. So far it can do nothing but --seen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seen",
            action="store_true",
            required=True,
            help="print what was seen; it asks Paytronix nothing",
        )
        parser.add_argument("--merchant", metavar="SLUG", help="of this merchant alone")
        parser.add_argument("--json", action="store_true", help="as a JSON list")

    def handle(self, *, merchant: str | None, json: bool, **options: object) -> None:
        if merchant is not None and current_registry().by_slug(merchant) is None:
            raise CommandError(f"No merchant is called {merchant}.")
        found = seen.read(merchant=merchant)
        if json:
            self.stdout.write(_as_json(found))
            return
        if not found:
            self.stdout.write("Nothing was seen that is not documented.")
        for name, tally in found:
            self.stdout.write(
                f"{name.merchant}  {name.release}  {name.operation}  {name.kind or '-'}  {name.name}  "
                f"{tally.count} times, first {tally.first_at:%Y-%m-%d %H:%M:%S}Z, "
                f"last {tally.last_at:%Y-%m-%d %H:%M:%S}Z"
            )


def _as_json(found: list[tuple[Name, Tally]]) -> str:
    rows = [
        {
            "merchant": name.merchant,
            "release": name.release,
            "operation": name.operation,
            "kind": name.kind,
            "name": name.name,
            "count": tally.count,
            "first_at": tally.first_at.isoformat(),
            "last_at": tally.last_at.isoformat(),
        }
        for name, tally in found
    ]
    return json.dumps(rows, indent=2)
