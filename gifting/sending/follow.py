"""What a sender is told of a gift after the press: where it stands, as far as Paytronix has shown."""

from uuid import UUID

from accounts.credentials import SignedInGuest
from accounts.reading import read_amount
from accounts.refusals import Refusal
from gifting.gift.domain import Gift, Item
from gifting.gift.refusals import worded_refusal
from gifting.ledger import rows, wishes
from gifting.ledger.rows import Step
from gifting.ledger.schedule import FOLLOWED_FRESH, TWIN_WINDOW
from gifting.ledger.wish import Recipient, WishGone, WishState
from gifting.ledger.wishes import WishRow
from gifting.sending.api import Sent, read_record, read_sent
from gifting.sending.domain import Following
from gifting.sending.settle import settle_by_reading
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import PaytronixError
from guestportal.storage import clock

_NOTHING = Amount(None, None)


def follow(
    *, merchant: Merchant, guest: SignedInGuest, wish_id: UUID, look: bool, language: str
) -> Following:
    """Where a gift stands. One call while its end is unknown; later at most one a minute, or when `look` asks.

    None right after sending, when Paytronix has just told. Raises WishGone.
    """
    row = wishes.find(merchant=merchant, guest=guest, wish_id=wish_id)
    if row.state is WishState.PREPARED:
        raise WishGone
    unread = False
    # What another merchant file of the program has sent is settled by that file's times.
    is_settled_here = row.merchant == merchant.slug
    if is_settled_here:
        row = rows.take(row, rows.abandoned(row, merchant=merchant, now=clock.now()), merchant=merchant)
    may_look = row.contents is not None and (is_settled_here or not row.is_open)
    if may_look and (row.is_open or look or _may_have_moved(row, merchant)):
        try:
            sent = read_sent(merchant=merchant, card_number=guest.card_number)
        except PaytronixError:
            unread = True
        else:
            row = _with_news(row, sent, merchant=merchant)
    if is_settled_here:
        row = rows.take(row, rows.give_up(row, now=clock.now()), merchant=merchant)
    return _following(row, merchant=merchant, language=language, unread=unread)


def has_news(*, merchant: Merchant, guest: SignedInGuest) -> bool:
    """Whether the account was read before it became known how a gift of its card went on. No call."""
    since = guest.account.read_at if guest.account else None
    return since is not None and wishes.has_news(
        merchant=merchant, card_number=guest.card_number, since=since
    )


def recent_wishes(*, merchant: Merchant, guest: SignedInGuest, language: str) -> tuple[Following, ...]:
    """What this card has tried to send within a day and what has not surely arrived, the latest first. No call.

    What is still open is among them, however old.
    """
    recent = wishes.recent(merchant=merchant, card_number=guest.card_number, since=TWIN_WINDOW)
    open_ones = (row for row in recent if row.state is not WishState.SENT)
    return tuple(_following(row, merchant=merchant, language=language) for row in open_ones)


def _with_news(row: WishRow, sent: Sent, *, merchant: Merchant) -> WishRow:
    """The row after a reading: settled as far as that tells, or with the gift's newer state."""
    if row.state is not WishState.SENT:
        return settle_by_reading(row, sent, merchant=merchant)
    transfer = next((each for each in sent.transfers if each.gift.transaction_id == row.proof), None)
    if transfer is None:  # the history lags, or leaves out what it showed before
        return row
    known = _gift_of(row, merchant)
    step = Step(
        state=row.state,
        cause=row.cause,
        transfer=transfer.record,
        read_at=sent.asked_at,
        is_news=known is None or transfer.gift.status != known.status,
    )
    return rows.take(row, step, merchant=merchant)


def _may_have_moved(row: WishRow, merchant: Merchant) -> bool:
    """Whether a gift that was sent may have been answered since it was last read."""
    if row.state is not WishState.SENT or row.transfer_read_at is None:
        return False
    gift = _gift_of(row, merchant)
    stale = clock.now() - row.transfer_read_at >= FOLLOWED_FRESH
    return stale and (gift is None or gift.waits)


def _following(row: WishRow, *, merchant: Merchant, language: str, unread: bool = False) -> Following:
    contents = row.contents
    gift = _gift_of(row, merchant)
    taken = _taken_for(gift) if gift else None
    cost, wallet_name = _NOTHING, contents.wallet_name if contents else ""
    if taken is not None:
        cost = taken.amount
        if contents is not None and taken.wallet_code != contents.wallet_code:
            wallet_name = taken.name or wallet_name
    elif contents is not None:
        cost = read_amount(contents.cost, merchant=merchant, wallet_code=contents.wallet_code)
    return Following(
        id=row.id,
        state=row.state,
        label=contents.label if contents else "",
        cost=cost,
        wallet_name=wallet_name,
        recipient=contents.recipient if contents else Recipient(),
        message=contents.message if contents else "",
        reference=contents.reference if contents else "",
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        gift=gift,
        read_at=row.transfer_read_at,
        refusal=_refusal_of(row, merchant, language),
        forgotten=contents is None,
        unread=unread,
    )


def _gift_of(row: WishRow, merchant: Merchant) -> Gift | None:
    if not row.transfer or row.contents is None:
        return None
    now = row.transfer_read_at or clock.now()
    return read_record(row.transfer, merchant=merchant, card_number=row.contents.card_number, now=now)


def _taken_for(gift: Gift) -> Item | None:
    """What was taken, which may differ from what was to be; None when Paytronix has not told."""
    if gift.cost is not None:
        return gift.cost
    is_the_same = gift.source_wallet is not None and gift.source_wallet == gift.item.wallet_code
    return gift.item if is_the_same and gift.item.amount.received is not None else None


def _refusal_of(row: WishRow, merchant: Merchant, language: str) -> Refusal | None:
    note = row.refusal
    if note is None or not (row.state is WishState.FAILED or row.is_refused):
        return None
    return worded_refusal(note.code, note.message, note.reference, merchant=merchant, language=language)
