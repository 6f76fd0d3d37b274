"""How a wish whose end nobody saw is settled: by reading, never by sending it again."""

import logging
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from gifting.ledger import wishes
from gifting.ledger.rows import Row
from gifting.ledger.schedule import (
    CLEAN_READ_PAUSE,
    CLEAN_READS,
    WATCHED_FOR,
    Settled,
    arrival_time,
    first_look,
    next_last_watch,
    next_look,
    next_watch,
)
from gifting.ledger.wish import WishState
from gifting.sending.api import Sent, Transfer, read_sent
from gifting.sending.matching import candidates
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError

log = logging.getLogger("gifting")

_NOT_THERE = (WishState.NOT_SENT, WishState.FAILED)


def settle_by_reading(row: Row, *, merchant: Merchant, sent: Sent) -> Row:
    """Write down what a reading of the history tells about an open or watched wish; returns the row as it is now.

    Unknown becomes sent when our reference is there, not sent after clean readings once nothing can arrive any
    more, failed when a refusal is confirmed, and a person's business when reading cannot decide. From there only
    proof that it was sent leads on.
    """
    if row.contents is None or row.claimed_at is None:
        return row
    sendings = {
        each.gift.transaction_id or f"place {place}": each for place, each in enumerate(sent.transfers)
    }
    found = candidates(
        [each.gift for each in sendings.values()], contents=row.contents, claimed_at=row.claimed_at
    )
    ids = [gift.transaction_id for gift in (*found.gifts, *found.odd, *found.doubtful)]
    taken = wishes.claimed_elsewhere(merchant=merchant, transaction_ids=ids, row=row)
    ours, odd, doubtful = (
        [gift for gift in gifts if gift.transaction_id not in taken]
        for gifts in (found.gifts, found.odd, found.doubtful)
    )
    if len(ours) == 1 and row.contents.reference:
        transfer = next(each for each in sendings.values() if each.gift is ours[0])
        return _sent(row, transfer, merchant=merchant)
    if row.state is WishState.NEEDS_REVIEW:
        return row
    if ours or odd:
        return _moved(row, merchant=merchant, state=WishState.NEEDS_REVIEW, cause="candidates")
    if not sent.is_whole or row.state in _NOT_THERE:
        return row
    return _not_found(row, merchant=merchant, sent=sent, is_doubtful=bool(doubtful))


def give_up_if_old(row: Row, *, merchant: Merchant) -> Row:
    """After a day without an answer the wish is a person's business. Call it after the last reading."""
    if row.is_open and row.claimed_at and timezone.now() - row.claimed_at >= WATCHED_FOR:
        return _moved(row, merchant=merchant, state=WishState.NEEDS_REVIEW, cause="no_answer_for_a_day")
    return row


def doubt_if_abandoned(row: Row, *, merchant: Merchant) -> Row:
    """A wish whose process must have ended without writing what came of the call is unknown."""
    if row.state is not WishState.SENDING or row.claimed_at is None:
        return row
    if timezone.now() < first_look(merchant, row.claimed_at):
        return row
    return _moved(
        row, merchant=merchant, state=WishState.UNKNOWN, cause="process_ended", next_look_at=row.next_look_at
    )


def settle_unattended(*, merchant: Merchant) -> Settled:
    """Look at every wish of a merchant that is due; for guests who have left. Safe in several processes at once."""
    result = Settled()
    for found in wishes.due(merchant=merchant):
        if found.claimed_at is None:
            continue
        watched, later = found.state in _NOT_THERE, _next_turn(found, found.claimed_at)
        if not wishes.note_look(found, next_look_at=later):
            continue  # another process looks
        row = replace(found, revision=found.revision + 1, next_look_at=later)
        row = doubt_if_abandoned(row, merchant=merchant)
        result = replace(result, looked_at=result.looked_at + 1)
        if found.contents is not None and (row.is_open or watched):
            try:
                sent = read_sent(merchant=merchant, card_number=found.contents.card_number)
            except PaytronixError as error:
                log.warning("wish_unread", extra={"fields": _line(row, merchant, type(error).__name__)})
                result = replace(result, unread=result.unread + 1)
            else:
                row = settle_by_reading(row, merchant=merchant, sent=sent)
                _end_watch_if_over(row, sent)
        row = give_up_if_old(row, merchant=merchant)
        if row.state is not found.state and not row.is_open:
            result = replace(result, settled=result.settled + 1)
    return result


def _next_turn(found: Row, claimed_at: datetime) -> datetime | None:
    """When somebody looks next if this look tells nothing; None when nothing is left to look for."""
    now = timezone.now()
    if found.state not in _NOT_THERE:
        return next_look(claimed_at, now)
    watch_at = next_watch(claimed_at, now)
    # The watch ends with a reading: where that fails, it is made up for.
    return next_last_watch(claimed_at, now) if watch_at is None and found.contents else watch_at


def _end_watch_if_over(row: Row, sent: Sent) -> None:
    """A day after a gift that was not sent, and once the history has been read since then, nobody looks any more."""
    if row.claimed_at is None or not sent.is_whole or row.state not in _NOT_THERE or row.next_look_at is None:
        return
    if next_watch(row.claimed_at, sent.asked_at) is None:
        wishes.note_look(row, next_look_at=None)


def _sent(row: Row, transfer: Transfer, *, merchant: Merchant) -> Row:
    return _moved(
        row,
        merchant=merchant,
        state=WishState.SENT,
        cause="found_in_history",
        transfer=transfer.record,
        transaction_id=transfer.gift.transaction_id,
    )


def _not_found(row: Row, *, merchant: Merchant, sent: Sent, is_doubtful: bool) -> Row:
    """A whole history without our reference: it confirms a refusal, and counts once nothing can arrive any more.

    Where one of its gifts may be ours all the same, or Paytronix has called the wish a success, a person decides.
    """
    assert row.claimed_at is not None  # noqa: S101 - the caller has looked
    now = timezone.now()
    watch_at = next_watch(row.claimed_at, now)
    is_unclear = is_doubtful or wishes.was_called_a_success(row)
    if row.refusal is not None and not is_unclear:
        return _moved(
            row, merchant=merchant, state=WishState.FAILED, cause="refusal_confirmed", next_look_at=watch_at
        )
    if sent.asked_at < row.claimed_at + arrival_time(merchant):
        return row
    if row.clean_read_at and sent.asked_at - row.clean_read_at < CLEAN_READ_PAUSE:
        return row
    if row.clean_reads + 1 >= CLEAN_READS and is_unclear:
        return _moved(row, merchant=merchant, state=WishState.NEEDS_REVIEW, cause="in_doubt")
    if row.clean_reads + 1 >= CLEAN_READS:
        return _moved(
            row, merchant=merchant, state=WishState.NOT_SENT, cause="not_in_history", next_look_at=watch_at
        )
    again_at = max(now, sent.asked_at + CLEAN_READ_PAUSE)
    wishes.note_clean_read(row, at=sent.asked_at, next_look_at=again_at)
    return wishes.reread(row)


def _moved(row: Row, *, merchant: Merchant, state: WishState, cause: str, **more: object) -> Row:
    moved = wishes.move(row, merchant=merchant, state=state, cause=cause, **more)  # type: ignore[arg-type]
    return moved or wishes.reread(row)


def _line(row: Row, merchant: Merchant, ended: str) -> dict[str, object]:
    return {"event": "wish", "merchant": merchant.slug, "wish": str(row.id), "ended": ended}
