"""How a wish whose end is unknown is settled: by reading, never by sending it again."""

from dataclasses import dataclass
from datetime import datetime

from gifting.ledger import rows, wishes
from gifting.ledger.rows import Step
from gifting.ledger.schedule import (
    CLEAN_READ_PAUSE,
    CLEAN_READS,
    arrival_time,
    next_last_watch,
    next_look,
    next_watch,
)
from gifting.ledger.unattended import Settled, Settler, settle_due
from gifting.ledger.wish import WishState
from gifting.ledger.wishes import NOT_THERE, WishRow
from gifting.sending.api import Sent, Transfer, read_sent
from gifting.sending.matching import candidates
from guestportal.merchants.definition import Merchant
from guestportal.storage import clock

ODD_SUCCESS = "odd_success"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one reading of the history has of one wish, without the transactions that prove other wishes.

    `ours` bear its reference, or are alike where it has none; `is_odd` when one with its reference contradicts it;
    `is_doubtful` when one may be ours although it ends in no reference. `is_whole` is False when
    something in the history could not be read.
    """

    ours: tuple[Transfer, ...]
    is_odd: bool
    is_doubtful: bool
    asked_at: datetime
    is_whole: bool


def decide(row: WishRow, found: Evidence, *, merchant: Merchant, now: datetime) -> Step | None:
    """What a reading tells about a wish that is open, watched or a person's business; None when nothing. Pure.

    Unknown becomes sent when our reference is there, not sent, or failed after a refusal, after clean readings once
    nothing can arrive any more, and a person's business when reading cannot decide. From there only proof that it was
    sent leads on.
    """
    if row.contents is None or row.claimed_at is None:
        return None
    if len(found.ours) == 1 and row.contents.reference:
        (transfer,) = found.ours
        return Step(
            state=WishState.SENT,
            cause="found_in_history",
            transfer=transfer.record,
            transaction_id=transfer.gift.transaction_id,
        )
    if row.state is WishState.NEEDS_REVIEW:
        return None
    if found.ours or found.is_odd:
        return Step(state=WishState.NEEDS_REVIEW, cause="candidates")
    if not found.is_whole:
        return None
    if row.state in NOT_THERE:
        is_over = row.next_look_at is not None and next_watch(row.claimed_at, found.asked_at) is None
        return rows.stay(row, next_look_at=None) if is_over else None
    return _not_found(row, found, row.claimed_at, merchant=merchant, now=now)


def settle_by_reading(row: WishRow, sent: Sent, *, merchant: Merchant) -> WishRow:
    """The wish after a reading of the history was written down."""
    step = decide(row, _evidence(row, sent, merchant), merchant=merchant, now=clock.now())
    return rows.take(row, step, merchant=merchant)


def settle_unattended(*, merchant: Merchant) -> Settled:
    """Look at every wish of a merchant that is due, for guests who have left."""
    return settle_due(_SETTLER, merchant=merchant)


def _not_found(
    row: WishRow, found: Evidence, claimed_at: datetime, *, merchant: Merchant, now: datetime
) -> Step | None:
    """A whole history without our gift counts once nothing can arrive any more; a refusal needs it as well.

    Where one of its gifts may be ours all the same, or Paytronix has called the wish a success, a person decides.
    """
    if found.asked_at < claimed_at + arrival_time(merchant):
        return None
    if row.clean_read_at and found.asked_at - row.clean_read_at < CLEAN_READ_PAUSE:
        return None
    if row.clean_reads + 1 < CLEAN_READS:
        again_at = max(now, found.asked_at + CLEAN_READ_PAUSE)
        return rows.stay(row, next_look_at=again_at, clean_read_at=found.asked_at)
    if found.is_doubtful or row.cause == ODD_SUCCESS:
        return Step(state=WishState.NEEDS_REVIEW, cause="in_doubt")
    watch_at = next_watch(claimed_at, now)
    if row.refusal is not None:
        return Step(state=WishState.FAILED, cause="refusal_confirmed", next_look_at=watch_at)
    return Step(state=WishState.NOT_SENT, cause="not_in_history", next_look_at=watch_at)


def _evidence(row: WishRow, sent: Sent, merchant: Merchant) -> Evidence:
    if row.contents is None or row.claimed_at is None:
        return Evidence((), is_odd=False, is_doubtful=False, asked_at=sent.asked_at, is_whole=False)
    gifts = [each.gift for each in sent.transfers]
    found = candidates(gifts, contents=row.contents, claimed_at=row.claimed_at)
    ids = [gift.transaction_id for gift in (*found.gifts, *found.odd, *found.doubtful)]
    taken = wishes.claimed_elsewhere(merchant=merchant, transaction_ids=ids, row=row)
    ours = [gift for gift in found.gifts if gift.transaction_id not in taken]
    return Evidence(
        ours=tuple(each for each in sent.transfers if any(each.gift is gift for gift in ours)),
        is_odd=any(gift.transaction_id not in taken for gift in found.odd),
        is_doubtful=any(gift.transaction_id not in taken for gift in found.doubtful),
        asked_at=sent.asked_at,
        is_whole=sent.is_whole,
    )


def _look(row: WishRow, merchant: Merchant) -> WishRow:
    if row.contents is None or not (row.is_open or row.state in NOT_THERE):
        return row
    sent = read_sent(merchant=merchant, card_number=row.contents.card_number)
    return settle_by_reading(row, sent, merchant=merchant)


def _next_turn(row: WishRow, now: datetime) -> datetime | None:
    if row.state not in NOT_THERE:
        return next_look(row.sent_at, now)
    watch_at = next_watch(row.sent_at, now)
    # The watch ends with a reading: where that fails, it is made up for.
    return next_last_watch(row.sent_at, now) if watch_at is None and row.contents else watch_at


_SETTLER = Settler(kind=WishRow, look=_look, next_turn=_next_turn)
