"""How an answer whose end is unknown is settled: by reading, never by sending it again."""

from dataclasses import replace
from datetime import datetime

from gifting.gift.domain import Gift, GiftStatus, is_documented
from gifting.ledger import rows
from gifting.ledger.answers import ENDS, Claim, State
from gifting.ledger.rows import Step
from gifting.ledger.schedule import CLEAN_READ_PAUSE, call_time, next_look, settling_time
from gifting.ledger.unattended import Settled, Settler, settle_due
from gifting.receiving.api import Finding, find_out
from gifting.receiving.outcomes import OutcomeKind, kind_by_status
from guestportal.merchants.definition import Merchant
from guestportal.storage import clock

_STATE_BY_STATUS: dict[str, State] = {
    GiftStatus.ACCEPTED: State.ACCEPTED,
    GiftStatus.REJECTED: State.DECLINED,
}


def decide(row: Claim, found: Finding, *, merchant: Merchant) -> Step | None:
    """What a reading tells about an answer; None when it tells nothing. Pure.

    A gift that still waits after the settling time was not answered, and can be; one that is nowhere has to be so in
    two clean readings. Before that the call may yet arrive; but after a refusal a reading that shows it waiting lets
    the same answer be given again, if it was asked for once the refusal was known.
    """
    gift = found.gift
    if is_contradicted(row, found, merchant):
        return Step(state=State.RELEASED, cause="contradicted")
    if not row.is_open or row.claimed_at is None:
        return None
    if gift is not None and not gift.waits:
        # A state that is not documented decides nothing.
        state = _STATE_BY_STATUS.get(gift.status, State.ENDED) if is_documented(gift.status) else None
        return Step(state=state, cause="found") if state else None
    believed_from = row.claimed_at + max(settling_time(merchant), call_time(merchant))
    if found.asked_at < believed_from:
        opens = gift is not None and row.clean_reads == 0 and row.is_refused_by(found.asked_at)
        return rows.stay(row, next_look_at=row.next_look_at, clean_read_at=found.asked_at) if opens else None
    if gift is not None:
        return Step(state=State.RELEASED, cause="still_waits")
    return _nowhere(row, found, believed_from) if found.is_whole else None


def _nowhere(row: Claim, found: Finding, believed_from: datetime) -> Step | None:
    """A gift that neither waits nor stands in a whole history, when nothing can arrive any more."""
    read_at = row.clean_read_at
    if read_at is None or read_at < believed_from:
        again_at = found.asked_at + CLEAN_READ_PAUSE
        return rows.stay(row, next_look_at=again_at, clean_read_at=found.asked_at)
    if found.asked_at - read_at < CLEAN_READ_PAUSE:
        return None
    return Step(
        state=State.RELEASED if found.may_wait else State.ENDED,
        cause="not_in_history" if found.may_wait else "waits_no_longer",
    )


def is_contradicted(row: Claim, found: Finding, merchant: Merchant) -> bool:
    """Whether a gift still waits whose answer was decided so long ago that the reading cannot be behind."""
    is_old = row.settled_at is not None and found.asked_at - row.settled_at >= settling_time(merchant)
    return row.is_decided and is_old and found.gift is not None and found.gift.waits


def settle_by_reading(row: Claim, found: Finding, *, merchant: Merchant, is_news: bool = False) -> Claim:
    """The answer after a reading was written down. `is_news` says that the caller does not tell the guest.

    What is open at another merchant file of the program is left to that file's times.
    """
    if row.is_open and row.merchant != merchant.slug:
        return row
    step = decide(row, found, merchant=merchant)
    if step is None:
        step = rows.give_up(row, now=clock.now())
    elif step.state in ENDS:
        step = replace(step, is_news=is_news)
    return rows.take(row, step, merchant=merchant)


def kind_of(row: Claim, gift: Gift | None) -> OutcomeKind | None:
    """What an answer has come to, for the guest; None when it was released, or no reading could tell within a day."""
    if row.is_open:
        return OutcomeKind.CONFIRMING
    if row.state == State.RELEASED or row.cause == Claim.given_up.cause:
        return None
    is_told = gift is not None and is_documented(gift.status) and not gift.waits
    return kind_by_status(
        gift.status if gift and is_told else _STATUS_BY_STATE.get(row.state, ""), row.action
    )


def settle_unattended(*, merchant: Merchant) -> Settled:
    """Look at every answer of a merchant that is due, for guests who have left."""
    return settle_due(_SETTLER, merchant=merchant)


def _look(row: Claim, merchant: Merchant) -> Claim:
    if row.contents is None:
        return row
    return settle_by_reading(row, find_out(row, merchant=merchant), merchant=merchant, is_news=True)


def _next_turn(row: Claim, now: datetime) -> datetime:
    return next_look(row.claimed_at or now, now)


_STATUS_BY_STATE: dict[str, str] = {State.ACCEPTED: GiftStatus.ACCEPTED, State.DECLINED: GiftStatus.REJECTED}
_SETTLER = Settler(kind=Claim, look=_look, next_turn=_next_turn)
