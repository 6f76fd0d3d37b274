"""`manage.py settle_answers`: find out what became of answers whose end nobody saw. It reads, and never answers."""

from django.core.management.base import BaseCommand

from gifting.answering import thin
from gifting.settling import settle_unattended
from guestportal.merchants.registry import current_registry


class Command(BaseCommand):
    help = "Settle open answers to gifts by reading them at Paytronix; run it every minute or so."

    def handle(self, **options: object) -> None:
        for merchant in current_registry():
            result = settle_unattended(merchant=merchant)
            self.stdout.write(
                f"{merchant.slug}: looked at {result.looked_at}, settled {result.settled}, "
                f"could not read {result.unread}"
            )
        self.stdout.write(f"Old rows deleted: {thin()}")
