"""The gifts that wait for a guest, with the state of the guest's own answers; reading them settles open answers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from accounts import credentials
from accounts.credentials import SignedInGuest
from gifting.gift.api import Activity, PendingList, at_once, read_activity, read_pending_list
from gifting.gift.domain import Direction, Gift, PendingGift
from gifting.ledger import answers
from gifting.ledger.answers import Claim
from gifting.receiving.api import Finding
from gifting.receiving.handles import handle_for, is_handle_of
from gifting.receiving.outcomes import AnswerOutcome, OutcomeKind, earlier, kind_by_status, reference_of
from gifting.receiving.settle import is_contradicted, kind_of, settle_by_reading
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError
from guestportal.storage import clock


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
    # After a refusal: the same answer may be given again, the other one once the refusal is confirmed.
    REPEATABLE = "repeatable"
    READ_ONLY = "read_only"  # Paytronix told no code: the link in the guest's message has it


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A waiting gift as this sign-in may name and answer it.

    `action` and `reference` are of the answer being confirmed, or empty.
    """

    handle: str
    gift: Gift
    state: ItemState
    action: str = ""
    reference: str = ""

    def may_be_answered(self, action: str) -> bool:
        """Whether this answer can be given by the code that Paytronix told."""
        return self.state is ItemState.WAITING or (
            self.state is ItemState.REPEATABLE and self.action == action
        )


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits, soonest deadline first. With `has_unread` more may wait that could not be read.

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


def load_inbox(*, merchant: Merchant, guest: SignedInGuest, unsettled: Collection[str] = ()) -> Inbox:
    """The gifts that wait for the guest's card.

    One call; while an answer is open, or its end not shown yet, the history is read beside it. `unsettled` are the
    handles whose answers an open page shows as unsettled still: their ends are news to it. Raises the PaytronixErrors
    of the list.
    """
    card_number, asked_at = guest.card_number, clock.now()

    def pending_list() -> PendingList:
        return read_pending_list(merchant=merchant, card_number=card_number, asked_at=asked_at)

    def activity_if_readable() -> Activity | None:
        try:
            return read_activity(merchant=merchant, card_number=card_number, asked_at=asked_at)
        except PaytronixError:
            return None  # the page of waiting gifts does not depend on it

    if unsettled or answers.has_unfinished(merchant=merchant, card_number=card_number):
        pending, activity = at_once(pending_list, activity_if_readable)
        return settle_and_list(
            merchant=merchant, guest=guest, pending=pending, activity=activity, unsettled=unsettled
        )
    return settle_and_list(merchant=merchant, guest=guest, pending=pending_list(), activity=None)


def settle_and_list(
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    pending: PendingList,
    activity: Activity | None,
    unsettled: Collection[str] = (),
) -> Inbox:
    """What readings of the lists mean for this guest, with open answers settled as far as they tell.

    `unsettled` as in `load_inbox`.
    """
    unseen: list[tuple[Claim, AnswerOutcome]] = []
    unlisted: list[AnswerOutcome] = []
    claims: list[Claim] = []
    for claimed in answers.claims_of(merchant=merchant, card_number=guest.card_number):
        over = activity.received(claimed.transaction_id) if activity else None
        row = _settled(claimed, over, merchant=merchant, pending=pending, activity=activity, is_news=True)
        claims.append(row)
        handle = handle_for(credential_id=guest.id, transaction_id=claimed.transaction_id)
        kind = kind_of(row, over) if claimed.is_open or claimed.is_news or handle in unsettled else None
        if kind is None:
            continue
        outcome = _outcome(kind, row, guest, over)
        if not outcome.is_confirming:
            unseen.append((row, outcome))
        elif pending.by_transaction(row.transaction_id) is None:
            unlisted.append(outcome)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    waiting = {item.handle for item in items}  # what the list has again is no news any more
    return Inbox(
        items,
        tuple(outcome for _row, outcome in unseen if outcome.handle not in waiting),
        tuple(unlisted),
        pending.asked_at,
        tuple(row for row, _outcome in unseen),
        pending.has_unread,
    )


def note_shown(inbox: Inbox) -> None:
    """Write down that a page has shown what came to an end, so that the next one need not."""
    answers.note_shown(inbox.unseen_claims)


def items_of(
    *, merchant: Merchant, guest: SignedInGuest, pending: PendingList, claims: Iterable[Claim]
) -> tuple[InboxItem, ...]:
    """The list as the guest may see it, by the guest's `claims`.

    A gift whose own state says that it is over is left out; so is one that the guest has answered, while the list may
    lag.
    """
    standing = [each for each in claims if not is_contradicted(each, _listed(each, pending), merchant)]
    items = (_item(each, place, guest, standing) for place, each in enumerate(pending.gifts))
    return tuple(item for item in items if item)


def count_waiting(items: Iterable[InboxItem]) -> int:
    """How many of these gifts wait for an answer."""
    return sum(item.state is not ItemState.CONFIRMING for item in items)


def find_item(*, merchant: Merchant, guest: SignedInGuest, handle: str, action: str) -> InboxItem:
    """The gift of this handle while it waits. One call.

    Raises GiftNotWaiting with what to tell a guest who meant to do `action`, NoSuchGift, and PaytronixErrors.
    """
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number, asked_at=clock.now())
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
    """Why a gift that waits no longer cannot be answered.

    One call, to the history, unless the list itself has the gift with its end. `claims` are the guest's. Raises
    NoSuchGift when the guest never had it.
    """
    claimed = next((each for each in claims if _names(handle, each.transaction_id, guest)), None)
    count = count_waiting(items_of(merchant=merchant, guest=guest, pending=pending, claims=claims))
    listed, activity = by_handle(pending, guest=guest, handle=handle), None
    gift = listed.gift if listed is not None and listed.gift.is_over else None
    if gift is None:
        try:
            activity = read_activity(
                merchant=merchant, card_number=guest.card_number, asked_at=pending.asked_at
            )
        except PaytronixError:
            if claimed is None:
                raise
            kind = earlier(kind_of(claimed, None) or OutcomeKind.NO_LONGER_WAITING)
            return AnswerOutcome(
                kind=kind,
                handle=handle,
                action=claimed.action,
                waiting_count=count,
                reference=claimed.reference,
            )
        gift = next((each for each in activity.gifts if _came_as(handle, each, guest)), None)
    if claimed is None and gift is None:
        raise NoSuchGift
    if claimed is not None and claimed.is_open:
        row = _settled(claimed, gift, merchant=merchant, pending=pending, activity=activity, is_news=False)
        kind = kind_of(row, gift) or OutcomeKind.NO_LONGER_WAITING
        if claimed.action != action:
            kind = earlier(kind)
    elif gift is not None:
        kind = earlier(kind_by_status(gift.status, action))
        # Perhaps by a press that no row knows, after the balance was read.
        if kind is OutcomeKind.ALREADY_ACCEPTED:
            credentials.withdraw_account(credential_id=guest.id)
    else:
        assert claimed is not None  # noqa: S101 - one of them was found
        kind = earlier(kind_of(claimed, None) or OutcomeKind.NO_LONGER_WAITING)
    return AnswerOutcome(
        kind=kind,
        handle=handle,
        action=action,
        gift=gift,
        waiting_count=count,
        reference=reference_of(kind, claimed, merchant=merchant),
    )


def _settled(
    claimed: Claim,
    over: Gift | None,
    *,
    merchant: Merchant,
    pending: PendingList,
    activity: Activity | None,
    is_news: bool,
) -> Claim:
    """The row after what the lists tell of it; of two states of its gift the later one, `over`, is true."""
    listed = _listed(claimed, pending)
    if not claimed.is_open or (over is None and listed.gift is None and activity is None):
        return claimed
    is_whole = activity is None or activity.is_whole
    finding = replace(listed, gift=over or listed.gift, is_whole=is_whole, may_wait=pending.has_unread)
    return settle_by_reading(claimed, finding, merchant=merchant, is_news=is_news)


def _listed(claimed: Claim, pending: PendingList) -> Finding:
    """What the list of waiting gifts alone tells of a row."""
    waiting = pending.by_transaction(claimed.transaction_id)
    return Finding(waiting.gift if waiting else None, pending.asked_at)


def _outcome(kind: OutcomeKind, claimed: Claim, guest: SignedInGuest, gift: Gift | None) -> AnswerOutcome:
    handle = handle_for(credential_id=guest.id, transaction_id=claimed.transaction_id)
    return AnswerOutcome(
        kind=kind, handle=handle, action=claimed.action, gift=gift, reference=claimed.reference
    )


def _item(
    pending: PendingGift, place: int, guest: SignedInGuest, claims: Iterable[Claim]
) -> InboxItem | None:
    gift = pending.gift
    if gift.is_over:
        return None
    # Without a transaction number a gift cannot be told from another: it is shown, and nothing can be done with it.
    handle = handle_for(credential_id=guest.id, transaction_id=gift.transaction_id or f"place {place}")
    claimed = next(
        (each for each in claims if gift.transaction_id and each.transaction_id == gift.transaction_id), None
    )
    if claimed is not None and claimed.is_decided:
        return None
    if claimed is not None and claimed.is_open:
        may_repeat = claimed.may_repeat and gift.answerable
        state = ItemState.REPEATABLE if may_repeat else ItemState.CONFIRMING
        return InboxItem(handle, gift, state, claimed.action, claimed.reference)
    return InboxItem(handle, gift, ItemState.WAITING if gift.answerable else ItemState.READ_ONLY)


def _names(handle: str, transaction_id: str, guest: SignedInGuest) -> bool:
    return is_handle_of(handle, credential_id=guest.id, transaction_id=transaction_id)


def _came_as(handle: str, gift: Gift, guest: SignedInGuest) -> bool:
    return gift.direction is Direction.IN and _names(handle, gift.transaction_id, guest)
