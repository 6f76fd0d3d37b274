"""`manage.py sweep_sessions`: delete what has ended. Each sign-in sweeps too; this is for quiet merchants, and
for what an attack has left."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.credentials import sweep
from guestportal.merchants.registry import current_registry
from guestportal.throttling import counters


class Command(BaseCommand):
    help = (
        "Delete ended credential rows, Django's expired sessions, and counters that count nothing any more."
    )

    def handle(self, **options: object) -> None:
        swept = sum(sweep(merchant=merchant) for merchant in current_registry())
        call_command("clearsessions")
        while counters.sweep():
            pass
        self.stdout.write(f"Deleted: {swept}")
