"""The ledger of wishes. It asks Paytronix nothing.

What a row may become is decided elsewhere; here is guaranteed that a row is claimed once, that one card has one
open wish, and that a transaction proves one wish.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import Q, QuerySet

from accounts.credentials import SignedInGuest, card_key_of
from accounts.identities import CardIdentity
from gifting.ledger import rows
from gifting.ledger.rows import Row, Step
from gifting.ledger.schedule import (
    PREPARED_FOR,
    TWIN_WINDOW,
    WATCHED_FOR,
    first_look,
    gift_retention,
)
from gifting.ledger.wish import (
    AlreadySent,
    Contents,
    GiftUnderWay,
    Recipient,
    SendingLimit,
    Twin,
    TwinFound,
    WishGone,
    WishState,
)
from gifting.models import Wish
from guestportal.merchants.definition import Merchant
from guestportal.storage import clock
from guestportal.storage.lookup import claiming
from guestportal.storage.rehashing import Rehashed

OPEN = frozenset({WishState.SENDING, WishState.UNKNOWN})
NOT_THERE = frozenset({WishState.NOT_SENT, WishState.FAILED})
# What counts towards a day's gifts: everything that was, or may have been, sent.
_COUNTED = (WishState.SENDING, WishState.UNKNOWN, WishState.SENT, WishState.NEEDS_REVIEW)
_TRIES_PER_GIFT = 3  # refused and undelivered ones included, so that nobody learns account codes by trying


def read_contents(content: bytes) -> Contents | None:
    """What is sealed in a wish, None once it was thinned."""
    if not content:
        return None
    members = json.loads(content)
    return Contents(**{**members, "recipient": Recipient(**members["recipient"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow(Row):
    """A wish as it was read from the ledger. `contents` is None once it was thinned, or when no key opens it."""

    model: ClassVar[Any] = Wish
    states: ClassVar[Any] = WishState
    open_states = OPEN
    claimed_state = WishState.SENDING
    unknown_state = WishState.UNKNOWN
    balance_states = frozenset({WishState.UNKNOWN, WishState.SENT, WishState.FAILED, WishState.NEEDS_REVIEW})
    alarming_states = frozenset({WishState.NEEDS_REVIEW})
    given_up = Step(state=WishState.NEEDS_REVIEW, cause="no_answer_for_a_day")
    sealed: ClassVar[Any] = {
        "contents": read_contents,
        "refusal": rows.read_refusal,
        "transfer": bytes,
        "proof": bytes.decode,
    }

    created_at: datetime
    wallet_code: int
    contents: Contents | None
    transfer: bytes = field(default=b"", repr=False)
    transfer_read_at: datetime | None = None
    proof: str = ""

    @property
    def sent_at(self) -> datetime:
        """When the guest pressed Send; when the check page was made, for one that is still prepared."""
        return self.claimed_at or self.created_at

    @property
    def is_refused(self) -> bool:
        """Whether Paytronix refused the gift, and readings have yet to confirm that nothing was taken."""
        return self.state is WishState.UNKNOWN and self.refusal is not None

    def after(self, step: Step, *, merchant: Merchant, at: datetime) -> "WishRow":
        moved = Row.after(self, step, merchant=merchant, at=at)
        if step.transfer:
            moved = replace(moved, transfer=step.transfer, transfer_read_at=step.read_at or at)
        if step.transaction_id:
            proven = _transaction_key(merchant, step.transaction_id)
            moved = replace(moved, proof=step.transaction_id, transaction_key=proven)
        return moved

    def keys(self, merchant: Merchant) -> dict[str, str] | None:
        if self.contents is None:
            return None
        return {
            "guest_key": rows.key("guest", merchant, self.contents.guest),
            "card_key": card_key_of(merchant=merchant, card_number=self.contents.card_number),
            "recipient_key": _recipient_key(merchant, self.contents.recipient),
            "transaction_key": _transaction_key(merchant, self.proof) if self.proof else "",
        }


def prepare(
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    contents: Contents,
    wish_id: UUID,
    replaced: UUID | None,
) -> None:
    """Write down what the check page shows under a new id; a page that it replaces can send nothing any more."""
    now = clock.now()
    prepared = Wish.objects.filter(merchant=merchant.slug, state=WishState.PREPARED)
    if replaced is not None:
        prepared.filter(id=replaced).delete()
    prepared.filter(created_at__lt=now - WATCHED_FOR).delete()
    row = WishRow(
        id=wish_id,
        merchant=merchant.slug,
        card_key=card_key_of(merchant=merchant, card_number=contents.card_number),
        state=WishState.PREPARED,
        contents=replace(contents, guest=_identity_of(guest)),
        wallet_code=contents.wallet_code,
        created_at=now,
    )
    rows.insert(row, merchant=merchant)


def claim(*, merchant: Merchant, guest: SignedInGuest, wish_id: UUID, another: bool) -> WishRow:
    """Take the one right to call transferOut for this wish; committed on return.

    Raises WishGone, AlreadySent, GiftUnderWay, TwinFound, SendingLimit and ClaimsPaused, and then nothing is claimed.
    Raises RuntimeError inside a transaction, where a crash would take the claim away again.
    """
    row = find(merchant=merchant, guest=guest, wish_id=wish_id)
    now = clock.now()
    if row.state is not WishState.PREPARED:
        raise AlreadySent(row.id)
    if row.contents is None or row.created_at <= now - PREPARED_FOR or row.merchant != merchant.slug:
        raise WishGone
    step = Step(state=WishState.SENDING, cause="claimed", next_look_at=first_look(merchant, now))
    try:
        with claiming():
            _queue_up(merchant, guest)
            claimed = replace(row.after(step, merchant=merchant, at=now), claimed_at=now)
            if rows.store(row, claimed, at=now) is None:
                if rows.reread(row) is None:  # it was replaced by a later check page
                    raise WishGone
                raise AlreadySent(row.id)
            # From here on no other wish of this guest can be claimed, so what is counted cannot change.
            _check_day(merchant, guest, row.contents)
            twin = None if another else find_twin(merchant=merchant, contents=row.contents, but=row.id)
            if twin is not None:
                raise TwinFound(twin)
    except IntegrityError:
        standing = open_of(merchant=merchant, card_number=row.contents.card_number)
        raise GiftUnderWay(standing.id if standing else row.id) from None
    rows.tell(claimed)
    return claimed


def has_news(*, merchant: Merchant, card_number: str, since: datetime) -> bool:
    """Whether it became known after a moment how a gift of this card ended, or that it went on."""
    return _of_card(merchant, card_number).filter(settled_at__gt=since).exists()


def find(*, merchant: Merchant, guest: SignedInGuest, wish_id: UUID) -> WishRow:
    """The wish of this guest's card. Raises WishGone."""
    stored = _of_card(merchant, guest.card_number).filter(id=wish_id).first()
    if stored is None:
        raise WishGone
    return WishRow.read(stored)


def recent(*, merchant: Merchant, card_number: str, since: timedelta) -> tuple[WishRow, ...]:
    """What this card has sent, or tried to, within a time, and what is open, however old; the latest first."""
    lately = Q(claimed_at__gt=clock.now() - since) | Q(state__in=OPEN)
    return _read_all(_of_card(merchant, card_number).filter(lately).order_by("-claimed_at"))


def open_of(*, merchant: Merchant, card_number: str) -> WishRow | None:
    """The one wish of a card whose end is not known yet."""
    stored = _of_card(merchant, card_number).filter(state__in=OPEN).first()
    return WishRow.read(stored) if stored else None


def find_twin(*, merchant: Merchant, contents: Contents, but: UUID) -> Twin | None:
    """The latest gift of this card of the same reward to the same recipient, here or elsewhere, if it was lately."""
    row = (
        _of_card(merchant, contents.card_number)
        .filter(
            recipient_key=_recipient_key(merchant, contents.recipient),
            wallet_code=contents.wallet_code,
            state__in=_COUNTED,
            claimed_at__gt=clock.now() - TWIN_WINDOW,
        )
        .exclude(id=but)
        .order_by("-claimed_at")
        .first()
    )
    words = contents.recipient.words
    if row is not None and row.claimed_at is not None:
        return Twin(words, row.claimed_at, row.id)
    elsewhere = datetime.fromisoformat(contents.sent_elsewhere_at) if contents.sent_elsewhere_at else None
    return Twin(words, elsewhere) if elsewhere else None


def in_review(*, merchant: Merchant) -> tuple[WishRow, ...]:
    """The wishes that a person has to look at, the oldest first."""
    rows_ = Wish.objects.filter(merchant=merchant.slug, state=WishState.NEEDS_REVIEW)
    return _read_all(rows_.order_by("claimed_at"))


def claimed_elsewhere(*, merchant: Merchant, transaction_ids: Iterable[str], row: WishRow) -> frozenset[str]:
    """Those of the transactions that already prove another wish."""
    by_key = {_transaction_key(merchant, each): each for each in transaction_ids if each}
    taken = Wish.objects.filter(transaction_key__in=by_key).exclude(id=row.id)
    return frozenset(by_key[key] for key in taken.values_list("transaction_key", flat=True) if key)


def void_prepared() -> int:
    """Forget every check page from which nothing was sent; a press on one finds no wish. Returns how many."""
    return Wish.objects.filter(state=WishState.PREPARED).delete()[0]


def thin(*, merchant: Merchant) -> int:
    """Empty the rows that were settled longer ago than the merchant keeps them; returns how many there were.

    What a person has yet to look at is kept. Check pages from which nothing was sent go after a day.
    """
    now = clock.now()
    stored = Wish.objects.filter(merchant=merchant.slug)
    stored.filter(state=WishState.PREPARED, created_at__lt=now - WATCHED_FOR).delete()
    settled = stored.filter(settled_at__lt=now - gift_retention(merchant), next_look_at__isnull=True)
    kept = settled.exclude(contents="").exclude(state=WishState.NEEDS_REVIEW)
    return kept.update(**dict.fromkeys(WishRow.sealed, ""))


def rehash() -> Rehashed:
    """Compute the look-up hashes of all rows anew, in a transaction in which a new key is in force."""
    return rows.rehash(WishRow)


def check_day(*, merchant: Merchant, guest: SignedInGuest) -> None:
    """Raise SendingLimit when another gift would be one too many within a day, for any recipient."""
    _check_counts(merchant, guest, guest.card_number, more=1)


def _queue_up(merchant: Merchant, guest: SignedInGuest) -> None:
    """Let the claims of one guest follow each other, whichever cards they are for. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        guest_key = rows.key("guest", merchant, _identity_of(guest))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [guest_key])


def _check_day(merchant: Merchant, guest: SignedInGuest, contents: Contents) -> None:
    """Raise SendingLimit when the wish just claimed is one too many within a day, or for one person too many."""
    today = _check_counts(merchant, guest, contents.card_number, more=0)
    most = merchant.limits.gift_recipients_per_day
    if today.values("recipient_key").distinct().count() > most:
        raise SendingLimit("recipients", most)


def _check_counts(merchant: Merchant, guest: SignedInGuest, card_number: str, *, more: int) -> QuerySet[Wish]:
    """The guest's wishes of the last day that count, which with so many more are not too many."""
    owner = Q(card_key=card_key_of(merchant=merchant, card_number=card_number)) | Q(
        guest_key=rows.key("guest", merchant, _identity_of(guest))
    )
    tried = Wish.objects.filter(owner, claimed_at__gt=clock.now() - timedelta(days=1))
    today, most = tried.filter(state__in=_COUNTED), merchant.limits.gifts_per_day
    if today.count() + more > most:
        raise SendingLimit("gifts", most)
    if tried.count() + more > _TRIES_PER_GIFT * most:
        raise SendingLimit("tries", _TRIES_PER_GIFT * most)
    return today


def _identity_of(guest: SignedInGuest) -> str:
    identity = guest.identity
    if isinstance(identity, CardIdentity):
        return f"card {identity.card_number}"
    return f"user {identity.username.casefold()}"  # one guest, however the name was typed at sign-in


def _of_card(merchant: Merchant, card_number: str) -> QuerySet[Wish]:
    return Wish.objects.filter(card_key=card_key_of(merchant=merchant, card_number=card_number))


def _recipient_key(merchant: Merchant, recipient: Recipient) -> str:
    return rows.key("recipient", merchant, recipient.identity)


def _transaction_key(merchant: Merchant, transaction_id: str) -> str:
    return rows.key("transaction", merchant, transaction_id)


def _read_all(stored: Iterable[Wish]) -> tuple[WishRow, ...]:
    return tuple(WishRow.read(each) for each in stored)
