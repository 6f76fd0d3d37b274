"""How an answer whose end nobody saw is settled: by reading, never by sending it again."""

import logging
from dataclasses import replace

from django.utils import timezone

from accounts import credentials
from gifting.gift.domain import GiftStatus, is_documented
from gifting.ledger import answers
from gifting.ledger.answers import Claim, State
from gifting.ledger.schedule import WATCHED_FOR, Settled, call_time, next_look, settling_time
from gifting.receiving.api import Finding, find_out
from gifting.receiving.outcomes import OutcomeKind, kind_by_status
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError

log = logging.getLogger("gifting")

_STATE_BY_STATUS = {GiftStatus.ACCEPTED: State.ACCEPTED, GiftStatus.REJECTED: State.DECLINED}


def settle_by_reading(
    claimed: Claim, *, merchant: Merchant, finding: Finding, is_news: bool = False
) -> OutcomeKind | None:
    """Write down what a reading tells about an open claim, and return what to tell the guest.

    Returns None when the gift still waits after the settling time: it is released and may be answered again.
    Before that it is CONFIRMING, because the call may yet arrive; None also when nobody could tell for a day.
    `is_news` says that the caller does not tell the guest.
    """
    kind = _settled_kind(claimed, merchant=merchant, finding=finding, is_news=is_news)
    return None if kind is OutcomeKind.CONFIRMING and give_up_if_old(claimed, merchant=merchant) else kind


def give_up_if_old(claimed: Claim, *, merchant: Merchant) -> bool:
    """After a day nobody asks about an answer any more, for the lists show the gift as it is; whether that is now."""
    if timezone.now() - claimed.claimed_at < WATCHED_FOR:
        return False
    if answers.settle(claimed, State.ENDED):
        log.warning("answer_given_up", extra={"fields": _line(claimed, merchant, "given_up")})
    return True


def settle_unattended(*, merchant: Merchant) -> Settled:
    """Look at every answer of a merchant that is due; for guests who have left. Safe in several processes at once."""
    result = Settled()
    for claimed in answers.due(merchant=merchant):
        later = next_look(claimed.claimed_at, timezone.now())
        if not answers.note_look(claimed, next_look_at=later):
            continue  # another process looks
        result = replace(result, looked_at=result.looked_at + 1)
        try:
            finding = find_out(claimed, merchant=merchant)
        except PaytronixError as error:
            log.warning("answer_unread", extra={"fields": _line(claimed, merchant, type(error).__name__)})
            result = replace(result, unread=result.unread + 1)
            give_up_if_old(claimed, merchant=merchant)
            continue
        kind = settle_by_reading(claimed, merchant=merchant, finding=finding, is_news=True)
        done = kind is not OutcomeKind.CONFIRMING
        log.info(
            "answer_settled" if done else "answer_open", extra={"fields": _line(claimed, merchant, kind)}
        )
        result = replace(result, settled=result.settled + done)
    return result


def _settled_kind(
    claimed: Claim, *, merchant: Merchant, finding: Finding, is_news: bool
) -> OutcomeKind | None:
    gift = finding.gift
    overdue = finding.asked_at - claimed.claimed_at >= max(settling_time(merchant), call_time(merchant))
    if gift is None:
        if not (overdue and finding.is_whole):
            return OutcomeKind.CONFIRMING
        if finding.may_wait:
            answers.release(claimed)
            return None
        answers.settle(claimed, State.ENDED, is_news=is_news)
        return OutcomeKind.NO_LONGER_WAITING
    if gift.waits:
        if not overdue:
            return OutcomeKind.CONFIRMING
        answers.release(claimed)
        return None
    if not is_documented(gift.status):
        return OutcomeKind.CONFIRMING  # a state nobody has documented decides nothing
    state = _STATE_BY_STATUS.get(GiftStatus(gift.status), State.ENDED)
    answers.settle(claimed, state, is_news=is_news)
    if state == State.ACCEPTED and claimed.credential_id:  # the balance was read before anybody knew
        credentials.withdraw_account(credential_id=claimed.credential_id)
    return kind_by_status(gift.status, claimed.action)


def _line(claimed: Claim, merchant: Merchant, ended: str | None) -> dict[str, object]:
    return {
        "event": "answer",
        "merchant": merchant.slug,
        "row": claimed.row,
        "action": claimed.action,
        "ended": ended or "released",
    }
