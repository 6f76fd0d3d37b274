"""`manage.py rekey`: after a new first key in LOOKUP_KEY, so that the old one can be dropped."""

from django.core.management.base import BaseCommand, CommandError

from guestportal.storage.lookup import LookupKeyMissing, claims_are_paused
from guestportal.storage.rekeying import rekey

_STILL_PAUSED = (
    "The key was not changed, and claims are paused: no gift is sent or answered until this command succeeds. Run it "
    "again once the cause is mended. To lift the pause now, make the old key the only one in LOOKUP_KEY and run it."
)


class Command(BaseCommand):
    help = (
        "Put the first of LOOKUP_KEY in force. Every running process must have it by now, and the one in force "
        "behind it. Nothing is claimed meanwhile; if this is stopped in between, run it again."
    )

    def handle(self, **options: object) -> None:
        try:
            done = rekey()
        except LookupKeyMissing:
            raise CommandError(
                "The hashes in the database were made with a key that LOOKUP_KEY does not hold: "
                "add it behind the new one."
            ) from None
        except Exception:
            if claims_are_paused():
                self.stderr.write(_STILL_PAUSED)
            raise
        if not done:
            self.stdout.write("The first of LOOKUP_KEY is in force already.")
            return
        for each in done:
            self.stdout.write(f"{each.model}: {each.rows} hashed anew, {each.begin_anew} begin anew")
        self.stdout.write("The first of LOOKUP_KEY is in force; the others can be dropped.")
