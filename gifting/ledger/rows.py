"""The kernel of both ledgers: sealed rows under keyed hashes, each step one conditional write, committed at once.

Guaranteed here is that of several processes which write a row from the same reading one does, that every change of
state is noted, and that a balance which may have changed is shown no more. What a row may become, others decide.
"""

import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Model, TextChoices, When

from accounts.credentials import withdraw_accounts_of_card
from gifting.ledger.schedule import WATCHED_FOR, call_time, first_look
from gifting.models import LedgerRow, Transition
from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry
from guestportal.storage import clock
from guestportal.storage.lookup import hold_lookup_key, lookup_hash
from guestportal.storage.rehashing import Rehashed
from guestportal.storage.sealing import SealBroken, open_sealed, seal_for

log = logging.getLogger("gifting")

_TRIES_TO_WRITE = 5  # against others who settle the same row: each of them writes a few times at most


@dataclass(frozen=True, slots=True)
class RefusalNote:
    """A refusal that readings have yet to confirm, with Paytronix's own code and words.

    `told_at` is when it was written down, ISO 8601; empty until then.
    """

    code: str
    message: str
    reference: str
    told_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is written next. One that leaves the row's state and cause notes a look or a clean reading, and is no
    transition.

    `reference` is that of the call which caused it. `transfer`, `read_at` and `transaction_id` are of wishes alone.
    `is_news` says that the guest is not being told by who writes it. `claimed_at` puts the row back to an earlier
    claim, when the call of the later one never left.
    """

    state: str
    cause: str
    reference: str = ""
    next_look_at: datetime | None = None
    clean_read_at: datetime | None = None
    refusal: RefusalNote | None = None
    transfer: bytes = b""
    read_at: datetime | None = None
    transaction_id: str = ""
    is_news: bool = False
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it was read. Whatever is written from it holds only while the row is still at `revision`."""

    model: ClassVar[Any]
    states: ClassVar[type[TextChoices]]
    sealed: ClassVar[
        Mapping[str, Callable[[bytes], Any]]
    ]  # the sealed columns, and what reads each; b"" is nothing
    claimed_state: ClassVar[str]
    unknown_state: ClassVar[str]
    open_states: ClassVar[frozenset[str]]  # under way, or the end unknown
    balance_states: ClassVar[frozenset[str]]  # the balance may differ from what was read before
    alarming_states: ClassVar[frozenset[str]] = frozenset()  # a person has to hear of it
    given_up: ClassVar[Step]  # the end of a row that is still open after its day

    id: UUID
    merchant: str  # the slug of the file by whose times it is settled
    card_key: str
    transaction_key: str = ""
    state: Any
    cause: str = ""
    revision: int = 0
    claimed_at: datetime | None = None
    settled_at: datetime | None = None
    next_look_at: datetime | None = None
    clean_reads: int = 0
    clean_read_at: datetime | None = None
    refusal: RefusalNote | None = field(default=None, repr=False)

    @classmethod
    def read(cls, stored: LedgerRow) -> Self:
        """The row, and what is sealed in it: empty when no key opens it or another release wrote it."""
        plain = {each.name: getattr(stored, each.name) for each in fields(cls) if each.name not in cls.sealed}
        plain["state"] = cls.states(plain["state"])
        try:
            opened = {name: reader(open_sealed(stored, name)) for name, reader in cls.sealed.items()}
        except (SealBroken, TypeError, KeyError, ValueError, AttributeError):
            opened = {name: reader(b"") for name, reader in cls.sealed.items()}
        return cls(**plain, **opened)

    @property
    def is_open(self) -> bool:
        return self.state in self.open_states

    def is_same_claim(self, earlier: Self) -> bool:  # noqa: ARG002 - kinds that are claimed again look at it
        """Whether the row has not been claimed anew since."""
        return True

    def after(self, step: Step, *, merchant: Merchant, at: datetime) -> Self:  # noqa: ARG002 - kinds hash with it
        """The row as it is once the step is written. Kinds add what is theirs."""
        moves = step.state != self.state
        settled_at = at if (moves and step.state not in self.open_states) or step.is_news else self.settled_at
        refusal = replace(step.refusal, told_at=at.isoformat()) if step.refusal else self.refusal
        return replace(
            self,
            state=self.states(step.state),
            cause=step.cause,
            revision=self.revision + 1,
            claimed_at=step.claimed_at or self.claimed_at,
            next_look_at=step.next_look_at,
            settled_at=settled_at,
            clean_reads=self.clean_reads + (step.clean_read_at is not None),
            clean_read_at=step.clean_read_at or self.clean_read_at,
            refusal=refusal,
        )

    def keys(self, merchant: Merchant) -> dict[str, str] | None:
        """The columns of keyed hashes, computed anew; None when what they are made of is gone or sealed for good."""
        raise NotImplementedError

    @property
    def line(self) -> dict[str, object]:
        """What a log line may say of the row."""
        return {
            "merchant": self.merchant,
            self.model._meta.model_name: str(self.id),
            "state": str(self.state),
        }


R = TypeVar("R", bound=Row)


def key(what: str, merchant: Merchant, text: str) -> str:
    """The keyed hash of a text: equal in all merchant files of one program, so that no limit holds for each anew."""
    return lookup_hash(what, *merchant.integration.program, text)


def insert(row: Row, *, merchant: Merchant) -> None:
    """Write a new row under its hashes. Raises IntegrityError where one stands in its way."""
    with transaction.atomic():
        hold_lookup_key()
        row.model.objects.create(id=row.id, **_columns(None, row) | (row.keys(merchant) or {}))


def store(row: R, moved: R, *, at: datetime, reference: str = "") -> R | None:
    """Write `moved` over the row it was made from; None when another process wrote meanwhile.

    The balance is withdrawn at every sign-in that shows the card, where the news is that it may have changed, or that
    it may not have: what was read while the end was unknown is of no use either. Raises IntegrityError.
    """
    is_news = (moved.state, moved.settled_at) != (row.state, row.settled_at)
    with transaction.atomic():
        unchanged = row.model.objects.filter(id=row.id, revision=row.revision)
        if not unchanged.update(**_columns(row, moved)):
            return None
        if _is_transition(row, moved):
            note(moved, reference=reference, at=at)
        if is_news and not row.balance_states.isdisjoint({row.state, moved.state}):
            withdraw_accounts_of_card(card_key=moved.card_key)
    return moved


def write(row: R, step: Step, *, merchant: Merchant) -> R | None:
    """Take the step, and return the row after it; None when another process wrote meanwhile.

    With `transaction_id` a wish claims that transaction: None too when another wish already has.
    """
    at = clock.now()
    try:
        with transaction.atomic():
            hold_lookup_key()
            moved = store(row, row.after(step, merchant=merchant, at=at), at=at, reference=step.reference)
    except IntegrityError:
        return None
    if moved is not None and _is_transition(row, moved):
        tell(moved, reference=step.reference)
    return moved


def may_send(row: Row, *, merchant: Merchant) -> bool:
    """Whether the call of a claimed row may leave now: no process has doubted it, and it is not too late for it.

    One statement, for the connection that is about to send. A process may have stood still since its claim; what
    settling concludes rests on no call leaving later than this allows. A new revision alone stops no call: `rekey`
    writes one, and changes nothing of what was claimed.
    """
    in_time = clock.in_statement() - call_time(merchant)
    claim = row.model.objects.filter(id=row.id, state=row.claimed_state, claimed_at=row.claimed_at)
    return bool(claim.filter(claimed_at__gt=in_time).exists())


def take(row: R, step: Step | None, *, merchant: Merchant) -> R:
    """The row after a step that was decided on, or as it is now when another process wrote first."""
    if step is None:
        return row
    return write(row, step, merchant=merchant) or reread(row) or row


def insist(row: R, step: Step, *, merchant: Merchant, over: Collection[str]) -> R:
    """Write what the call itself told while the claim's row is in one of the states `over`; the row as it is then.

    A settler may have doubted the row meanwhile; a later claim on it is left alone.
    """
    claimed = row
    for _ in range(_TRIES_TO_WRITE):
        if row.state not in over or not row.is_same_claim(claimed):
            break
        moved = write(row, step, merchant=merchant)
        if moved is not None:
            return moved
        fresh = reread(row)
        if fresh is None:
            break
        row = fresh
    return row


def reread(row: R) -> R | None:
    """The row as it is now, None when it no longer exists."""
    stored = row.model.objects.filter(id=row.id).first()
    return row.read(stored) if stored else None


def stay(row: Row, *, next_look_at: datetime | None, clean_read_at: datetime | None = None) -> Step:
    """The step that leaves the row where it is, and says when to look next."""
    return Step(state=row.state, cause=row.cause, next_look_at=next_look_at, clean_read_at=clean_read_at)


def abandoned(row: Row, *, merchant: Merchant, now: datetime) -> Step | None:
    """The step of a row whose process must have ended without writing what came of the call."""
    if row.state != row.claimed_state or row.claimed_at is None or now < first_look(merchant, row.claimed_at):
        return None
    return Step(state=row.unknown_state, cause="process_ended", next_look_at=row.next_look_at)


def give_up(row: Row, *, now: datetime) -> Step | None:
    """The step of a row that is still open after its day. Ask for it after the last reading."""
    is_over = row.is_open and row.claimed_at is not None and now - row.claimed_at >= WATCHED_FOR
    return row.given_up if is_over else None


def due(kind: type[R], *, merchant: Merchant) -> tuple[R, ...]:
    """The rows that are to be read about by now, longest waiting first."""
    rows = kind.model.objects.filter(merchant=merchant.slug, next_look_at__lte=clock.now())
    return tuple(kind.read(each) for each in rows.order_by("next_look_at", "id"))


def note(row: Row, *, at: datetime, reference: str = "") -> None:
    """Add the row's state to the list of its transitions. Stands in one transaction with the row's own write."""
    Transition.objects.create(row=row.id, state=row.state, cause=row.cause, reference=reference, at=at)


def tell(row: Row, *, reference: str = "") -> None:
    """Tell the log of a transition that was committed; as an error where a person has to hear of it."""
    line = {"event": "gift_transition", **row.line, "cause": row.cause, "reference": reference}
    level = logging.ERROR if row.state in row.alarming_states else logging.INFO
    log.log(level, "gift_transition", extra={"fields": line})


def rehash(kind: type[Row]) -> Rehashed:
    """Compute all look-up hashes anew, in a transaction in which a new key is in force, and count the rows.

    Left as they are, so that no look-up finds them: rows that were thinned, that no key opens, whose merchant file is
    gone, or for whose hashes a later row stands already, as when the program's host was renamed between the two. Open
    rows come first, for they hold others up.
    """
    is_open = Case(When(state__in=kind.open_states, then=0), default=1)
    in_turn = kind.model.objects.order_by(is_open, F("claimed_at").desc(nulls_last=True), "id")
    row_ids = list(in_turn.values_list("id", flat=True))
    rehashed = sum(_rehash_one(kind, row_id) for row_id in row_ids)
    return Rehashed(kind.model._meta.label, rehashed, begin_anew=len(row_ids) - rehashed)


def _rehash_one(kind: type[Row], row_id: UUID) -> bool:
    """Whether the row stands under new hashes now.

    A new revision keeps a process that read the row before from writing by the old ones.
    """
    row = kind.read(kind.model.objects.get(id=row_id))
    merchant = current_registry().by_slug(row.merchant)
    keys = row.keys(merchant) if merchant else None
    if keys is None:
        return False
    try:
        with transaction.atomic():
            kind.model.objects.filter(id=row.id).update(**keys, revision=row.revision + 1)
    except IntegrityError:
        return False
    return True


def _is_transition(before: Row, row: Row) -> bool:
    """Whether a step is to be noted: another state, or another cause for it when a call tells more than a doubt."""
    return (row.state, row.cause) != (before.state, before.cause)


def _columns(before: Row | None, row: Row) -> dict[str, object]:
    """What differs, as columns. Sealed text is bound to the merchant of its row, so it follows a change of that."""
    columns: dict[str, object] = {}
    for each in fields(row):
        value = getattr(row, each.name)
        is_sealed = each.name in row.sealed
        stays = before is not None and value == getattr(before, each.name)
        if each.name == "id" or (stays and not (is_sealed and before and before.merchant != row.merchant)):
            continue
        columns[each.name] = (
            _seal(type(row), each.name, _bytes_of(value), row.id, row.merchant) if is_sealed else value
        )
    return columns


def _seal(kind: type[Row], column: str, content: bytes, row_id: UUID, merchant: str) -> str:
    model: type[Model] = kind.model
    return seal_for(model, column, content, row=row_id, merchant=merchant)


def _bytes_of(value: object) -> bytes:
    """A sealed value as bytes, b"" for nothing; the kind's reader reads it back."""
    if is_dataclass(value) and not isinstance(value, type):
        return json.dumps(asdict(value)).encode()
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else b""


def read_refusal(content: bytes) -> RefusalNote | None:
    """The refusal that is sealed in a row."""
    return RefusalNote(**json.loads(content)) if content else None
