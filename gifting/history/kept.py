"""What the pages of a history need of its lists, kept for `account_fresh_seconds`: sealed, in pieces, with an index.

It hangs on the sign-in and goes with it. Whatever withdraws the balance, and whatever moves a gift of the card,
withdraws it. The gifts hold no code and no card number of others (gifting/gift/domain.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts.credentials import SignedInGuest
from gifting.gift.domain import Gift
from gifting.history.gifts import Gifts, Line, in_memory
from gifting.history.packing import NotPacked, pack, unpack
from gifting.ledger.movement import may_have_moved
from gifting.models import KeptHistory, KeptPiece
from guestportal.merchants.definition import Merchant
from guestportal.storage import clock
from guestportal.storage.sealing import SealBroken, open_sealed, seal_for

PIECE_SIZE = 100  # gifts: four pages


class KeptGone(Exception):
    """A piece was deleted, or opens no more, after its index was read: read the lists anew."""


@dataclass(frozen=True, slots=True)
class Index:
    """What stands in front of the pieces. A kept history is for one card and one language, which words its rewards.

    `kinds` are the different lines and `kind_of` the number of each gift's.
    """

    card_number: str = field(repr=False)
    language: str
    waiting_count: int
    has_unread: bool
    kinds: tuple[Line, ...]
    kind_of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A history as it was read at `asked_at`. Opening its gifts raises KeptGone."""

    gifts: Gifts
    waiting_count: int
    has_unread: bool
    asked_at: datetime


def keep(
    gifts: tuple[Gift, ...],
    *,
    merchant: Merchant,
    guest: SignedInGuest,
    asked_at: datetime,
    waiting_count: int,
    has_unread: bool,
) -> None:
    """Keep both lists, joined, in place of an earlier reading; a later one stays.

    Nothing is kept where nothing of it could be shown, or after the guest has signed out.
    """
    sweep(merchant=merchant)
    if may_have_moved(merchant=merchant, card_number=guest.card_number, since=asked_at):
        return
    numbers: dict[Line, int] = {}
    kind_of = tuple(numbers.setdefault(line, len(numbers)) for line in in_memory(gifts).lines)
    index = Index(guest.card_number, get_language() or "", waiting_count, has_unread, tuple(numbers), kind_of)
    row_id = uuid4()  # chosen first: what is sealed is bound to it
    row = KeptHistory(
        id=row_id,
        credential_id=guest.id,
        merchant=merchant.slug,
        index=seal_for(KeptHistory, "index", pack(index), row=row_id, merchant=merchant.slug),
        asked_at=asked_at,
    )
    pieces = [
        _piece(row_id, number, gifts[start : start + PIECE_SIZE], merchant)
        for number, start in enumerate(range(0, len(gifts), PIECE_SIZE))
    ]
    try:
        with transaction.atomic():
            KeptHistory.objects.filter(credential_id=guest.id, asked_at__lte=asked_at).delete()
            row.save(force_insert=True)
            KeptPiece.objects.bulk_create(pieces, batch_size=50)
    except IntegrityError:  # a later reading is kept, or the guest has signed out meanwhile
        return


def find(*, merchant: Merchant, guest: SignedInGuest) -> Kept | None:
    """The history kept for this sign-in, None when there is none that may still be shown."""
    stands = Q(credential__withdrawn_at=None) | Q(credential__withdrawn_at__lt=F("asked_at"))
    fresh = KeptHistory.objects.filter(stands, credential_id=guest.id, asked_at__gt=_oldest(merchant))
    row = fresh.filter(merchant=merchant.slug).first()
    if row is None or may_have_moved(merchant=merchant, card_number=guest.card_number, since=row.asked_at):
        return None
    zone = merchant.locale.time_zone
    try:
        index = unpack(open_sealed(row, "index"), Index, zone=zone)
    except (SealBroken, NotPacked):
        return None
    if (index.card_number, index.language) != (guest.card_number, get_language() or ""):
        return None
    lines = tuple(index.kinds[number] for number in index.kind_of)
    gifts = Gifts(lines, lambda places: _open(row, places, merchant))
    return Kept(gifts, index.waiting_count, index.has_unread, row.asked_at)


def drop(*, guest: SignedInGuest) -> None:
    """Forget what is kept for this sign-in, so that the next page reads anew."""
    KeptHistory.objects.filter(credential_id=guest.id).delete()


def sweep(*, merchant: Merchant) -> int:
    """Delete what a merchant's guests are shown no more; returns how many histories there were."""
    old = KeptHistory.objects.filter(merchant=merchant.slug, asked_at__lte=_oldest(merchant))
    return old.delete()[1].get(KeptHistory._meta.label, 0)


def _oldest(merchant: Merchant) -> datetime:
    return clock.now() - timedelta(seconds=merchant.limits.account_fresh_seconds)


def _piece(row_id: UUID, number: int, gifts: tuple[Gift, ...], merchant: Merchant) -> KeptPiece:
    piece_id = uuid4()
    sealed = seal_for(KeptPiece, "gifts", pack(gifts), row=piece_id, merchant=merchant.slug)
    return KeptPiece(id=piece_id, history_id=row_id, merchant=merchant.slug, number=number, gifts=sealed)


def _open(row: KeptHistory, places: Sequence[int], merchant: Merchant) -> tuple[Gift, ...]:
    """The gifts of these places, from their pieces alone. One query. Raises KeptGone."""
    wanted = {place // PIECE_SIZE for place in places}
    stored = KeptPiece.objects.filter(history_id=row.id)
    if len(wanted) <= 50:  # of a longer list most pieces are wanted
        stored = stored.filter(number__in=wanted)
    zone = merchant.locale.time_zone
    opened: dict[int, tuple[Gift, ...]] = {}
    try:
        for piece in stored:
            if piece.number in wanted:
                opened[piece.number] = unpack(open_sealed(piece, "gifts"), tuple[Gift, ...], zone=zone)
        return tuple(opened[place // PIECE_SIZE][place % PIECE_SIZE] for place in places)
    except (SealBroken, NotPacked, LookupError) as error:
        raise KeptGone from error
