"""Places that a `failed` has taken: whether it was an outage or a wrong card is known only afterwards.

It is documented nowhere whether a wrong card can end as `failed` (docs/paytronix-api.md, section 5), so such a try
takes a place of its card's own counter and is written down here. When it came for three cards of a program with no
other answer between, it was an outage, and after the next real answer their places are given back (docs/threats.md,
check 42). User names have counters of their own like cards.
"""

from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from guestportal.merchants.definition import Merchant
from guestportal.throttling import counters
from guestportal.throttling.counters import Place
from guestportal.throttling.limits import DAY, Window
from guestportal.throttling.models import Doubt

CARDS_OF_AN_OUTAGE = 3
_ONCE_A_DAY = (Window(1, DAY),)


def note(merchant: Merchant, place: Place) -> None:
    """Write down that this place is in doubt. Raises CountersUnreachable."""
    with counters.reachable():
        Doubt.objects.create(
            program=_program(merchant), counter=place.key, hit=place.hit, noted_at=timezone.now()
        )


def has_some(counter: str) -> bool:
    """Whether a place of this counter is in doubt. Raises CountersUnreachable."""
    with counters.reachable():
        return Doubt.objects.filter(counter=counter).exists()


def settle(merchant: Merchant) -> None:
    """Paytronix has answered: what is in doubt is given back after an outage, and stays taken otherwise.

    A card gets its places back once a day at most, so that no guesser can live on outages. Each doubt is
    settled by one process. Raises CountersUnreachable.
    """
    rows = Doubt.objects.filter(program=_program(merchant))
    with counters.reachable():
        if not rows.exists():
            return
    with counters.together():
        # In one order everywhere, so that no two processes wait for each other.
        doubts = list(rows.select_for_update().order_by("counter", "id"))
        cards = {
            counter: list(of_card) for counter, of_card in groupby(doubts, key=lambda each: each.counter)
        }
        if len(cards) >= CARDS_OF_AN_OUTAGE:
            for counter, of_card in cards.items():
                if counters.take(counters.key_of("given_back", counter), _ONCE_A_DAY).place:
                    for doubt in of_card:
                        counters.give_back(Place(counter, doubt.hit))
        Doubt.objects.filter(id__in=[doubt.id for doubt in doubts]).delete()


def sweep(now: datetime) -> None:
    """Delete doubts about places that no window counts any more. Raises CountersUnreachable."""
    with counters.reachable():
        Doubt.objects.filter(noted_at__lt=now - timedelta(seconds=DAY)).delete()


def _program(merchant: Merchant) -> str:
    return counters.key_of("doubts", *merchant.integration.program)
