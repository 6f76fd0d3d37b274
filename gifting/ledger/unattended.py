"""The one loop that reads for guests who have left, for both ledgers. Safe in several processes at once."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from gifting.ledger import rows
from gifting.ledger.rows import R, Row
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError
from guestportal.storage import clock

log = logging.getLogger("gifting")


@dataclass(frozen=True, slots=True)
class Settler(Generic[R]):
    """How one kind of row is read about.

    `look` reads at Paytronix and writes what follows; it returns the row as it is then and raises PaytronixErrors.
    `next_turn` says when to look again if this look tells nothing; None when nothing is left to look for.
    """

    kind: type[R]
    look: Callable[[R, Merchant], R]
    next_turn: Callable[[R, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rows were looked at, how many of them came to an end, how many were unread, and how many failed."""

    looked_at: int = 0
    settled: int = 0
    unread: int = 0
    failed: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(
            self.looked_at + other.looked_at,
            self.settled + other.settled,
            self.unread + other.unread,
            self.failed + other.failed,
        )


def settle_due(settler: Settler[R], *, merchant: Merchant) -> Settled:
    """Look at every row of a merchant that is due. One that raises stops no other, and ends after its day too."""
    result = Settled()
    for row in rows.due(settler.kind, merchant=merchant):
        try:
            result += _take_turn(settler, row, merchant)
        except Exception as error:  # noqa: BLE001 - the database's; the next row may be written
            _complain(row, error)
            result += Settled(looked_at=1, failed=1)
    return result


def _take_turn(settler: Settler[R], found: R, merchant: Merchant) -> Settled:
    """Look at one row, unless another process does."""
    later = settler.next_turn(found, clock.now())
    row = rows.write(found, rows.stay(found, next_look_at=later), merchant=merchant)
    if row is None:
        return Settled()
    unread = failed = False
    try:
        row = rows.take(row, rows.abandoned(row, merchant=merchant, now=clock.now()), merchant=merchant)
        row = settler.look(row, merchant)
    except PaytronixError as error:
        unread = True
        line = {
            "event": "row_unread",
            **row.line,
            "error": type(error).__name__,
            "reference": error.reference,
        }
        log.warning("row_unread", extra={"fields": line})
    except Exception as error:  # noqa: BLE001 - whatever it is, the row has to end after its day
        failed = True
        _complain(row, error)
        row = rows.reread(row) or row
    row = rows.take(row, rows.give_up(row, now=clock.now()), merchant=merchant)
    ended = row.state != found.state and not row.is_open
    return Settled(looked_at=1, settled=int(ended), unread=int(unread), failed=int(failed))


def _complain(row: Row, error: Exception) -> None:
    """An error line with the row's id and the place in the code; the error's own text may hold what is sealed."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}:{place.lineno}"
    line = {"event": "row_not_settled", **row.line, "error": type(error).__name__, "where": where}
    log.error("row_not_settled", extra={"fields": line})
