"""What the ledger tells a merchant: how many wishes are in which state, how old, and which a person must look at.

No personal data: ids, states, moments and references alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from gifting.ledger import wishes
from gifting.ledger.wish import WishState
from gifting.models import Transition, Wish
from guestportal.merchants.definition import Merchant


@dataclass(frozen=True, slots=True)
class StateLine:
    """How many wishes of a merchant are in a state, and since when the oldest of them was sent."""

    state: WishState
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A wish that reading could not settle.

    `reference` stands in the gift's message and on the guest's page, `call` in the log line of the call; either is
    empty when there is none.
    """

    wish_id: UUID
    sent_at: datetime
    cause: str
    reference: str
    call: str


def slugs() -> tuple[str, ...]:
    """Every merchant that the ledger knows, also one whose file is gone, so that its gifts are settled no more."""
    return tuple(Wish.objects.order_by("merchant").values_list("merchant", flat=True).distinct())


def states_of(slug: str) -> Iterator[StateLine]:
    """One line for each state that occurs, in the order of a wish's life; check pages are not counted."""
    sent = Wish.objects.filter(merchant=slug, claimed_at__isnull=False)
    lines = sent.values("state").annotate(count=Count("id"), oldest=Min("claimed_at")).order_by()
    by_state = {line["state"]: line for line in lines}
    for state in WishState:
        if line := by_state.get(state):
            yield StateLine(state, line["count"], line["oldest"])


def reviews_of(merchant: Merchant) -> Iterator[ReviewLine]:
    """The wishes that need a person, the oldest first."""
    for row in wishes.in_review(merchant=merchant):
        calls = Transition.objects.filter(row=row.id).exclude(reference="").order_by("id")
        last = calls.values_list("reference", flat=True).last()
        yield ReviewLine(
            wish_id=row.id,
            sent_at=row.sent_at,
            cause=row.cause,
            reference=row.contents.reference if row.contents else "",
            call=last or "",
        )
