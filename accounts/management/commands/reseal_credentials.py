"""`manage.py reseal_credentials`: after a new first key in ENCRYPTION_KEYS, so that the old one can be dropped."""

from django.core.management.base import BaseCommand

from accounts.credentials import reseal


class Command(BaseCommand):
    help = "Encrypt all credential rows with the first of ENCRYPTION_KEYS."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"Encrypted anew: {reseal()}")
