"""The ledger of wishes: every step is one conditional statement, committed at once. It asks nobody.

What a row may become is decided elsewhere; here is guaranteed that a row is claimed once, that one card has one
open wish, that a transaction proves one wish, and that of two who settle the same row only one writes.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.credentials import SignedInGuest
from accounts.identities import CardIdentity
from gifting.ledger.rows import OPEN, Contents, RefusalNote, Row, read_row, write_contents
from gifting.ledger.schedule import (
    PREPARED_FOR,
    TWIN_WINDOW,
    WATCHED_FOR,
    call_time,
    first_look,
    gift_retention,
)
from gifting.ledger.wish import (
    AlreadySent,
    GiftUnderWay,
    Recipient,
    SendingLimit,
    Twin,
    TwinFound,
    WishGone,
    WishState,
)
from gifting.models import Wish, WishTransition
from guestportal.merchants.definition import Merchant
from guestportal.web.sealing import SealBroken, seal, unseal

log = logging.getLogger("gifting")

# What counts towards a day's gifts: everything that was, or may have been, sent.
_COUNTED = (WishState.SENDING, WishState.UNKNOWN, WishState.SENT, WishState.NEEDS_REVIEW)
SEALED = ("contents", "transfer", "refusal")
ODD_SUCCESS = "odd_success"
_TRIES_PER_GIFT = 3  # refused and undelivered ones included, so that nobody learns account codes by trying


def prepare(
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    contents: Contents,
    wish_id: UUID,
    replaced: UUID | None,
) -> None:
    """Write down what the check page shows under a new id; a page that it replaces can send nothing any more."""
    now = timezone.now()
    prepared = Wish.objects.filter(merchant=merchant.slug, state=WishState.PREPARED)
    if replaced is not None:
        prepared.filter(id=replaced).delete()
    prepared.filter(created_at__lt=now - WATCHED_FOR).delete()
    Wish.objects.create(
        id=wish_id,
        merchant=merchant.slug,
        guest_key=_key("guest", merchant, _identity_of(guest)),
        card_key=_card_key(merchant, contents.card_number),
        recipient_key=_recipient_key(merchant, contents.recipient),
        wallet_code=contents.wallet_code,
        contents=seal(write_contents(contents)),
        created_at=now,
    )


def claim(*, merchant: Merchant, guest: SignedInGuest, wish_id: UUID, another: bool) -> Row:
    """Take the one right to call transferOut for this wish; committed on return.

    Raises WishGone, AlreadySent, GiftUnderWay, TwinFound and SendingLimit, and then nothing is claimed.
    Raises RuntimeError inside a transaction, where a crash would take the claim away again.
    """
    row = find(merchant=merchant, guest=guest, wish_id=wish_id)
    now = timezone.now()
    if row.state is not WishState.PREPARED:
        raise AlreadySent(row.id)
    if row.contents is None or row.created_at <= now - PREPARED_FOR or row.merchant != merchant.slug:
        raise WishGone
    try:
        with transaction.atomic(durable=True):
            _queue_up(merchant, guest)
            claimed = replace(
                row, state=WishState.SENDING, revision=row.revision + 1, claimed_at=now, next_look_at=None
            )
            if not _write_if_unchanged(
                row, state=claimed.state, claimed_at=now, next_look_at=first_look(merchant, now)
            ):
                raise AlreadySent(reread(row).id)  # or it was replaced by a later check page
            # From here on no other wish of this guest can be claimed, so what is counted cannot change.
            _check_day(merchant, guest, row)
            twin = None if another else find_twin(merchant=merchant, contents=row.contents, but=row.id)
            if twin is not None:
                raise TwinFound(twin)
            _note(claimed, merchant.slug, cause="claimed", reference="")
    except IntegrityError:
        standing = open_of(merchant=merchant, card_number=row.contents.card_number)
        raise GiftUnderWay(standing.id if standing else row.id) from None
    return claimed


def may_send(row: Row, *, merchant: Merchant) -> bool:
    """Whether the call of a claimed wish may leave now: nobody has doubted it, and it is not too late for it.

    One statement, for the connection that is about to send. A process may have stood still since its claim; what
    settling concludes rests on no call leaving later than this allows.
    """
    in_time = timezone.now() - call_time(merchant)
    unchanged = Wish.objects.filter(id=row.id, revision=row.revision, state=WishState.SENDING)
    return unchanged.filter(claimed_at__gt=in_time).exists()


def move(
    row: Row,
    *,
    merchant: Merchant,
    state: WishState,
    cause: str,
    reference: str = "",
    next_look_at: datetime | None = None,
    transfer: bytes = b"",
    transaction_id: str = "",
    refusal: RefusalNote | None = None,
) -> Row | None:
    """Let the wish go on to `state`, and return it; None when somebody else wrote meanwhile.

    With `transaction_id` the wish claims that transaction: None too when another wish already has.
    """
    now = timezone.now()
    written: dict[str, Any] = {"state": state, "next_look_at": next_look_at}
    if state not in OPEN:
        written["settled_at"] = now
    if transfer:
        written |= {"transfer": seal(transfer), "transfer_read_at": now}
    if transaction_id:
        written["transaction_key"] = _key("transaction", merchant, transaction_id)
    if refusal is not None:
        written["refusal"] = seal(json.dumps(asdict(refusal)).encode())
    moved = replace(
        row,
        state=state,
        revision=row.revision + 1,
        next_look_at=next_look_at,
        settled_at=now if state not in OPEN else row.settled_at,
        transfer=transfer or row.transfer,
        transfer_read_at=now if transfer else row.transfer_read_at,
        refusal=refusal or row.refusal,
    )
    try:
        with transaction.atomic():
            if not _write_if_unchanged(row, **written):
                return None
            _note(moved, merchant.slug, cause=cause, reference=reference)
    except IntegrityError:
        return None
    return moved


def note_clean_read(row: Row, *, at: datetime, next_look_at: datetime) -> bool:
    """Count a reading that had nothing of the gift; returns whether it was counted."""
    return _write_if_unchanged(
        row, clean_reads=row.clean_reads + 1, clean_read_at=at, next_look_at=next_look_at
    )


def note_look(row: Row, *, next_look_at: datetime | None) -> bool:
    """Say when to look next. Of several processes that found the same row one gets True: that one looks."""
    return _write_if_unchanged(row, next_look_at=next_look_at)


def keep_transfer(row: Row, *, transfer: bytes, read_at: datetime, is_news: bool) -> None:
    """Keep the transfer as it was just read, unless somebody wrote meanwhile; `is_news` when its state is another."""
    news = {"settled_at": timezone.now()} if is_news else {}
    _write_if_unchanged(row, transfer=seal(transfer), transfer_read_at=read_at, **news)


def has_news(*, merchant: Merchant, card_number: str, since: datetime) -> bool:
    """Whether it became known after a moment how a gift of this card ended, or that it went on."""
    rows = Wish.objects.filter(card_key=_card_key(merchant, card_number), settled_at__gt=since)
    return rows.exists()


def find(*, merchant: Merchant, guest: SignedInGuest, wish_id: UUID) -> Row:
    """The wish of this guest's card. Raises WishGone."""
    rows = Wish.objects.filter(id=wish_id, card_key=_card_key(merchant, guest.card_number))
    row = next(iter(_read_all(rows)), None)
    if row is None:
        raise WishGone
    return row


def reread(row: Row) -> Row:
    """The row as it is now. Raises WishGone when it no longer exists."""
    now = next(iter(_read_all(Wish.objects.filter(id=row.id))), None)
    if now is None:
        raise WishGone
    return now


def recent(*, merchant: Merchant, card_number: str, since: timedelta) -> tuple[Row, ...]:
    """What this card has sent, or tried to, within a time, and what is open, however old; the latest first."""
    lately = Q(claimed_at__gt=timezone.now() - since) | Q(state__in=OPEN)
    rows = Wish.objects.filter(lately, card_key=_card_key(merchant, card_number))
    return tuple(_read_all(rows.order_by("-claimed_at")))


def open_of(*, merchant: Merchant, card_number: str) -> Row | None:
    """The one wish of a card whose end is not known yet."""
    rows = Wish.objects.filter(card_key=_card_key(merchant, card_number), state__in=OPEN)
    return next(iter(_read_all(rows)), None)


def find_twin(*, merchant: Merchant, contents: Contents, but: UUID) -> Twin | None:
    """The latest gift of this card of the same reward to the same recipient, here or elsewhere, if it was lately."""
    row = (
        Wish.objects.filter(
            card_key=_card_key(merchant, contents.card_number),
            recipient_key=_recipient_key(merchant, contents.recipient),
            wallet_code=contents.wallet_code,
            state__in=_COUNTED,
            claimed_at__gt=timezone.now() - TWIN_WINDOW,
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


def due(*, merchant: Merchant) -> tuple[Row, ...]:
    """The wishes that somebody should read about by now, longest waiting first."""
    rows = Wish.objects.filter(merchant=merchant.slug, next_look_at__lte=timezone.now())
    return tuple(_read_all(rows.order_by("next_look_at", "id")))


def in_review(*, merchant: Merchant) -> tuple[Row, ...]:
    """The wishes that a person has to look at, the oldest first."""
    rows = Wish.objects.filter(merchant=merchant.slug, state=WishState.NEEDS_REVIEW)
    return tuple(_read_all(rows.order_by("claimed_at")))


def claimed_elsewhere(*, merchant: Merchant, transaction_ids: Iterable[str], row: Row) -> frozenset[str]:
    """Those of the transactions that already prove another wish."""
    by_key = {_key("transaction", merchant, each): each for each in transaction_ids if each}
    taken = Wish.objects.filter(transaction_key__in=by_key).exclude(id=row.id)
    return frozenset(by_key[key] for key in taken.values_list("transaction_key", flat=True) if key)


def was_called_a_success(row: Row) -> bool:
    """Whether Paytronix answered the call with a success that named no gift of ours."""
    return WishTransition.objects.filter(wish_id=row.id, cause=ODD_SUCCESS).exists()


def thin(*, merchant: Merchant) -> int:
    """Empty the rows that were settled longer ago than the merchant keeps them; returns how many there were.

    What a person has yet to look at is kept. Check pages from which nothing was sent go after a day.
    """
    now = timezone.now()
    rows = Wish.objects.filter(merchant=merchant.slug)
    rows.filter(state=WishState.PREPARED, created_at__lt=now - WATCHED_FOR).delete()
    settled = rows.filter(settled_at__lt=now - gift_retention(merchant), next_look_at__isnull=True)
    kept = settled.exclude(contents="").exclude(state=WishState.NEEDS_REVIEW)
    return kept.update(contents="", transfer="", refusal="")


def reseal() -> int:
    """Seal every row anew with the first of the keys and return how many rows were."""
    resealed = 0
    for wish in Wish.objects.exclude(contents="").iterator():
        try:
            texts = {name: seal(unseal(text)) for name in SEALED if (text := getattr(wish, name))}
        except SealBroken:
            continue
        resealed += Wish.objects.filter(id=wish.id, revision=wish.revision).update(**texts)
    return resealed


def _queue_up(merchant: Merchant, guest: SignedInGuest) -> None:
    """Let the claims of one guest follow each other, whichever cards they are for. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        guest_key = _key("guest", merchant, _identity_of(guest))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [guest_key])


def check_day(*, merchant: Merchant, guest: SignedInGuest) -> None:
    """Raise SendingLimit when another gift would be one too many within a day, whoever it is for."""
    _check_counts(merchant, guest, guest.card_number, more=1)


def _check_day(merchant: Merchant, guest: SignedInGuest, row: Row) -> None:
    """Raise SendingLimit when the wish just claimed is one too many within a day, or for one person too many."""
    assert row.contents is not None  # noqa: S101 - `claim` has looked
    today = _check_counts(merchant, guest, row.contents.card_number, more=0)
    most = merchant.limits.gift_recipients_per_day
    if today.values("recipient_key").distinct().count() > most:
        raise SendingLimit("recipients", most)


def _check_counts(merchant: Merchant, guest: SignedInGuest, card_number: str, *, more: int) -> QuerySet[Wish]:
    """The guest's wishes of the last day that count, which with so many more are not too many."""
    owner = Q(card_key=_card_key(merchant, card_number)) | Q(
        guest_key=_key("guest", merchant, _identity_of(guest))
    )
    since = timezone.now() - timedelta(days=1)
    tried = Wish.objects.filter(owner, claimed_at__gt=since)
    today, most = tried.filter(state__in=_COUNTED), merchant.limits.gifts_per_day
    if today.count() + more > most:
        raise SendingLimit("gifts", most)
    if tried.count() + more > _TRIES_PER_GIFT * most:
        raise SendingLimit("tries", _TRIES_PER_GIFT * most)
    return today


def _write_if_unchanged(row: Row, **fields: Any) -> bool:
    unchanged = Wish.objects.filter(id=row.id, revision=row.revision)
    return bool(unchanged.update(revision=row.revision + 1, **fields))


def _note(row: Row, merchant_slug: str, *, cause: str, reference: str) -> None:
    """Add the step to the list, and to the log."""
    WishTransition.objects.create(
        wish_id=row.id, state=row.state, cause=cause, reference=reference, at=timezone.now()
    )
    line = {
        "event": "gift_transition",
        "merchant": merchant_slug,
        "wish": str(row.id),
        "state": str(row.state),
        "cause": cause,
        "reference": reference,
    }
    level = logging.WARNING if row.state is WishState.NEEDS_REVIEW else logging.INFO
    log.log(level, "gift_transition", extra={"fields": line})


def _identity_of(guest: SignedInGuest) -> str:
    identity = guest.identity
    if isinstance(identity, CardIdentity):
        return f"card {identity.card_number}"
    return f"user {identity.username.casefold()}"  # one guest, however the name was typed at sign-in


def _card_key(merchant: Merchant, card_number: str) -> str:
    return _key("card", merchant, card_number)


def _recipient_key(merchant: Merchant, recipient: Recipient) -> str:
    return _key("recipient", merchant, recipient.identity)


def _key(what: str, merchant: Merchant, text: str) -> str:
    """The same for all merchant files of one program, so that no limit holds for each of them anew."""
    named = json.dumps([*merchant.integration.program, text])
    return salted_hmac(f"gifting.wish.{what}", named, algorithm="sha256").hexdigest()


def _read_all(rows: QuerySet[Wish]) -> Iterable[Row]:
    return [read_row(row) for row in rows]
