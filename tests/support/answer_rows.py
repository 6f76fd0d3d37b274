"""The ledger as tests look at it, and time that passes for it."""

from datetime import timedelta

from django.db.models import F

from gifting.models import Answer


def states() -> list[tuple[str, str]]:
    """Action and state of every row, oldest first."""
    return [(row.action, row.state) for row in Answer.objects.order_by("claimed_at")]


def let_pass(seconds: float) -> None:
    """Make every claim older, and what it waits for nearer."""
    passed = timedelta(seconds=seconds)
    Answer.objects.update(
        claimed_at=F("claimed_at") - passed,
        settled_at=F("settled_at") - passed,
        next_look_at=F("next_look_at") - passed,
        clean_read_at=F("clean_read_at") - passed,
    )
