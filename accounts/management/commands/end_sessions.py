"""`manage.py end_sessions --all | --merchant SLUG`: sign guests out, for incidents."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.credentials import end_all
from guestportal.merchants.registry import current_registry


class Command(BaseCommand):
    help = "Sign out every guest, or every guest of one merchant."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--all", action="store_true", help="of all merchants")
        who.add_argument("--merchant", metavar="SLUG", help="of this merchant")

    def handle(self, *, merchant: str | None, **options: object) -> None:
        if merchant is not None and current_registry().by_slug(merchant) is None:
            raise CommandError(f"There is no merchant file named {merchant}.toml.")
        self.stdout.write(f"Signed out: {end_all(merchant_slug=merchant)}")
