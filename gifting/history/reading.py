"""The history of a guest's card: as it is kept, or read anew."""

from accounts.credentials import SignedInGuest
from gifting.gift.api import Activity, PendingList, at_once, read_activity, read_pending_list
from gifting.history import kept
from gifting.history.gifts import in_memory
from gifting.history.listing import History, join
from gifting.receiving.inbox import settle_and_list
from guestportal.merchants.definition import Merchant
from guestportal.storage import clock


def load_history(*, merchant: Merchant, guest: SignedInGuest) -> History:
    """What is kept of it without a call; else both lists, read anew and kept. Raises PaytronixErrors."""
    found = kept.find(merchant=merchant, guest=guest)
    if found is None:
        return read_history(merchant=merchant, guest=guest)
    return History(found.gifts, found.waiting_count, found.asked_at, found.has_unread)


def read_history(*, merchant: Merchant, guest: SignedInGuest) -> History:
    """Both lists of the guest's card, asked at the same time. Open answers are settled by them on the way.

    Two calls. Raises PaytronixErrors.
    """
    card_number, asked_at = guest.card_number, clock.now()

    def pending_list() -> PendingList:
        return read_pending_list(merchant=merchant, card_number=card_number, asked_at=asked_at)

    def activity() -> Activity:
        return read_activity(merchant=merchant, card_number=card_number, asked_at=asked_at)

    pending, past = at_once(pending_list, activity)
    inbox = settle_and_list(merchant=merchant, guest=guest, pending=pending, activity=past)
    gifts = join((each.gift for each in pending.gifts), past.gifts)
    has_unread = pending.has_unread or past.has_unread
    kept.keep(
        gifts,
        merchant=merchant,
        guest=guest,
        asked_at=asked_at,
        waiting_count=inbox.count,
        has_unread=has_unread,
    )
    return History(in_memory(gifts), inbox.count, asked_at, has_unread, inbox)
