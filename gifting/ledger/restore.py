"""After a database was restored: what was open in the copy may have been done since, and is settled by reading."""

from dataclasses import dataclass

from gifting.ledger import rows, wishes
from gifting.ledger.answers import Claim
from gifting.ledger.rows import Row, Step
from gifting.ledger.wishes import WishRow
from guestportal.merchants.registry import current_registry
from guestportal.storage import clock


@dataclass(frozen=True, slots=True)
class Restored:
    """How many check pages were voided, and how many calls that were under way in the copy are unknown now."""

    voided: int
    doubted: int


def make_safe() -> Restored:
    """Void every check page, and doubt every claim whose process belongs to the time before the copy."""
    return Restored(wishes.void_prepared(), _doubt_all(WishRow) + _doubt_all(Claim))


def _doubt_all(kind: type[Row]) -> int:
    doubted = 0
    for stored in kind.model.objects.filter(state=kind.claimed_state):
        row = kind.read(stored)
        merchant = current_registry().by_slug(row.merchant)
        step = Step(state=kind.unknown_state, cause="restored", next_look_at=clock.now())
        doubted += merchant is not None and rows.write(row, step, merchant=merchant) is not None
    return doubted
