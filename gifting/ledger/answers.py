"""Claims on answers in the ledger: made before the call, settled after it. It asks nobody and shows nothing.

Every step is one conditional statement that is committed at once; none may stand inside a wider transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gifting.ledger.schedule import first_look, gift_retention
from gifting.models import Answer
from guestportal.merchants.definition import Merchant
from guestportal.web.sealing import SealBroken, seal, unseal

Action = Answer.Action
State = Answer.State

OPEN = (State.CLAIMED, State.UNKNOWN)
DECIDED = (State.ACCEPTED, State.DECLINED)
_MAY_BE_CLAIMED = (State.RELEASED, State.ENDED)


@dataclass(frozen=True, slots=True)
class Claim:
    """One row as it was read. `settle`, `doubt` and `release` change it, and only while it is still this claim."""

    row: int
    claim: UUID
    action: str
    state: str
    claimed_at: datetime
    settled_at: datetime | None
    next_look_at: datetime | None
    is_news: bool
    credential_id: UUID | None
    transaction_id: str
    code: str = field(repr=False)
    card_number: str = field(repr=False)

    @property
    def is_open(self) -> bool:
        """Whether the answer is under way or its end unknown: nothing else may be answered meanwhile."""
        return self.state in OPEN

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED


def claim(
    *,
    merchant: Merchant,
    card_number: str,
    transaction_id: str,
    code: str,
    action: str,
    credential_id: UUID,
) -> Claim | None:
    """Write down that this guest answers this gift now; None when another answer stands or is under way.

    Committed on return. Raises RuntimeError inside a transaction, where a crash would take the row away again.
    """
    keys, token, now = _keys(merchant, card_number, transaction_id), uuid4(), timezone.now()
    fresh = {
        "action": action,
        "state": State.CLAIMED,
        "claim": token,
        "transaction": seal(transaction_id.encode()),
        "code": seal(code.encode()),
        "card": seal(card_number.encode()),
        "credential": credential_id,
        "claimed_at": now,
        "settled_at": None,
        "next_look_at": first_look(merchant, now),
        "is_news": False,
    }
    try:
        with transaction.atomic(durable=True):
            Answer.objects.create(**keys, **fresh)
    except IntegrityError:
        if not Answer.objects.filter(**keys, state__in=_MAY_BE_CLAIMED).update(**fresh):
            return None
    row = Answer.objects.filter(**keys, claim=token).first()
    return _read(row) if row else None


def settle(claimed: Claim, state: str, *, is_news: bool = False) -> bool:
    """Write how it ended, unless the row was decided or claimed anew meanwhile; returns whether it was written.

    What settling needed is emptied: the row keeps no card number and no code from here on. `is_news` says that the
    guest is not being told by who settles.
    """
    undecided = _same(claimed).exclude(state__in=DECIDED)
    return bool(undecided.update(state=state, **_closed(is_news=is_news)))


def doubt(claimed: Claim) -> None:
    """The call ended without saying whether it happened."""
    _same(claimed).filter(state=State.CLAIMED).update(state=State.UNKNOWN)


def release(claimed: Claim) -> bool:
    """The answer surely did not happen: the guest may answer again. Returns whether this made it so."""
    return bool(_same(claimed).filter(state__in=OPEN).update(state=State.RELEASED, **_closed()))


def reopen(claimed: Claim) -> bool:
    """A decision that Paytronix's list has long contradicted: the guest may answer again, as after `release`."""
    return bool(_same(claimed).filter(state__in=DECIDED).update(state=State.RELEASED, **_closed()))


def note_look(claimed: Claim, *, next_look_at: datetime) -> bool:
    """Say when to look next. Of several processes that found the same row one gets True: that one looks."""
    unchanged = _same(claimed).filter(state__in=OPEN, next_look_at=claimed.next_look_at)
    return bool(unchanged.update(next_look_at=next_look_at))


def note_shown(claims: Iterable[Claim]) -> None:
    """A page has shown how these ended."""
    for claimed in claims:
        _same(claimed).update(is_news=False)


def claims_of(*, merchant: Merchant, card_number: str) -> tuple[Claim, ...]:
    """All rows of a guest, oldest first; those that no key opens any more are left out."""
    return _read_all(_rows_of(merchant, card_number).order_by("claimed_at", "id"))


def has_unfinished(*, merchant: Merchant, card_number: str) -> bool:
    """Whether an answer of the guest is open, or its end is news. What is done with is not opened for that."""
    unfinished = Q(state__in=OPEN) | Q(is_news=True)
    return bool(_read_all(_rows_of(merchant, card_number).filter(unfinished)))


def claim_on(*, merchant: Merchant, card_number: str, transaction_id: str) -> Claim | None:
    """The row of one gift and guest."""
    found = _read_all(Answer.objects.filter(**_keys(merchant, card_number, transaction_id)))
    return found[0] if found else None


def due(*, merchant: Merchant) -> tuple[Claim, ...]:
    """The open claims that somebody should read about by now, longest waiting first."""
    rows = Answer.objects.filter(merchant=merchant.slug, next_look_at__lte=timezone.now(), state__in=OPEN)
    return _read_all(rows.order_by("next_look_at", "id"))


def thin(*, merchant: Merchant) -> int:
    """Delete a merchant's rows that were settled longer ago than it keeps them; return how many there were."""
    settled = Answer.objects.filter(merchant=merchant.slug).exclude(state__in=OPEN)
    return settled.filter(settled_at__lt=timezone.now() - gift_retention(merchant)).delete()[0]


def reseal() -> int:
    """Seal every row anew with the first of the keys and return how many rows were."""
    resealed = 0
    for row in Answer.objects.iterator():
        try:
            texts = {
                name: seal(unseal(text))
                for name in ("transaction", "code", "card")
                if (text := getattr(row, name))
            }
        except SealBroken:
            continue  # the row still keeps a gift from being answered twice
        resealed += Answer.objects.filter(id=row.id, claim=row.claim, state=row.state).update(**texts)
    return resealed


def _rows_of(merchant: Merchant, card_number: str) -> QuerySet[Answer]:
    return Answer.objects.filter(merchant=merchant.slug, guest_key=_guest_key(merchant, card_number))


def _same(claimed: Claim) -> QuerySet[Answer]:
    return Answer.objects.filter(id=claimed.row, claim=claimed.claim)


def _closed(*, is_news: bool = False) -> dict[str, Any]:
    """What is written with the end of every claim."""
    return {
        "settled_at": timezone.now(),
        "next_look_at": None,
        "is_news": is_news,
        "code": "",
        "card": "",
        "credential": None,
    }


def _keys(merchant: Merchant, card_number: str, transaction_id: str) -> dict[str, str]:
    gift_key = salted_hmac("gifting.gift", f"{merchant.slug}:{transaction_id}", algorithm="sha256")
    return {
        "merchant": merchant.slug,
        "guest_key": _guest_key(merchant, card_number),
        "gift_key": gift_key.hexdigest(),
    }


def _guest_key(merchant: Merchant, card_number: str) -> str:
    return salted_hmac("gifting.guest", f"{merchant.slug}:{card_number}", algorithm="sha256").hexdigest()


def _read_all(rows: Iterable[Answer]) -> tuple[Claim, ...]:
    return tuple(claimed for row in rows if (claimed := _read(row)))


def _read(row: Answer) -> Claim | None:
    try:
        return Claim(
            row=row.id,
            claim=row.claim,
            action=row.action,
            state=row.state,
            claimed_at=row.claimed_at,
            settled_at=row.settled_at,
            next_look_at=row.next_look_at,
            is_news=row.is_news,
            credential_id=row.credential,
            transaction_id=unseal(row.transaction).decode(),
            code=unseal(row.code).decode() if row.code else "",
            card_number=unseal(row.card).decode() if row.card else "",
        )
    except SealBroken:
        return None
