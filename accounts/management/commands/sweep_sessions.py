"""`manage.py sweep_sessions`: delete what has ended. Each sign-in sweeps too; this is for quiet merchants, and
for what an attack has left."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.credentials import sweep
from guestportal.merchants.registry import current_registry
from guestportal.throttling import counters, doubts
from guestportal.web.sessions import SessionStore


class Command(BaseCommand):
    help = "Delete ended credential rows, expired sessions, and counters that count nothing any more."

    def handle(self, **options: object) -> None:
        swept = sum(sweep(merchant=merchant) for merchant in current_registry())
        SessionStore.clear_expired()
        doubts.sweep(timezone.now())
        while counters.sweep():
            pass
        self.stdout.write(f"Deleted: {swept}")
