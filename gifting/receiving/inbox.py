"""The gifts that wait for a guest, with the state of the guest's own answers; reading them settles open answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accounts import credentials
from accounts.credentials import SignedInGuest
from gifting.gift.api import Activity, Finding, PendingList, at_once, read_activity, read_pending_list
from gifting.gift.domain import Direction, Gift, GiftStatus, PendingGift, is_documented
from gifting.ledger import answers
from gifting.ledger.answers import Claim, State
from gifting.ledger.limits import settling_time
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


class CardState(StrEnum):
    """What a guest can do with a gift on the page."""

    WAITING = "waiting"
    CONFIRMING = "confirming"
    READ_ONLY = "read_only"  # Paytronix told no code: the link in the guest's message has it


@dataclass(frozen=True, slots=True)
class WaitingGift:
    """A waiting gift as this sign-in may name and answer it. `action` is the answer being confirmed, or empty."""

    handle: str
    gift: Gift
    state: CardState
    action: str = ""


@dataclass(frozen=True, slots=True)
class WaitingGifts:
    """What waits, soonest deadline first. With `has_unread` something else may wait that nobody could read.

    `answered` came to an end since a page last showed one, by the claims in `news`; `loose` are answers whose gift no
    list has yet.
    """

    cards: tuple[WaitingGift, ...]
    answered: tuple[AnswerOutcome, ...]
    loose: tuple[AnswerOutcome, ...]
    asked_at: datetime
    news: tuple[Claim, ...] = ()
    has_unread: bool = False

    @property
    def count(self) -> int:
        """How many gifts wait for an answer."""
        return count_waiting(self.cards)

    @property
    def is_confirming(self) -> bool:
        """Whether looking again will tell more."""
        return bool(self.loose) or any(card.state is CardState.CONFIRMING for card in self.cards)


def load_waiting_gifts(*, merchant: Merchant, guest: SignedInGuest) -> WaitingGifts:
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
        return sort_out(merchant=merchant, guest=guest, pending=pending, activity=activity)
    return sort_out(merchant=merchant, guest=guest, pending=pending_list(), activity=None)


def sort_out(
    *, merchant: Merchant, guest: SignedInGuest, pending: PendingList, activity: Activity | None
) -> WaitingGifts:
    """What readings of the lists mean for this guest, with open answers settled as far as they tell."""
    news: list[tuple[Claim, AnswerOutcome]] = []
    loose: list[AnswerOutcome] = []
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    for claimed in claims:
        if claimed.is_open:
            outcome = _settled(claimed, merchant=merchant, guest=guest, pending=pending, activity=activity)
        else:
            outcome = _ended(claimed, guest=guest, activity=activity) if claimed.is_news else None
        if outcome is None:
            continue
        if not outcome.is_confirming:
            news.append((claimed, outcome))
        elif pending.by_transaction(claimed.transaction_id) is None:
            loose.append(outcome)
    if any(each.is_open for each in claims):  # they may have been settled just now
        claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    cards = cards_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    waiting = {card.handle for card in cards}  # what the list has again is no news any more
    return WaitingGifts(
        cards,
        tuple(outcome for _claim, outcome in news if outcome.handle not in waiting),
        tuple(loose),
        pending.asked_at,
        tuple(claimed for claimed, _outcome in news),
        pending.has_unread,
    )


def note_told(waiting: WaitingGifts) -> None:
    """A page has shown what came to an end, so the next one need not."""
    answers.note_told(waiting.news)


def cards_of(
    *, merchant: Merchant, guest: SignedInGuest, pending: PendingList, claims: Iterable[Claim]
) -> tuple[WaitingGift, ...]:
    """The list as the guest may see it, by the guest's `claims`.

    A gift that the guest has answered is left out while the list may lag.
    """
    standing = [each for each in claims if not is_contradicted(each, merchant=merchant, pending=pending)]
    cards = (_card(each, place, guest, standing) for place, each in enumerate(pending.gifts))
    return tuple(card for card in cards if card)


def count_waiting(cards: Iterable[WaitingGift]) -> int:
    """How many of these gifts wait for an answer."""
    return sum(card.state is not CardState.CONFIRMING for card in cards)


def is_contradicted(claimed: Claim, *, merchant: Merchant, pending: PendingList) -> bool:
    """Whether the list still has a gift whose answer was decided so long ago that it cannot be behind."""
    return bool(
        claimed.is_decided
        and claimed.settled_at
        and pending.asked_at - claimed.settled_at >= settling_time(merchant)
        and pending.by_transaction(claimed.transaction_id)
    )


def find_waiting_gift(*, merchant: Merchant, guest: SignedInGuest, handle: str, action: str) -> WaitingGift:
    """The gift of this handle while it waits. One call.

    Raises GiftNotWaiting with what to tell somebody who meant to do `action`, NoSuchGift, and PaytronixErrors.
    """
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number)
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    cards = cards_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    card = next((each for each in cards if each.gift.transaction_id and each.handle == handle), None)
    if card is None:
        outcome = where_it_went(
            merchant=merchant, guest=guest, handle=handle, action=action, pending=pending, claims=claims
        )
        raise GiftNotWaiting(outcome)
    return card


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
        count = count_waiting(cards_of(merchant=merchant, guest=guest, pending=pending, claims=claims))
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
    count = count_waiting(cards_of(merchant=merchant, guest=guest, pending=pending, claims=claims))
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


def _card(
    pending: PendingGift, place: int, guest: SignedInGuest, claims: Iterable[Claim]
) -> WaitingGift | None:
    gift = pending.gift
    # Without a transaction number a gift cannot be told from another: it is shown, and nothing can be done with it.
    handle = handle_for(credential_id=guest.id, transaction_id=gift.transaction_id or f"place {place}")
    claimed = next(
        (each for each in claims if gift.transaction_id and each.transaction_id == gift.transaction_id), None
    )
    if claimed is not None and claimed.is_decided:
        return None
    if claimed is not None and claimed.is_open:
        return WaitingGift(handle, gift, CardState.CONFIRMING, claimed.action)
    return WaitingGift(handle, gift, CardState.WAITING if gift.answerable else CardState.READ_ONLY)


def _names(handle: str, transaction_id: str, guest: SignedInGuest) -> bool:
    return is_handle_of(handle, credential_id=guest.id, transaction_id=transaction_id)


def _came_as(handle: str, gift: Gift, guest: SignedInGuest) -> bool:
    return gift.direction is Direction.IN and _names(handle, gift.transaction_id, guest)
