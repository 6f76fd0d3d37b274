"""Accepting and declining: who may, one claim, one call, and the truth about it. Never a second call for a claim."""

import time
from dataclasses import dataclass

from accounts import credentials
from accounts.credentials import SignedInGuest
from accounts.refusals import Refusal
from gifting.gift.api import PendingList, read_pending_list
from gifting.gift.domain import Gift, GiftStatus, PendingGift
from gifting.gift.refusals import refusal_of
from gifting.ledger import answers
from gifting.ledger.answers import Claim, State
from gifting.receiving.api import Finding, find_out, send_answer
from gifting.receiving.inbox import by_handle, count_waiting, is_contradicted, items_of, where_it_went
from gifting.receiving.links import guest_of_card, look_up, state_of
from gifting.receiving.outcomes import (
    KIND_BY_CODE,
    Action,
    AnswerOutcome,
    OutcomeKind,
    earlier,
    kind_by_status,
)
from gifting.receiving.settle import settle_by_reading
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused, Unavailable


@dataclass(frozen=True, slots=True)
class _End:
    """How a call ended, for the guest."""

    kind: OutcomeKind
    gift: Gift
    refusal: Refusal | None = None


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
    is made for it. Two calls when all goes well. Raises NoSuchGift; when nothing was sent PaytronixErrors, and for
    the link's code Throttled and CountersUnreachable.
    """
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number)
    found = by_handle(pending, guest=guest, handle=handle)
    if found is None:
        claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
        return where_it_went(
            merchant=merchant, guest=guest, handle=handle, action=action, pending=pending, claims=claims
        )
    code = found.code or _code_of_link(merchant, guest, found, link_code)
    claimed = _claim(merchant, guest, found, code, action, pending) if code else None
    if claimed is not None:
        end = _send(claimed, merchant=merchant, gift=found.gift, note=note, language=language)
    elif code:
        end = _End(_standing_kind(merchant, guest, found), found.gift)
    else:
        end = _End(OutcomeKind.READ_ONLY, found.gift)
    if end.kind in {OutcomeKind.ACCEPTED, OutcomeKind.ALREADY_ACCEPTED, OutcomeKind.CONFIRMING}:
        credentials.withdraw_account(credential_id=guest.id)  # the balance was read before this
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    return AnswerOutcome(
        kind=end.kind,
        handle=handle,
        action=action,
        gift=end.gift,
        note=note if end.kind in {OutcomeKind.ACCEPTED, OutcomeKind.DECLINED} else "",
        refusal=end.refusal,
        waiting_count=count_waiting(items),
    )


def _send(claimed: Claim, *, merchant: Merchant, gift: Gift, note: str, language: str) -> _End:
    """The one call of a claim, and what is true after it (docs/threats.md, section 4)."""
    started = time.monotonic()
    try:
        answered = send_answer(claimed, merchant=merchant, note=note)
    except Unavailable:  # surely not sent
        answers.release(claimed)
        raise
    except (Refused, InvalidStatus) as error:
        answers.doubt(claimed)
        return _after_refusal(claimed, error, merchant=merchant, gift=gift, language=language)
    except PaytronixError:  # also Misconfigured, which may come from in front of Paytronix and after the work
        answers.doubt(claimed)
        if time.monotonic() - started < merchant.integration.deadline_seconds / 2:
            return _look(claimed, merchant=merchant, gift=gift)
        # The time ran out, so Paytronix is slow: the guest hears so now, and the page looks again by itself.
        return _End(OutcomeKind.CONFIRMING, gift)
    if not _proves(answered, claimed):
        answers.doubt(claimed)
        return _look(claimed, merchant=merchant, gift=gift)
    accepted = claimed.action == Action.ACCEPT
    answers.settle(claimed, State.ACCEPTED if accepted else State.DECLINED)
    return _End(
        OutcomeKind.ACCEPTED if accepted else OutcomeKind.DECLINED, answered if answered.item.name else gift
    )


def _proves(answered: Gift, claimed: Claim) -> bool:
    """Whether a success speaks of this gift, by its number or its state; what it leaves out contradicts nothing."""
    expected = GiftStatus.ACCEPTED if claimed.action == Action.ACCEPT else GiftStatus.REJECTED
    if not answered.transaction_id and not answered.status:
        return False
    return answered.transaction_id in {"", claimed.transaction_id} and answered.status in {"", expected}


def _look(claimed: Claim, *, merchant: Merchant, gift: Gift) -> _End:
    """What reading tells about an unknown outcome just now."""
    try:
        finding = find_out(claimed, merchant=merchant)
    except PaytronixError:
        return _End(OutcomeKind.CONFIRMING, gift)
    kind = settle_by_reading(claimed, merchant=merchant, finding=finding)
    return _End(kind or OutcomeKind.CONFIRMING, finding.gift or gift)


def _after_refusal(
    claimed: Claim, error: Refused | InvalidStatus, *, merchant: Merchant, gift: Gift, language: str
) -> _End:
    """A refusal promises roll-back "as best as possible" only, so what Paytronix shows decides what is told."""
    refusal = refusal_of(error, merchant=merchant, language=language)
    try:
        finding = find_out(claimed, merchant=merchant)
    except PaytronixError:
        return _End(OutcomeKind.CONFIRMING, gift)
    by_code = KIND_BY_CODE.get(error.code)
    if finding.gift is None and not finding.is_whole:
        return _End(OutcomeKind.CONFIRMING, gift)
    if finding.gift is None:
        if by_code is None and finding.may_wait:  # two refusals, and neither says what is with the gift
            answers.release(claimed)
            return _End(OutcomeKind.REFUSED, gift, refusal)
        answers.settle(claimed, State.ENDED)
        return _End(by_code or OutcomeKind.NO_LONGER_WAITING, gift, refusal)
    if finding.gift.waits:
        answers.release(claimed)
        kind = OutcomeKind.OTHER_ACCOUNT if by_code is OutcomeKind.OTHER_ACCOUNT else OutcomeKind.REFUSED
        return _End(kind, gift, refusal)
    settled = settle_by_reading(claimed, merchant=merchant, finding=finding)
    return _End(earlier(settled or OutcomeKind.CONFIRMING), finding.gift, refusal)


def _claim(
    merchant: Merchant, guest: SignedInGuest, found: PendingGift, code: str, action: str, pending: PendingList
) -> Claim | None:
    """A claim on this answer; an earlier one that the list has just shown to be overdue, or wrong, gives way."""
    card_number, transaction_id = guest.card_number, found.gift.transaction_id

    def attempt() -> Claim | None:
        return answers.claim(
            merchant=merchant,
            card_number=card_number,
            transaction_id=transaction_id,
            code=code,
            action=action,
            credential_id=guest.id,
        )

    claimed = attempt()
    if claimed is not None:
        return claimed
    standing = answers.claim_on(merchant=merchant, card_number=card_number, transaction_id=transaction_id)
    if standing is None:
        return None
    if is_contradicted(standing, merchant=merchant, pending=pending):
        return attempt() if answers.reopen(standing) else None
    finding = Finding(found.gift, pending.asked_at)
    if not standing.is_open or settle_by_reading(standing, merchant=merchant, finding=finding) is not None:
        return None
    return attempt()


def _standing_kind(merchant: Merchant, guest: SignedInGuest, found: PendingGift) -> OutcomeKind:
    """What to tell when the gift could not be claimed: another answer stands, or is under way."""
    standing = answers.claim_on(
        merchant=merchant, card_number=guest.card_number, transaction_id=found.gift.transaction_id
    )
    if standing is None or not standing.is_decided:
        return OutcomeKind.CONFIRMING
    status = GiftStatus.ACCEPTED if standing.state == State.ACCEPTED else GiftStatus.REJECTED
    return earlier(kind_by_status(status, standing.action))


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
