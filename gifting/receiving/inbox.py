"""The gifts that wait for a guest, with the state of the guest's own answers; reading them settles open answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts import credentials
from accounts.credentials import SignedInGuest
from gifting.gift.api import Activity, PendingList, at_once, read_activity, read_pending_list
from gifting.gift.domain import Direction, Gift, GiftStatus, PendingGift, is_documented
from gifting.ledger import answers
from gifting.ledger.answers import Claim, State
from gifting.ledger.schedule import settling_time
from gifting.receiving.api import Finding
from gifting.receiving.handles import handle_for, is_handle_of
from gifting.receiving.outcomes import AnswerOutcome, OutcomeKind, earlier, kind_by_status
from gifting.receiving.settle import settle_by_reading
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError


class NoSuchGift(Exception):
    """The handle names no gift of this sign-in: it is another one's, or made up."""


class GiftNotWaiting(Exception):
    """The gift cannot be answered any more; `outcome` says why."""

    def __init__(self, outcome: AnswerOutcome) -> None:
        super().__init__(outcome.kind)
        self.outcome = outcome


class ItemState(StrEnum):
    """What a guest can do with a gift on the page."""

    WAITING = "waiting"
    CONFIRMING = "confirming"
    READ_ONLY = "read_only"  # Paytronix told no code: the link in the guest's message has it


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A waiting gift as this sign-in may name and answer it. `action` is the answer being confirmed, or empty."""

    handle: str
    gift: Gift
    state: ItemState
    action: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits, soonest deadline first. With `has_unread` something else may wait that nobody could read.

    `ended_answers` came to an end since a page last showed one, by the claims in `unseen_claims`; `unlisted_answers`
    are open answers whose gift no list has yet.
    """

    items: tuple[InboxItem, ...]
    ended_answers: tuple[AnswerOutcome, ...]
    unlisted_answers: tuple[AnswerOutcome, ...]
    asked_at: datetime
    unseen_claims: tuple[Claim, ...] = ()
    has_unread: bool = False

    @property
    def count(self) -> int:
        """How many gifts wait for an answer."""
        return count_waiting(self.items)

    @property
    def is_confirming(self) -> bool:
        """Whether looking again will tell more."""
        return bool(self.unlisted_answers) or any(item.state is ItemState.CONFIRMING for item in self.items)


def load_inbox(*, merchant: Merchant, guest: SignedInGuest) -> Inbox:
    """The gifts that wait for the guest's card.

    One call; while an answer is open, or its end not shown yet, the history is read beside it. Raises the
    PaytronixErrors of the list.
    """
    card_number = guest.card_number

    def pending_list() -> PendingList:
        return read_pending_list(merchant=merchant, card_number=card_number)

    def activity_if_readable() -> Activity | None:
        try:
            return read_activity(merchant=merchant, card_number=card_number)
        except PaytronixError:
            return None  # the page of waiting gifts does not depend on it

    if answers.has_unfinished(merchant=merchant, card_number=card_number):
        pending, activity = at_once(pending_list, activity_if_readable)
        return settle_and_list(merchant=merchant, guest=guest, pending=pending, activity=activity)
    return settle_and_list(merchant=merchant, guest=guest, pending=pending_list(), activity=None)


def settle_and_list(
    *, merchant: Merchant, guest: SignedInGuest, pending: PendingList, activity: Activity | None
) -> Inbox:
    """What readings of the lists mean for this guest, with open answers settled as far as they tell."""
    unseen: list[tuple[Claim, AnswerOutcome]] = []
    unlisted: list[AnswerOutcome] = []
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    for claimed in claims:
        if claimed.is_open:
            outcome = _settled(claimed, merchant=merchant, guest=guest, pending=pending, activity=activity)
        else:
            outcome = _ended(claimed, guest=guest, activity=activity) if claimed.is_news else None
        if outcome is None:
            continue
        if not outcome.is_confirming:
            unseen.append((claimed, outcome))
        elif pending.by_transaction(claimed.transaction_id) is None:
            unlisted.append(outcome)
    if any(each.is_open for each in claims):  # they may have been settled just now
        claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    waiting = {item.handle for item in items}  # what the list has again is no news any more
    return Inbox(
        items,
        tuple(outcome for _claim, outcome in unseen if outcome.handle not in waiting),
        tuple(unlisted),
        pending.asked_at,
        tuple(claimed for claimed, _outcome in unseen),
        pending.has_unread,
    )


def note_shown(inbox: Inbox) -> None:
    """A page has shown what came to an end, so the next one need not."""
    answers.note_shown(inbox.unseen_claims)


def items_of(
    *, merchant: Merchant, guest: SignedInGuest, pending: PendingList, claims: Iterable[Claim]
) -> tuple[InboxItem, ...]:
    """The list as the guest may see it, by the guest's `claims`.

    A gift that the guest has answered is left out while the list may lag.
    """
    standing = [each for each in claims if not is_contradicted(each, merchant=merchant, pending=pending)]
    items = (_item(each, place, guest, standing) for place, each in enumerate(pending.gifts))
    return tuple(item for item in items if item)


def count_waiting(items: Iterable[InboxItem]) -> int:
    """How many of these gifts wait for an answer."""
    return sum(item.state is not ItemState.CONFIRMING for item in items)


def is_contradicted(claimed: Claim, *, merchant: Merchant, pending: PendingList) -> bool:
    """Whether the list still has a gift whose answer was decided so long ago that it cannot be behind."""
    return bool(
        claimed.is_decided
        and claimed.settled_at
        and pending.asked_at - claimed.settled_at >= settling_time(merchant)
        and pending.by_transaction(claimed.transaction_id)
    )


def find_item(*, merchant: Merchant, guest: SignedInGuest, handle: str, action: str) -> InboxItem:
    """The gift of this handle while it waits. One call.

    Raises GiftNotWaiting with what to tell somebody who meant to do `action`, NoSuchGift, and PaytronixErrors.
    """
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number)
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    item = next((each for each in items if each.gift.transaction_id and each.handle == handle), None)
    if item is None:
        outcome = where_it_went(
            merchant=merchant, guest=guest, handle=handle, action=action, pending=pending, claims=claims
        )
        raise GiftNotWaiting(outcome)
    return item


def by_handle(pending: PendingList, *, guest: SignedInGuest, handle: str) -> PendingGift | None:
    """The gift of the list that this sign-in calls so."""
    return next((each for each in pending.gifts if _names(handle, each.gift.transaction_id, guest)), None)


def where_it_went(
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    handle: str,
    action: str,
    pending: PendingList,
    claims: Iterable[Claim],
) -> AnswerOutcome:
    """Why a gift that is not on the list any more cannot be answered. One call, to the history.

    `claims` are the guest's. Raises NoSuchGift when the guest never had it.
    """
    claimed = next((each for each in claims if _names(handle, each.transaction_id, guest)), None)
    try:
        activity = read_activity(merchant=merchant, card_number=guest.card_number)
    except PaytronixError:
        if claimed is None:
            raise
        count = count_waiting(items_of(merchant=merchant, guest=guest, pending=pending, claims=claims))
        return _as_far_as_known(claimed, handle=handle, waiting_count=count)
    gift = next((each for each in activity.gifts if _came_as(handle, each, guest)), None)
    kind = OutcomeKind.NO_LONGER_WAITING
    if claimed is None and gift is None:
        raise NoSuchGift
    if claimed is not None and claimed.is_open:
        finding = Finding(gift, pending.asked_at, activity.is_whole, may_wait=pending.has_unread)
        kind = settle_by_reading(claimed, merchant=merchant, finding=finding) or kind
        claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)  # as they stand after it
        if claimed.action != action:
            kind = earlier(kind)
    elif gift is not None:
        kind = earlier(kind_by_status(gift.status, action))
    elif claimed is not None:
        kind = _KIND_BY_STATE.get(claimed.state, kind)
    if kind in _BALANCE_CHANGED:
        credentials.withdraw_account(credential_id=guest.id)
    count = count_waiting(items_of(merchant=merchant, guest=guest, pending=pending, claims=claims))
    return AnswerOutcome(kind=kind, handle=handle, action=action, gift=gift, waiting_count=count)


def _as_far_as_known(claimed: Claim, *, handle: str, waiting_count: int) -> AnswerOutcome:
    """What to tell while the history cannot be read: an open answer stays open, a decided one is what it was."""
    kind = _KIND_BY_STATE.get(claimed.state, OutcomeKind.NO_LONGER_WAITING)
    return AnswerOutcome(
        kind=OutcomeKind.CONFIRMING if claimed.is_open else kind,
        handle=handle,
        action=claimed.action,
        gift=None,
        waiting_count=waiting_count,
    )


# The balance on the guest's page was read before this.
_BALANCE_CHANGED = frozenset({OutcomeKind.ACCEPTED, OutcomeKind.ALREADY_ACCEPTED})
_KIND_BY_STATE: dict[str, OutcomeKind] = {
    State.ACCEPTED: OutcomeKind.ALREADY_ACCEPTED,
    State.DECLINED: OutcomeKind.ALREADY_DECLINED,
}
_STATUS_BY_STATE: dict[str, str] = {
    State.ACCEPTED: GiftStatus.ACCEPTED,
    State.DECLINED: GiftStatus.REJECTED,
}


def _settled(
    claimed: Claim,
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    pending: PendingList,
    activity: Activity | None,
) -> AnswerOutcome | None:
    """What to tell about an open claim; None when it was released, or ended, without anything to tell."""
    waiting = pending.by_transaction(claimed.transaction_id)
    over = activity.received(claimed.transaction_id) if activity else None
    gift = over or (waiting.gift if waiting else None)  # of two states the later one is true
    kind: OutcomeKind | None = OutcomeKind.CONFIRMING
    if gift is not None or activity is not None:
        is_whole = activity is None or activity.is_whole
        finding = Finding(gift, pending.asked_at, is_whole, may_wait=pending.has_unread)
        kind = settle_by_reading(claimed, merchant=merchant, finding=finding, is_news=True)
    if kind is None:
        return None
    if kind in _BALANCE_CHANGED:
        credentials.withdraw_account(credential_id=guest.id)
    return _outcome(kind, claimed, guest, gift)


def _ended(claimed: Claim, *, guest: SignedInGuest, activity: Activity | None) -> AnswerOutcome:
    """What to tell about a claim that was settled while no page of its guest was there to say so."""
    gift = activity.received(claimed.transaction_id) if activity else None
    status = gift.status if gift and is_documented(gift.status) else _STATUS_BY_STATE.get(claimed.state, "")
    kind = kind_by_status(status, claimed.action)
    read_at = guest.account.read_at if guest.account else None
    if kind in _BALANCE_CHANGED and read_at and claimed.settled_at and read_at < claimed.settled_at:
        credentials.withdraw_account(credential_id=guest.id)
    return _outcome(kind, claimed, guest, gift)


def _outcome(kind: OutcomeKind, claimed: Claim, guest: SignedInGuest, gift: Gift | None) -> AnswerOutcome:
    handle = handle_for(credential_id=guest.id, transaction_id=claimed.transaction_id)
    return AnswerOutcome(kind=kind, handle=handle, action=claimed.action, gift=gift)


def _item(
    pending: PendingGift, place: int, guest: SignedInGuest, claims: Iterable[Claim]
) -> InboxItem | None:
    gift = pending.gift
    # Without a transaction number a gift cannot be told from another: it is shown, and nothing can be done with it.
    handle = handle_for(credential_id=guest.id, transaction_id=gift.transaction_id or f"place {place}")
    claimed = next(
        (each for each in claims if gift.transaction_id and each.transaction_id == gift.transaction_id), None
    )
    if claimed is not None and claimed.is_decided:
        return None
    if claimed is not None and claimed.is_open:
        return InboxItem(handle, gift, ItemState.CONFIRMING, claimed.action)
    return InboxItem(handle, gift, ItemState.WAITING if gift.answerable else ItemState.READ_ONLY)


def _names(handle: str, transaction_id: str, guest: SignedInGuest) -> bool:
    return is_handle_of(handle, credential_id=guest.id, transaction_id=transaction_id)


def _came_as(handle: str, gift: Gift, guest: SignedInGuest) -> bool:
    return gift.direction is Direction.IN and _names(handle, gift.transaction_id, guest)
