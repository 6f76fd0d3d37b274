"""`manage.py attack_report`: how much was tried in the last day, hour by hour, and what that could have opened."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry
from guestportal.throttling import tallies
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.tallies import Event

COLUMNS = {
    "card tries": (Event.CARD_TRY,),
    "card failures": (Event.CARD_FAILURE,),
    "card limited": (Event.CARD_LIMITED,),
    "sign-in tries": (Event.PASSWORD_TRY,),
    "sign-in failures": (Event.PASSWORD_FAILURE,),
    "gift codes": (Event.GIFT_CODE_FAILURE,),
    "refused 429": (Event.THROTTLED,),
    "proofs asked": (Event.PROOF_ASKED,),
    "proofs good": (Event.PROOF_TAKEN, Event.PAUSE_TAKEN),
    "proofs bad": (Event.PROOF_REFUSED,),
    "attacks": (Event.ATTACK,),
}


class Command(BaseCommand):
    help = "Print the last day by hour: tries, failures, limits, proofs, and expected cracks a day."

    def handle(self, **options: object) -> None:
        try:
            for merchant in current_registry():
                self._report(merchant)
        except CountersUnreachable:
            raise CommandError("The counters cannot be read.") from None

    def _report(self, merchant: Merchant) -> None:
        this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        since = this_hour - timedelta(hours=23)
        hours = tallies.by_hour(merchant.slug, since=since)
        self.stdout.write(f"{merchant.name} ({merchant.slug}), times in UTC")
        self.stdout.write("  ".join(["hour".ljust(16), *COLUMNS]))
        total: Counter[str] = Counter()
        for number in range(24):
            hour = since + timedelta(hours=number)
            counted = hours.get(hour, {})
            total.update(counted)
            self.stdout.write(self._line(f"{hour:%Y-%m-%d %H:%M}", counted))
        self.stdout.write(self._line("the day".ljust(16), total))
        for length in sorted(merchant.card.code_lengths):
            cracks = total[Event.CARD_FAILURE] / 10**length
            self.stdout.write(f"Expected cracks a day, codes of {length} digits: {cracks:.6f}")

    def _line(self, name: str, counted: Mapping[str, int]) -> str:
        sums = {title: sum(counted.get(event, 0) for event in events) for title, events in COLUMNS.items()}
        return "  ".join([name, *(str(number).rjust(len(title)) for title, number in sums.items())])
