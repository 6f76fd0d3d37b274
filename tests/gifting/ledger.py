"""The ledger as tests look at it, and time that passes for it."""

from datetime import timedelta

from django.db.models import F

from gifting.models import Answer


def states() -> list[tuple[str, str]]:
    """Action and state of every row, oldest first."""
    return [(row.action, row.state) for row in Answer.objects.order_by("id")]


def let_pass(seconds: float) -> None:
    """Make every claim older."""
    Answer.objects.update(claimed_at=F("claimed_at") - timedelta(seconds=seconds))
