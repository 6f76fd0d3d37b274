"""What the ledger tells a merchant: how many wishes are in which state, how old, and which a person must look at.

No personal data: ids, states, moments and references alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min

from gifting.models import Wish, WishTransition
from gifting.sending.domain import WishState
from guestportal.merchants.definition import Merchant


@dataclass(frozen=True, slots=True)
class StateLine:
    """How many wishes of a merchant are in a state, and since when the oldest of them was sent."""

    state: WishState
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A wish that reading could not settle. `reference` leads to the call in the log."""

    wish_id: UUID
    sent_at: datetime
    cause: str
    reference: str


def states_of(merchant: Merchant) -> Iterator[StateLine]:
    """One line for each state that occurs, in the order of a wish's life; check pages are not counted."""
    sent = Wish.objects.filter(merchant=merchant.slug, claimed_at__isnull=False)
    lines = sent.values("state").annotate(count=Count("id"), oldest=Min("claimed_at")).order_by()
    by_state = {line["state"]: line for line in lines}
    for state in WishState:
        if line := by_state.get(state):
            yield StateLine(state, line["count"], line["oldest"])


def reviews_of(merchant: Merchant) -> Iterator[ReviewLine]:
    """The wishes that need a person, the oldest first."""
    waiting = Wish.objects.filter(merchant=merchant.slug, state=WishState.NEEDS_REVIEW)
    for wish in waiting.order_by("claimed_at").prefetch_related("transitions"):
        steps: list[WishTransition] = sorted(wish.transitions.all(), key=lambda step: step.id)
        references = [step.reference for step in steps if step.reference]
        assert wish.claimed_at is not None  # noqa: S101 - a constraint of the table
        yield ReviewLine(wish.id, wish.claimed_at, steps[-1].cause, references[-1] if references else "")
