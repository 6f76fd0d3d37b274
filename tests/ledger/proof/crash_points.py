"""The places where a process may end while it sends or settles, around the real functions.

Also where the guest, a second tab or `settle_gifts` may come in between: just before the call and just after it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

from accounts import credentials
from gifting.ledger import rows, wishes
from gifting.ledger.wish import WishState
from gifting.sending import api, send, settle
from tests.ledger.proof.world import Crash

SENDING: Final = (
    "before the claim",
    "inside the claim",
    "after the claim",
    "after the call",
    "inside writing",
    "inside withdrawing",
    "after writing",
    "before the page",
)
SETTLING: Final = ("after reading", "inside writing", "inside withdrawing", "after writing")


class Points:
    """The one place, if any, where the process ends next."""

    def __init__(self) -> None:
        self._armed = ""
        self.reached = ""

    def arm(self, point: str) -> None:
        """Let the process end at this place; an empty name lets it live."""
        self._armed, self.reached = point, ""

    def reach(self, point: str) -> None:
        """Raise Crash, once, when this is the place."""
        if point == self._armed:
            self._armed, self.reached = "", point
            raise Crash(point)


@contextmanager
def fragile(points: Points, transfer_out: Callable[..., Any]) -> Iterator[None]:
    """While inside, sending and settling pass the points, and the one call goes through `transfer_out`."""
    claim, note, write, insist = wishes.claim, rows.note, rows.write, rows.insist
    read, withdraw = api.read_sent, credentials.withdraw_accounts_of_card

    def claiming(**inputs: Any) -> Any:
        points.reach("before the claim")
        return claim(**inputs)

    def noting(row: Any, **inputs: Any) -> None:
        points.reach("inside the claim" if row.state is WishState.SENDING else "inside writing")
        note(row, **inputs)

    def writing(row: Any, step: Any, **inputs: Any) -> Any:
        written = write(row, step, **inputs)
        if step.state != row.state or step.clean_read_at:
            points.reach("after writing")
        return written

    def insisting(row: Any, step: Any, **inputs: Any) -> Any:
        told = insist(row, step, **inputs)
        points.reach("before the page")
        return told

    def reading(**inputs: Any) -> Any:
        sent = read(**inputs)
        points.reach("after reading")
        return sent

    def withdrawing(**inputs: Any) -> None:
        points.reach("inside withdrawing")
        withdraw(**inputs)

    with ExitStack() as stack:
        for owner, name, replacement in (
            (send, "transfer_out", transfer_out),
            (wishes, "claim", claiming),
            (rows, "note", noting),
            (rows, "write", writing),
            (rows, "insist", insisting),
            (rows, "withdraw_accounts_of_card", withdrawing),
            (settle, "read_sent", reading),
        ):
            stack.enter_context(patch.object(owner, name, replacement))
        yield
