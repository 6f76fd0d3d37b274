"""When the balance of a card was last withdrawn, so that a sign-in whose reading began earlier does not keep it.

Sign-ins that stand already are withdrawn themselves (`credentials`); this is for those that are about to be stored.
"""

from datetime import datetime, timedelta

from accounts.models import Withdrawal
from guestportal.storage import clock

_EVERY_CARD = ""
_REMEMBERED_FOR = timedelta(hours=1)  # no reading takes as long


def withdraw(*, card_key: str) -> datetime:
    """Note that what was read of this card until now may be untrue; return the moment, by the database's clock."""
    now = clock.now()
    _touch(Withdrawal(card_key=card_key, touched_at=now, withdrawn_at=now), "touched_at", "withdrawn_at")
    return now


def allows(*, card_key: str, read_at: datetime) -> bool:
    """Whether a reading of the card that began at `read_at` may be kept: nothing was withdrawn since.

    A withdrawal of this card waits until the caller's transaction ends, and then finds what that has stored.
    """
    _touch(Withdrawal(card_key=card_key, touched_at=clock.now()), "touched_at")
    withdrawn = Withdrawal.objects.filter(card_key__in=(_EVERY_CARD, card_key), withdrawn_at__gt=read_at)
    return not withdrawn.exists()


def rehash() -> None:
    """Withdraw every card under a new look-up key: by the hashes of the old one none is found any more."""
    Withdrawal.objects.all().delete()
    withdraw(card_key=_EVERY_CARD)


def sweep() -> None:
    """Forget the cards of which nothing was read or withdrawn lately."""
    Withdrawal.objects.filter(touched_at__lt=clock.now() - _REMEMBERED_FOR).delete()


def _touch(row: Withdrawal, *columns: str) -> None:
    Withdrawal.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["card_key"], update_fields=columns
    )
