"""Accepting and declining: who may, one claim, one call, and the truth about it. Never a second call for a claim."""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.credentials import SignedInGuest
from gifting.gift.api import read_pending_list
from gifting.gift.domain import Gift, GiftStatus, PendingGift
from gifting.gift.refusals import is_harmless, refusal_of
from gifting.ledger import answers, rows
from gifting.ledger.answers import Action, Claim, State
from gifting.ledger.rows import RefusalNote, Step
from gifting.receiving.api import Finding, find_out, send_answer
from gifting.receiving.inbox import by_handle, count_waiting, items_of, where_it_went
from gifting.receiving.links import guest_of_card, look_up, state_of
from gifting.receiving.outcomes import KIND_BY_CODE, AnswerOutcome, OutcomeKind, earlier, reference_of
from gifting.receiving.settle import kind_of, settle_by_reading
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused, Unavailable
from guestportal.storage import clock


@dataclass(frozen=True, slots=True)
class _End:
    """How an answer ended, for the guest: its row as it stands, and the refusal if there was one."""

    kind: OutcomeKind
    gift: Gift
    row: Claim | None = None
    error: Refused | InvalidStatus | None = None


def answer_gift(
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    handle: str,
    action: str,
    note: str,
    language: str,
    link_code: str = "",
) -> AnswerOutcome:
    """Accept or decline the gift of this handle for the guest's card.

    A fresh list of the card says whether it may be answered and by which code; `link_code` is the one of a link
    that the guest opened, for lists without codes. The claim is committed before the call, and at most one call
    is made for it. Two calls when all goes well. Raises NoSuchGift; when nothing was sent PaytronixErrors and
    ClaimsPaused, and for the link's code Throttled and CountersUnreachable.
    """
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number, asked_at=clock.now())
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    found = by_handle(pending, guest=guest, handle=handle)
    if found is None or found.gift.is_over:
        return where_it_went(
            merchant=merchant, guest=guest, handle=handle, action=action, pending=pending, claims=claims
        )
    code = found.code or _code_of_link(merchant, guest, found, link_code)
    end = _End(OutcomeKind.READ_ONLY, found.gift)
    if code:
        standing = next((each for each in claims if each.transaction_id == found.gift.transaction_id), None)
        end = _answer(
            standing,
            found,
            code,
            action,
            merchant=merchant,
            guest=guest,
            asked_at=pending.asked_at,
            note=note,
        )
    if end.row is not None:
        claims = (*(each for each in claims if each.id != end.row.id), end.row)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    return AnswerOutcome(
        kind=end.kind,
        handle=handle,
        action=action,
        gift=end.gift,
        note=note if end.kind in {OutcomeKind.ACCEPTED, OutcomeKind.DECLINED} else "",
        refusal=refusal_of(end.error, merchant=merchant, language=language) if end.error else None,
        making_sure=end.row is not None and end.row.is_refused,
        waiting_count=count_waiting(items),
        reference=reference_of(end.kind, end.row, merchant=merchant),
    )


def _answer(
    standing: Claim | None,
    found: PendingGift,
    code: str,
    action: str,
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    asked_at: datetime,
    note: str,
) -> _End:
    """Claim the gift and send the answer; or say which earlier one stands, when the list does not end that."""
    if standing is not None:
        standing = settle_by_reading(standing, Finding(found.gift, asked_at), merchant=merchant)
    claimed = answers.claim(
        merchant=merchant,
        card_number=guest.card_number,
        transaction_id=found.gift.transaction_id,
        code=code,
        action=action,
        standing=standing,
    )
    if claimed is not None:
        refused = standing if standing is not None and standing.may_repeat else None
        return _send(claimed, refused, merchant=merchant, gift=found.gift, note=note)
    if standing is None or not standing.is_decided:
        return _End(OutcomeKind.CONFIRMING, found.gift, standing)
    return _End(earlier(kind_of(standing, None) or OutcomeKind.CONFIRMING), found.gift, standing)


def _send(claimed: Claim, refused: Claim | None, *, merchant: Merchant, gift: Gift, note: str) -> _End:
    """The one call of a claim, and what is true after it (docs/sending.md).

    `refused` is the row as it was before the claim, where this answer repeats one that Paytronix refused.
    """
    started = time.monotonic()
    try:
        answered = send_answer(claimed, merchant=merchant, note=note)
    except Unavailable as error:  # surely not sent
        _undo(claimed, refused, "surely_not_sent", error.reference, merchant=merchant)
        raise
    except (Refused, InvalidStatus) as error:
        return _after_refusal(claimed, refused, error, merchant=merchant, gift=gift)
    except PaytronixError as error:
        # Misconfigured among them, which may come from in front of Paytronix and after the work.
        row = _doubt(claimed, type(error).__name__, error.reference, merchant=merchant)
        if time.monotonic() - started < merchant.integration.deadline_seconds / 2:
            return _look(row, merchant=merchant, gift=gift)
        # The time ran out, so Paytronix is slow: the guest hears so now, and the page looks again by itself.
        return _End(OutcomeKind.CONFIRMING, gift, row)
    if not _proves(answered, claimed):
        return _look(_doubt(claimed, "odd_success", "", merchant=merchant), merchant=merchant, gift=gift)
    accepted = claimed.action == Action.ACCEPT
    step = Step(state=State.ACCEPTED if accepted else State.DECLINED, cause="success")
    row = rows.insist(claimed, step, merchant=merchant, over=answers.UNDECIDED)
    kind = OutcomeKind.ACCEPTED if accepted else OutcomeKind.DECLINED
    return _End(kind, answered if answered.item.name else gift, row)


def _undo(claimed: Claim, refused: Claim | None, cause: str, reference: str, *, merchant: Merchant) -> Claim:
    """This call did nothing: the gift is as it was before the claim.

    That is free to be answered; but after a refusal, whose own call may yet arrive, it waits for its settling time
    from that call on, and meanwhile the same answer alone can be given.
    """
    step = Step(state=State.RELEASED, cause=cause, reference=reference)
    if refused is not None:
        step = replace(
            step,
            state=State.UNKNOWN,
            refusal=refused.refusal,
            claimed_at=refused.claimed_at,
            clean_read_at=refused.clean_read_at,
            next_look_at=claimed.next_look_at,
        )
    return rows.insist(claimed, step, merchant=merchant, over=answers.OPEN)


def _doubt(
    claimed: Claim, cause: str, reference: str, *, merchant: Merchant, refusal: RefusalNote | None = None
) -> Claim:
    """The call ended without proof of what happened; a refusal is kept, to be confirmed by readings."""
    step = Step(
        state=State.UNKNOWN,
        cause=cause,
        reference=reference,
        refusal=refusal,
        next_look_at=claimed.next_look_at,
    )
    return rows.insist(claimed, step, merchant=merchant, over={State.CLAIMED})


def _proves(answered: Gift, claimed: Claim) -> bool:
    """Whether a success speaks of this gift, by its number or its state; what it leaves out contradicts nothing."""
    expected = GiftStatus.ACCEPTED if claimed.action == Action.ACCEPT else GiftStatus.REJECTED
    if not answered.transaction_id and not answered.status:
        return False
    return answered.transaction_id in {"", claimed.transaction_id} and answered.status in {"", expected}


def _look(row: Claim, *, merchant: Merchant, gift: Gift) -> _End:
    """What reading tells about an unknown outcome just now."""
    try:
        found = find_out(row, merchant=merchant)
    except PaytronixError:
        return _End(OutcomeKind.CONFIRMING, gift, row)
    row = settle_by_reading(row, found, merchant=merchant)
    return _End(kind_of(row, found.gift) or OutcomeKind.CONFIRMING, found.gift or gift, row)


def _after_refusal(
    claimed: Claim,
    refused: Claim | None,
    error: Refused | InvalidStatus,
    *,
    merchant: Merchant,
    gift: Gift,
) -> _End:
    """A refusal is told at once and believed later: it promises roll-back "as best as possible" only.

    Whatever its code: what our codes mean is not published, and a history may lag. One whose code the merchant knows
    to precede any work is believed at once. `refused` is as in `_send`.
    """
    by_code = KIND_BY_CODE.get(error.code)
    if is_harmless(error.code, merchant=merchant):
        row = _undo(claimed, refused, "refused_before_work", error.reference, merchant=merchant)
        if row.is_decided:  # an earlier answer, as a page has read meanwhile
            return _End(earlier(kind_of(row, None) or OutcomeKind.CONFIRMING), gift, row, error)
        return _End(by_code or OutcomeKind.REFUSED, gift, row, error)
    refusal = RefusalNote(error.code, error.message, error.reference)
    row = _doubt(claimed, "refused", error.reference, merchant=merchant, refusal=refusal)
    try:
        found = find_out(row, merchant=merchant)
    except PaytronixError:
        return _End(OutcomeKind.CONFIRMING, gift, row, error)
    row = settle_by_reading(row, found, merchant=merchant)
    if not row.is_open:
        return _End(
            earlier(kind_of(row, found.gift) or OutcomeKind.CONFIRMING), found.gift or gift, row, error
        )
    if not row.may_repeat:
        return _End(OutcomeKind.CONFIRMING, gift, row, error)
    is_others = by_code is OutcomeKind.OTHER_ACCOUNT
    return _End(OutcomeKind.OTHER_ACCOUNT if is_others else OutcomeKind.REFUSED, gift, row, error)


def _code_of_link(merchant: Merchant, guest: SignedInGuest, found: PendingGift, link_code: str) -> str:
    """The link's code, if it opens this very gift of this card's list. One call; a wrong code counts as in a link."""
    if not link_code:
        return ""
    number = guest.card_number
    try:
        gift = look_up(merchant=merchant, card_number=number, code=link_code, who=guest_of_card(number))
    except Refused as error:
        if state_of(error) is None:
            raise
        return ""
    return link_code if gift.transaction_id == found.gift.transaction_id else ""
