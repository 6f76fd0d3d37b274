"""`manage.py sweep_sessions`: delete what has ended. Each sign-in sweeps too; this is for quiet merchants."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.credentials import sweep
from guestportal.merchants.registry import current_registry


class Command(BaseCommand):
    help = "Delete ended credential rows and Django's expired sessions."

    def handle(self, **options: object) -> None:
        swept = sum(sweep(merchant=merchant) for merchant in current_registry())
        call_command("clearsessions")
        self.stdout.write(f"Deleted: {swept}")
