"""The ledger of answers: made before the call, settled after it. It asks Paytronix nothing and shows nothing.

A gift and a card have one row, whichever file of the program it was answered at; a later answer claims it anew.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.credentials import card_key_of
from gifting.ledger import rows
from gifting.ledger.rows import Row, Step
from gifting.ledger.schedule import first_look, gift_retention
from gifting.models import Answer, Transition
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.calls import CROCKFORD
from guestportal.storage import clock
from guestportal.storage.lookup import claiming
from guestportal.storage.rehashing import Rehashed

Action = Answer.Action
State = Answer.State

OPEN = frozenset({State.CLAIMED, State.UNKNOWN})
DECIDED = frozenset({State.ACCEPTED, State.DECLINED})
UNDECIDED = frozenset(State) - DECIDED
ENDS = DECIDED | {State.ENDED}
_MAY_BE_CLAIMED = frozenset({State.RELEASED, State.ENDED})


@dataclass(frozen=True, slots=True)
class Answered:
    """What a row is about: the card that answers, and the gift's transferOutTransactionId."""

    card_number: str = field(repr=False)
    transaction_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Row):
    """An answer as it was read from the ledger. `contents` is None when no key opens it."""

    model: ClassVar[Any] = Answer
    states: ClassVar[Any] = State
    open_states = OPEN
    claimed_state = State.CLAIMED
    unknown_state = State.UNKNOWN
    balance_states = frozenset({State.UNKNOWN, State.ACCEPTED})
    given_up = Step(state=State.ENDED, cause="given_up")
    sealed: ClassVar[Any] = {
        "contents": lambda content: Answered(**json.loads(content)) if content else None,
        "code": bytes.decode,
        "refusal": rows.read_refusal,
    }

    action: str
    contents: Answered | None
    code: str = field(repr=False)
    is_news: bool = False

    @property
    def transaction_id(self) -> str:
        return self.contents.transaction_id if self.contents else ""

    @property
    def card_number(self) -> str:
        return self.contents.card_number if self.contents else ""

    @property
    def reference(self) -> str:
        """What names the row to a guest and to support: eight characters of Crockford base32, made of its id."""
        number = self.id.int
        return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(8))

    @property
    def line(self) -> dict[str, object]:
        """What a log line may say of the row; `answer_reference` is what the guest is shown."""
        kept = {"merchant": self.merchant, "answer": str(self.id), "state": str(self.state)}
        return {**kept, "answer_reference": self.reference}

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def is_refused(self) -> bool:
        """Whether Paytronix refused the answer, and readings have yet to confirm that."""
        return self.state == State.UNKNOWN and self.refusal is not None

    def is_refused_by(self, moment: datetime) -> bool:
        """Whether the refusal of the answer had been written down by then."""
        if not self.is_refused or self.refusal is None:
            return False
        told_at = datetime.fromisoformat(self.refusal.told_at) if self.refusal.told_at else self.claimed_at
        return told_at is not None and moment >= told_at

    @property
    def may_repeat(self) -> bool:
        """Whether a refused answer may be given again: a clean reading has shown the gift waiting since."""
        return self.is_refused and self.clean_reads > 0

    def may_become(self, action: str) -> bool:
        """Whether the gift may be answered with this action now."""
        return self.state in _MAY_BE_CLAIMED or (self.may_repeat and self.action == action)

    def is_same_claim(self, earlier: "Claim") -> bool:
        return self.claimed_at == earlier.claimed_at

    def after(self, step: Step, *, merchant: Merchant, at: datetime) -> "Claim":
        moved = Row.after(self, step, merchant=merchant, at=at)
        return moved if moved.is_open else replace(moved, code="", is_news=step.is_news)

    def keys(self, merchant: Merchant) -> dict[str, str] | None:
        if self.contents is None:
            return None
        return {
            "card_key": card_key_of(merchant=merchant, card_number=self.contents.card_number),
            "transaction_key": _gift_key(merchant, self.contents.transaction_id),
        }


def claim(
    *,
    merchant: Merchant,
    card_number: str,
    transaction_id: str,
    code: str,
    action: str,
    standing: Claim | None,
) -> Claim | None:
    """Write down that this card answers this gift now; `standing` is its row as it was just read, None without one.

    None when another answer stands or is under way. Committed on return. Raises ClaimsPaused, and RuntimeError inside
    a transaction, where a crash would take the row away again.
    """
    if standing is not None and not standing.may_become(action):
        return None
    now = clock.now()
    try:
        with claiming():
            claimed = Claim(
                id=standing.id if standing else uuid4(),
                merchant=merchant.slug,
                card_key=card_key_of(merchant=merchant, card_number=card_number),
                transaction_key=_gift_key(merchant, transaction_id),
                state=State.CLAIMED,
                cause="claimed",
                revision=standing.revision + 1 if standing else 0,
                contents=Answered(card_number, transaction_id),
                code=code,
                action=action,
                claimed_at=now,
                next_look_at=first_look(merchant, now),
            )
            if standing is None:
                rows.insert(claimed, merchant=merchant)
                rows.note(claimed, at=now)
            elif rows.store(standing, claimed, at=now) is None:
                return None
    except IntegrityError:
        return None
    rows.tell(claimed)
    return claimed


def note_shown(claims: Iterable[Claim]) -> None:
    """Write down that a page has shown how these ended, so that they are news no more."""
    for claimed in claims:
        Answer.objects.filter(id=claimed.id, revision=claimed.revision).update(is_news=False)


def claims_of(*, merchant: Merchant, card_number: str) -> tuple[Claim, ...]:
    """All rows of a card, oldest first; those that no key opens any more are left out."""
    return _read_all(_rows_of(merchant, card_number).order_by("claimed_at", "id"))


def has_unfinished(*, merchant: Merchant, card_number: str) -> bool:
    """Whether an answer of the card is open, or its end is news. What is done with is not opened for that."""
    unfinished = Q(state__in=OPEN) | Q(is_news=True)
    return bool(_read_all(_rows_of(merchant, card_number).filter(unfinished)))


def thin(*, merchant: Merchant) -> int:
    """Delete a merchant's rows that were settled longer ago than it keeps them; return how many there were."""
    settled = Answer.objects.filter(merchant=merchant.slug).exclude(state__in=OPEN)
    old = settled.filter(settled_at__lt=clock.now() - gift_retention(merchant))
    with transaction.atomic():
        Transition.objects.filter(row__in=old.values("id")).delete()
        return old.delete()[0]


def rehash() -> Rehashed:
    """Compute the look-up hashes of all rows anew, in a transaction in which a new key is in force."""
    return rows.rehash(Claim)


def _rows_of(merchant: Merchant, card_number: str) -> QuerySet[Answer]:
    return Answer.objects.filter(card_key=card_key_of(merchant=merchant, card_number=card_number))


def _gift_key(merchant: Merchant, transaction_id: str) -> str:
    return rows.key("gift", merchant, transaction_id)


def _read_all(stored: Iterable[Answer]) -> tuple[Claim, ...]:
    return tuple(claimed for each in stored if (claimed := Claim.read(each)).contents)
