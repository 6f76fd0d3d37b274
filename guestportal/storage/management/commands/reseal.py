"""`manage.py reseal`: after a new first key in ENCRYPTION_KEYS, so that the old one can be dropped."""

from django.core.management.base import BaseCommand, CommandError

from guestportal.storage.resealing import reseal_all


class Command(BaseCommand):
    help = (
        "Encrypt everything at rest with the first of ENCRYPTION_KEYS. Exits with 1 when some of it opens with none "
        "of them; nothing is deleted."
    )

    def handle(self, **options: object) -> None:
        unopened = 0
        for each in reseal_all():
            unopened += each.unopened
            broken = f", cannot be opened: {each.unopened}" if each.unopened else ""
            self.stdout.write(f"{each.model}: {each.rows}{broken}")
        if unopened:
            raise CommandError(
                f"Rows that none of ENCRYPTION_KEYS opens: {unopened}. They stand as they were."
            )
