"""Gift links: what their holder sees before and after sign-in. A link never answers a gift by itself."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from accounts.credentials import SignedInGuest
from gifting.gift.api import PendingList, read_by_code, read_pending_list
from gifting.gift.domain import Gift, GiftStatus, Preview, Target
from gifting.gift.reading import preview_of
from gifting.ledger import answers
from gifting.receiving.inbox import InboxItem, ItemState, count_waiting, items_of
from gifting.receiving.outcomes import KIND_BY_CODE, OutcomeKind, says_no_gift
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError, Refused
from guestportal.storage import clock
from guestportal.throttling import counters, tallies, tries
from guestportal.throttling.tallies import Event

# Codes are not described; whatever else stands in a link is looked up nowhere.
_CODE = re.compile(r"[A-Za-z0-9._~+/=:-]{4,128}", re.ASCII)


class LinkState(StrEnum):
    """What a link leads to."""

    WAITING = "waiting"
    OTHER_ACCOUNT = "other_account"
    ANSWERED = "answered"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkedGift:
    """What may be shown: `preview` to the holder of the link, `item` only to the guest it waits for."""

    state: LinkState
    preview: Preview | None = None
    target: Target | None = None
    item: InboxItem | None = None
    waiting_count: int | None = None


def is_code(text: str) -> bool:
    """Whether this may be a gift's code; anything else is looked up nowhere and kept nowhere."""
    return _CODE.fullmatch(text) is not None


def preview_gift(*, merchant: Merchant, code: str, address: str) -> LinkedGift:
    """The gift behind a link, for a visitor who is not signed in. One call; none for what cannot be a code.

    Raises PaytronixErrors, Refused only for an undocumented reason; Throttled when this address has tried many
    codes that no gift has, and CountersUnreachable.
    """
    state, gift = _behind(code, merchant=merchant, card_number="", who=f"address {address}")
    return LinkedGift(state, preview=preview_of(gift) if gift else None)


def open_gift(*, merchant: Merchant, guest: SignedInGuest, code: str) -> LinkedGift:
    """The gift behind a link, for the guest's card: to be answered if it waits for that card, else why not.

    One call when the card's own list holds the code, otherwise two. Raises PaytronixErrors; Throttled when this
    guest has tried many codes that no gift has, and CountersUnreachable.
    """
    if not _CODE.fullmatch(code):
        return LinkedGift(LinkState.UNKNOWN)
    pending = read_pending_list(merchant=merchant, card_number=guest.card_number, asked_at=clock.now())
    waiting = next((each.gift for each in pending.gifts if each.code == code), None)
    if waiting is None:
        number = guest.card_number
        state, gift = _behind(code, merchant=merchant, card_number=number, who=guest_of_card(number))
        if gift is None:
            return LinkedGift(state)
        mine = pending.by_transaction(gift.transaction_id) if gift.transaction_id else None
        if mine is None:
            return LinkedGift(LinkState.OTHER_ACCOUNT, preview=preview_of(gift), target=gift.target)
        waiting = mine.gift
    return _linked_item(merchant, guest, pending, waiting)


def look_up(*, merchant: Merchant, card_number: str, code: str, who: str) -> Gift:
    """The gift of a code that the browser has brought. One call.

    A code that no gift has counts against `who`: codes are not to be guessed either. So does one that is refused for
    an undocumented reason, whatever the guest is told of it. Raises PaytronixErrors; Throttled when there
    were many, and CountersUnreachable.
    """
    place = tries.begin_gift_code(merchant=merchant, who=who)
    try:
        gift = read_by_code(merchant=merchant, card_number=card_number, code=code)
    except PaytronixError as error:
        if isinstance(error, Refused) and state_of(error) in {LinkState.UNKNOWN, None}:
            counters.keep(place)
            tallies.count(merchant.slug, Event.GIFT_CODE_FAILURE)
        else:
            counters.give_back(place)
        raise
    counters.give_back(place)
    return gift


def state_of(refused: Refused) -> LinkState | None:
    """What a refused look-up says of the gift; None when it says nothing: it may be there all the same."""
    kind = KIND_BY_CODE.get(refused.code)
    if kind is None:
        return LinkState.UNKNOWN if says_no_gift(refused.code) else None
    return _STATE_BY_KIND.get(kind, LinkState.UNKNOWN)


def guest_of_card(card_number: str) -> str:
    """The name under which tries of codes are counted for a guest: one for a card, in any browser."""
    return f"card {card_number}"


def _linked_item(merchant: Merchant, guest: SignedInGuest, pending: PendingList, waiting: Gift) -> LinkedGift:
    claims = answers.claims_of(merchant=merchant, card_number=guest.card_number)
    items = items_of(merchant=merchant, guest=guest, pending=pending, claims=claims)
    item = next((each for each in items if each.gift is waiting), None)
    count = count_waiting(items)
    if item is None:  # over by its own state, or answered by this guest and the list lags
        state = LinkState.EXPIRED if waiting.status == GiftStatus.EXPIRED else LinkState.ANSWERED
        return LinkedGift(state, waiting_count=count)
    if item.state is ItemState.READ_ONLY and item.gift.transaction_id:
        item = replace(item, state=ItemState.WAITING)  # the link has the code that the list leaves out
    return LinkedGift(LinkState.WAITING, item=item, waiting_count=count)


def _behind(code: str, *, merchant: Merchant, card_number: str, who: str) -> tuple[LinkState, Gift | None]:
    """The state of a code, with the gift while it waits. Unknown and malformed codes are one state."""
    if not _CODE.fullmatch(code):
        return LinkState.UNKNOWN, None
    try:
        gift = look_up(merchant=merchant, card_number=card_number, code=code, who=who)
    except Refused as error:
        if (state := state_of(error)) is None:
            raise
        return state, None
    if gift.waits:
        return LinkState.WAITING, gift
    return LinkState.EXPIRED if gift.status == GiftStatus.EXPIRED else LinkState.ANSWERED, None


_STATE_BY_KIND = {
    OutcomeKind.ALREADY_ACCEPTED: LinkState.ANSWERED,
    OutcomeKind.NO_LONGER_WAITING: LinkState.ANSWERED,
    OutcomeKind.EXPIRED: LinkState.EXPIRED,
}
