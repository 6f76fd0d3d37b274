"""A wish as it was read from the ledger, and what stands sealed in it. It writes nothing and asks nobody."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from gifting.gift.reference import with_reference
from gifting.ledger.wish import Recipient, WishState
from gifting.models import Wish
from guestportal.web.sealing import SealBroken, unseal

OPEN = (WishState.SENDING, WishState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the check page showed and the call carries. Amounts are decimals as Paytronix sent them."""

    card_number: str = field(repr=False)
    wallet_code: int
    label: str
    wallet_name: str
    cost: str | None
    recipient: Recipient
    message: str = field(repr=False)
    reference: str  # empty when the merchant has switched it off
    baseline: int  # the highest transaction number before the wish
    sent_elsewhere_at: str | None = None  # when the history last shows the same gift, ISO 8601

    @property
    def sent_message(self) -> str:
        """The message as Paytronix gets it."""
        return with_reference(self.message, self.reference)


@dataclass(frozen=True, slots=True)
class RefusalNote:
    """A refusal that the history has yet to confirm, with Paytronix's own code and words."""

    code: str
    message: str
    reference: str


@dataclass(frozen=True, slots=True)
class Row:
    """A wish as it was read. Whatever is written through it holds only while the row is still at `revision`."""

    id: UUID
    merchant: str  # the slug of the file it was sent by, whose times it is settled by
    state: WishState
    revision: int
    created_at: datetime
    claimed_at: datetime | None
    settled_at: datetime | None
    next_look_at: datetime | None
    clean_reads: int
    clean_read_at: datetime | None
    transfer_read_at: datetime | None
    contents: Contents | None  # None once thinned
    transfer: bytes = field(repr=False)
    refusal: RefusalNote | None = field(repr=False)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def sent_at(self) -> datetime:
        """When the guest pressed Send; when the check page was made, for one that is still prepared."""
        return self.claimed_at or self.created_at


def write_contents(contents: Contents) -> bytes:
    """The contents as bytes to be sealed; `read_row` reads them back."""
    return json.dumps(asdict(contents)).encode()


def read_row(row: Wish) -> Row:
    """The row; without contents when it was thinned, no key opens it, or another release wrote it."""
    try:
        contents = json.loads(unseal(row.contents)) if row.contents else None
        refusal = json.loads(unseal(row.refusal)) if row.refusal else None
        transfer = unseal(row.transfer) if row.transfer else b""
        if contents is not None:
            contents["recipient"] = Recipient(**contents["recipient"])
        read_contents = Contents(**contents) if contents else None
        read_refusal = RefusalNote(**refusal) if refusal else None
    except (SealBroken, TypeError, KeyError, ValueError):
        read_contents, read_refusal, transfer = None, None, b""
    return Row(
        id=row.id,
        merchant=row.merchant,
        state=WishState(row.state),
        revision=row.revision,
        created_at=row.created_at,
        claimed_at=row.claimed_at,
        settled_at=row.settled_at,
        next_look_at=row.next_look_at,
        clean_reads=row.clean_reads,
        clean_read_at=row.clean_read_at,
        transfer_read_at=row.transfer_read_at,
        contents=read_contents,
        transfer=transfer,
        refusal=read_refusal,
    )
