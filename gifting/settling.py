"""How an answer whose end nobody saw is settled: by reading, never by sending it again."""

import logging
from dataclasses import dataclass

from gifting import answering
from gifting.answering import Claim, State
from gifting.domain import GiftStatus, is_documented
from gifting.limits import call_time, settling_time
from gifting.outcomes import OutcomeKind, kind_by_status
from gifting.transfers import Finding, find_out
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError

log = logging.getLogger("gifting")

_STATE_BY_STATUS = {GiftStatus.ACCEPTED: State.ACCEPTED, GiftStatus.REJECTED: State.DECLINED}


@dataclass(frozen=True, slots=True)
class Settled:
    """How many answers were looked at without a guest, and what became of them."""

    looked_at: int = 0
    settled: int = 0
    unread: int = 0


def settle_by_reading(claimed: Claim, *, merchant: Merchant, finding: Finding) -> OutcomeKind | None:
    """Write down what a reading tells about an open claim, and return what to tell the guest.

    Returns None when the gift still waits after the settling time: it is released and may be answered again.
    Before that it is CONFIRMING, because the call may yet arrive.
    """
    gift = finding.gift
    overdue = finding.asked_at - claimed.claimed_at >= max(settling_time(merchant), call_time(merchant))
    if gift is None:
        if not (overdue and finding.is_whole):
            return OutcomeKind.CONFIRMING
        answering.settle(claimed, State.ENDED)
        return OutcomeKind.NO_LONGER_WAITING
    if gift.waits:
        if not overdue:
            return OutcomeKind.CONFIRMING
        answering.release(claimed)
        return None
    if not is_documented(gift.status):
        return OutcomeKind.CONFIRMING  # a state nobody has documented decides nothing
    answering.settle(claimed, _STATE_BY_STATUS.get(GiftStatus(gift.status), State.ENDED))
    return kind_by_status(gift.status, claimed.action)


def settle_unattended(*, merchant: Merchant) -> Settled:
    """Look at every open answer of a merchant whose call has surely ended; for guests who have left."""
    result = Settled()
    for claimed in answering.unsettled_claims(merchant=merchant, older_than=call_time(merchant)):
        try:
            finding = find_out(claimed, merchant=merchant)
        except PaytronixError as error:
            log.warning("answer_unread", extra={"fields": _line(claimed, merchant, type(error).__name__)})
            result = Settled(result.looked_at + 1, result.settled, result.unread + 1)
            continue
        kind = settle_by_reading(claimed, merchant=merchant, finding=finding)
        done = kind is not OutcomeKind.CONFIRMING
        log.info(
            "answer_settled" if done else "answer_open", extra={"fields": _line(claimed, merchant, kind)}
        )
        result = Settled(result.looked_at + 1, result.settled + done, result.unread)
    return result


def _line(claimed: Claim, merchant: Merchant, ended: str | None) -> dict[str, object]:
    return {
        "event": "answer",
        "merchant": merchant.slug,
        "row": claimed.row,
        "action": claimed.action,
        "ended": ended or "released",
    }
