"""Sending a gift, from the first look at what can be sent to the one call; `follow` tells what became of it.

For a wish transferOut is called at most once, whatever happens; what became of it is then found out by reading.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from accounts.credentials import SignedInGuest
from accounts.domain import Account
from gifting.gift.api import at_once
from gifting.gift.domain import TargetKind
from gifting.gift.reference import make_reference
from gifting.gift.refusals import is_harmless
from gifting.ledger import rows, wishes
from gifting.ledger.rows import RefusalNote, Step
from gifting.ledger.schedule import PREPARED_FOR, TWIN_WINDOW, next_look, next_watch
from gifting.ledger.wish import AlreadySent, Contents, Recipient, WishGone, WishState
from gifting.ledger.wishes import NOT_THERE, WishRow
from gifting.sending.api import Sent, Transfer, read_rewards, read_sent, transfer_out
from gifting.sending.domain import GiftableReward, NoCardTemplate, Offer, OfferGone, Prepared
from gifting.sending.draft import Draft, Sending, renewed
from gifting.sending.matching import contradicts
from gifting.sending.offers import offers_for
from gifting.sending.settle import ODD_SUCCESS, settle_by_reading
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import (
    InvalidStatus,
    Misconfigured,
    OddSuccess,
    PaytronixError,
    Refused,
    Unavailable,
)
from guestportal.paytronix.scalars import whole_number
from guestportal.storage import clock
from guestportal.throttling import own_credentials
from guestportal.throttling.errors import CountersUnreachable

# What the call itself tells holds also where a settler has written meanwhile.
_MAY_BE_DENIED = frozenset({WishState.SENDING, WishState.UNKNOWN, WishState.NEEDS_REVIEW})
_MAY_BE_DOUBTED = frozenset({WishState.SENDING, WishState.UNKNOWN})
_MAY_BE_PROVED = _MAY_BE_DENIED | NOT_THERE


def begin(*, merchant: Merchant, guest: SignedInGuest, account: Account) -> Draft:
    """A new draft: what may be sent from this card, and what was sent from it before, read at the same time.

    Two calls, and none after them until the gift is sent. Raises NoCardTemplate and PaytronixErrors: then nothing
    can be sent.
    """
    return _draft_from(*_read_both(merchant, guest, account), guest=guest)


def refreshed(*, merchant: Merchant, guest: SignedInGuest, account: Account, draft: Draft) -> Draft:
    """The draft, read anew when it is older than a balance may be. Two calls or none.

    Raises NoCardTemplate and PaytronixErrors.
    """
    age = clock.now() - draft.read_at
    if age < timedelta(seconds=merchant.limits.account_fresh_seconds):
        return draft
    return renewed(draft, begin(merchant=merchant, guest=guest, account=account))


def is_spent(*, merchant: Merchant, guest: SignedInGuest, draft: Draft) -> bool:
    """Whether this draft's gift has been sent, or tried: the next one needs a new draft."""
    try:
        row = wishes.find(merchant=merchant, guest=guest, wish_id=draft.wish_id) if draft.wish_id else None
    except WishGone:
        return False
    return row is not None and row.state is not WishState.PREPARED


def check_day(*, merchant: Merchant, guest: SignedInGuest) -> None:
    """Raise SendingLimit when the guest has sent as many gifts as a day allows. No call."""
    wishes.check_day(merchant=merchant, guest=guest)


def offers_of(draft: Draft, *, merchant: Merchant, account: Account) -> tuple[Offer, ...]:
    """What may be sent, with what it costs this guest; those that can be sent first."""
    return offers_for(draft.rewards, merchant=merchant, account=account)


def prepare(*, merchant: Merchant, guest: SignedInGuest, draft: Draft, account: Account) -> Prepared:
    """What the check page shows, written down exactly as it will be sent. No call.

    The same decisions keep their one-time key; changed ones get a new key, and the old one sends nothing any more.
    Raises OfferGone, AlreadySent with the draft's own wish, and LookupError for a draft that is not complete.
    """
    if draft.wallet_code is None or draft.recipient is None:
        raise LookupError("what is sent and to whom has not been decided")
    offer = _chosen(draft, merchant=merchant, account=account)
    contents = _contents(draft, offer=offer, recipient=draft.recipient, merchant=merchant)
    row = _standing(merchant, guest, draft)
    if row is not None and row.state is not WishState.PREPARED:
        raise AlreadySent(row.id)
    if row is not None and row.contents and _shows(row, contents):
        wish_id, contents = row.id, row.contents
    else:
        wish_id = uuid4()
        wishes.prepare(
            merchant=merchant, guest=guest, contents=contents, wish_id=wish_id, replaced=draft.wish_id
        )
    open_one = wishes.open_of(merchant=merchant, card_number=draft.card_number)
    return Prepared(
        wish_id=wish_id,
        offer=offer,
        recipient=contents.recipient,
        message=contents.message,
        reference=contents.reference,
        twin=wishes.find_twin(merchant=merchant, contents=contents, but=wish_id),
        held_up_by=open_one.id if open_one and open_one.is_refused else None,
        first_time=contents.recipient.account_code is None and not draft.is_known(contents.recipient.address),
    )


def send(*, merchant: Merchant, guest: SignedInGuest, wish_id: UUID, another: bool) -> None:
    """Send the gift of a check page. One call, or none; its end stands in the ledger, for `follow` to tell.

    `another` says that the guest means a second gift of the kind. Raises WishGone, AlreadySent, GiftUnderWay,
    TwinFound, SendingLimit and ClaimsPaused, and then nothing was sent.
    """
    row = wishes.claim(merchant=merchant, guest=guest, wish_id=wish_id, another=another)
    assert row.contents is not None  # noqa: S101 - `claim` has looked
    try:
        transfer = transfer_out(
            row.contents, merchant=merchant, may_send=partial(rows.may_send, row, merchant=merchant)
        )
    except Unavailable as error:  # the request surely never left (docs/sending.md)
        step = Step(state=WishState.NOT_SENT, cause="surely_not_sent", reference=error.reference)
        rows.insist(row, step, merchant=merchant, over=_MAY_BE_DENIED)
    except PaytronixError as error:
        _doubt(row, error, merchant=merchant)
    else:
        _record(row, transfer, merchant=merchant)


def retry(*, merchant: Merchant, guest: SignedInGuest, account: Account, wish_id: UUID) -> Draft:
    """A new draft with what was to be sent; nothing is sent by it. Two calls.

    One that was refused can be changed meanwhile: the new one is sent only once the refusal is confirmed. Raises
    WishGone for a wish that was, or may have been, sent after all; NoCardTemplate and PaytronixErrors.
    """
    row = wishes.find(merchant=merchant, guest=guest, wish_id=wish_id)
    if row.contents is None or not (row.state in NOT_THERE or row.is_refused):
        raise WishGone
    rewards, sent = _read_both(merchant, guest, account)
    if row.merchant == merchant.slug or not row.is_open:
        row = settle_by_reading(row, sent, merchant=merchant)
    if row.contents is None or not (row.state in NOT_THERE or row.is_refused):
        raise WishGone  # it has arrived after all
    return replace(
        _draft_from(rewards, sent, guest=guest),
        wallet_code=row.contents.wallet_code,
        recipient=row.contents.recipient,
        message=row.contents.message,
    )


def _read_both(
    merchant: Merchant, guest: SignedInGuest, account: Account
) -> tuple[tuple[GiftableReward, ...], Sent]:
    card_template_code = account.card_template_code
    if card_template_code is None:
        raise NoCardTemplate
    rewards, sent = at_once(
        lambda: read_rewards(merchant=merchant, card_template_code=card_template_code),
        lambda: read_sent(merchant=merchant, card_number=guest.card_number),
    )
    with suppress(CountersUnreachable):  # noted another time
        own_credentials.note_answered(merchant, card_template_code=card_template_code)
    return rewards, sent


def _draft_from(rewards: tuple[GiftableReward, ...], sent: Sent, *, guest: SignedInGuest) -> Draft:
    return Draft(
        card_number=guest.card_number,
        rewards=rewards,
        sendings=_sendings(sent),
        baseline=_highest(sent),
        read_at=sent.asked_at,
    )


def _record(row: WishRow, transfer: Transfer, *, merchant: Merchant) -> None:
    """A success: sent, unless the reply speaks of another gift or names no transaction, which reading then finds."""
    assert row.contents is not None  # noqa: S101 - the caller has looked
    if not transfer.gift.transaction_id or contradicts(transfer.gift, row.contents):
        step = Step(state=WishState.UNKNOWN, cause=ODD_SUCCESS, next_look_at=_soon(row))
        rows.insist(row, step, merchant=merchant, over=_MAY_BE_DOUBTED)
        return
    step = Step(
        state=WishState.SENT,
        cause="success",
        transfer=transfer.record,
        transaction_id=transfer.gift.transaction_id,
    )
    row = rows.insist(row, step, merchant=merchant, over=_MAY_BE_PROVED)
    # Another wish has claimed this very transaction: a person has to look.
    if row.state is not WishState.SENT:
        step = Step(state=WishState.NEEDS_REVIEW, cause="transaction_taken")
        rows.insist(row, step, merchant=merchant, over=_MAY_BE_DENIED)


def _doubt(row: WishRow, error: PaytronixError, *, merchant: Merchant) -> None:
    """The call ended without proof of what happened; a refusal is kept, to be confirmed by the history.

    What it told is kept also where a settler has doubted the row meanwhile: it decides what clean readings mean.

    One whose code the merchant knows to precede any work is believed at once, and watched for a day as others are.
    """
    step = Step(
        state=WishState.UNKNOWN,
        cause=ODD_SUCCESS if isinstance(error, OddSuccess) else type(error).__name__,
        reference=error.reference,
        next_look_at=_soon(row),
    )
    if isinstance(error, Refused | InvalidStatus | Misconfigured):
        step = replace(step, cause="refused", refusal=_note_of(error))
    if isinstance(error, Refused | InvalidStatus) and is_harmless(error.code, merchant=merchant):
        watch_at = next_watch(row.sent_at, clock.now())
        step = replace(step, state=WishState.FAILED, cause="refused_before_work", next_look_at=watch_at)
    rows.insist(row, step, merchant=merchant, over=_MAY_BE_DOUBTED)


def _note_of(error: Refused | InvalidStatus | Misconfigured) -> RefusalNote:
    if isinstance(error, Misconfigured):
        return RefusalNote("", "", error.reference)
    return RefusalNote(error.code, error.message, error.reference)


def _chosen(draft: Draft, *, merchant: Merchant, account: Account) -> Offer:
    offers = offers_of(draft, merchant=merchant, account=account)
    offer = next((each for each in offers if each.wallet_code == draft.wallet_code), None)
    if offer is None or not offer.sendable:
        raise OfferGone(offer)
    return offer


def _contents(draft: Draft, *, offer: Offer, recipient: Recipient, merchant: Merchant) -> Contents:
    sent_before = [
        each.sent_at
        for each in draft.sendings
        if each.address.casefold() == recipient.address.casefold()
        and offer.wallet_code in each.wallet_codes
        and each.sent_at is not None
        and recipient.address
    ]
    lately = max(sent_before, default=None)
    if lately is not None and clock.now() - lately >= TWIN_WINDOW:
        lately = None
    return Contents(
        card_number=draft.card_number,
        wallet_code=offer.wallet_code,
        label=offer.label,
        wallet_name=offer.wallet_name,
        cost=offer.cost.received,
        recipient=recipient,
        message=draft.message,
        reference=make_reference() if merchant.features.send_reference else "",
        baseline=draft.baseline,
        sent_elsewhere_at=lately.isoformat() if lately else None,
    )


def _standing(merchant: Merchant, guest: SignedInGuest, draft: Draft) -> WishRow | None:
    """The wish of the last check page, None when there is none or it was swept."""
    if draft.wish_id is None:
        return None
    try:
        return wishes.find(merchant=merchant, guest=guest, wish_id=draft.wish_id)
    except WishGone:
        return None


def _shows(row: WishRow, contents: Contents) -> bool:
    """Whether the check page of this row showed the same, and may still be used for a while."""
    young = clock.now() - row.created_at < PREPARED_FOR / 2
    shown = row.contents
    return young and shown == replace(
        contents, reference=shown.reference if shown else "", guest=shown.guest if shown else ""
    )


def _sendings(sent: Sent) -> tuple[Sending, ...]:
    """What this card has sent to e-mail addresses, the latest first: to each address once, and all of it lately."""
    gifts = [each.gift for each in sent.transfers if each.gift.target.kind is TargetKind.EMAIL]
    gifts.sort(key=lambda gift: gift.sent.at.timestamp() if gift.sent.at else 0.0, reverse=True)
    sendings: list[Sending] = []
    known: set[str] = set()
    for gift in gifts:
        address = gift.target.address
        is_lately = gift.sent.at is not None and sent.asked_at - gift.sent.at < TWIN_WINDOW
        if is_lately or address.casefold() not in known:
            known.add(address.casefold())
            name = gift.target.name or gift.recipient.short
            codes = (gift.source_wallet, gift.item.wallet_code)
            sendings.append(
                Sending(address, name, tuple(code for code in codes if code is not None), gift.sent.at)
            )
    return tuple(sendings)


def _highest(sent: Sent) -> int:
    """The highest transaction number so far; what is no number counts for nothing."""
    numbers = (whole_number(each.gift.transaction_id) for each in sent.transfers)
    return max((number for number in numbers if number is not None), default=0)


def _soon(row: WishRow) -> datetime:
    return next_look(row.sent_at, clock.now())
