"""`manage.py after_restore`: once after a database was restored, before the portal serves it.

A check page in the copy may have sent its gift since; nothing that was prepared may be sent again.
"""

from django.core.management.base import BaseCommand

from accounts.credentials import end_all
from gifting.ledger.restore import make_safe
from guestportal.web.models import Session


class Command(BaseCommand):
    help = "Void what a restored database holds ready to be sent, and end all sign-ins and sessions."

    def handle(self, **options: object) -> None:
        restored = make_safe()
        signed_out = end_all()
        sessions, _by_model = Session.objects.all().delete()
        self.stdout.write(f"Check pages voided: {restored.voided}")
        self.stdout.write(f"Calls to be confirmed by reading: {restored.doubted} (settle_gifts does that)")
        self.stdout.write(f"Signed out: {signed_out}")
        self.stdout.write(f"Sessions ended: {sessions}")
