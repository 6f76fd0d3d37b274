"""`manage.py reseal`: after a new first key in ENCRYPTION_KEYS, so that the old one can be dropped."""

from django.core.management.base import BaseCommand

from accounts import credentials
from gifting.ledger import answers, wishes
from guestportal.web import sessions


class Command(BaseCommand):
    help = "Encrypt everything at rest with the first of ENCRYPTION_KEYS."

    def handle(self, **options: object) -> None:
        self.stdout.write(f"Sessions: {sessions.reseal()}")
        self.stdout.write(f"Credentials: {credentials.reseal()}")
        self.stdout.write(f"Answers: {answers.reseal()}")
        self.stdout.write(f"Gifts: {wishes.reseal()}")
