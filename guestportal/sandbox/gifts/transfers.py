"""One gift transfer as typed data: from whom, for whom, what, and how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from guestportal.sandbox.gifts.holders import Holder
from guestportal.sandbox.gifts.programme import Reward
from guestportal.sandbox.jsontext import JsonObject

# The vendor's example has the offset of New York in summer.
ZONE: Final = ZoneInfo("America/New_York")


class Status(StrEnum):
    """The five states that are documented."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"


class Origin(StrEnum):
    """How a transfer came to be: with the seeds, by transferOut, sent on a control order, or put in by one."""

    SEED = "seed"
    API = "api"
    ELSEWHERE = "elsewhere"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ToAccount:
    """A transfer for one account."""

    account_code: int


@dataclass(frozen=True, slots=True)
class ToExternal:
    """A transfer for the account that has this e-mail address or Facebook id linked."""

    identifier: str
    name: str

    @property
    def is_email(self) -> bool:
        """Whether the identifier is an address and not an id."""
        return "@" in self.identifier


Target: TypeAlias = ToAccount | ToExternal


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What moves: out of which wallet of the sender, into which of the recipient."""

    source_wallet: int
    source_amount: Decimal
    destination_wallet: int
    destination_amount: Decimal

    @classmethod
    def of(cls, reward: Reward) -> "Goods":
        """Return what a configured reward moves."""
        return cls(
            source_wallet=reward.source_wallet,
            source_amount=reward.quantity_required,
            destination_wallet=reward.destination_wallet,
            destination_amount=reward.destination_amount,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer at one moment. `expires_on` is the last day it can be answered, in `ZONE`; None is no end.

    `members` are put over its TransferInfo and `left_out` taken from it, for tests of odd replies.
    """

    code: str
    origin: Origin
    out_id: int
    from_account: int
    target: Target
    goods: Goods
    made_at: datetime
    expires_on: date | None
    message: str | None = None
    status: Status = Status.PENDING
    in_id: int | None = None
    void_id: int | None = None
    answered_at: datetime | None = None
    response_message: str | None = None
    answered_by: int | None = None
    shows_code: bool = True
    members: JsonObject | None = None
    left_out: tuple[str, ...] = ()

    def is_for(self, holder: Holder) -> bool:
        """Return whether an account may answer this transfer."""
        if isinstance(self.target, ToAccount):
            return self.target.account_code == holder.account_code
        return holder.has_external(self.target.identifier)

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which it can no longer be answered: the end of its last day."""
        if self.expires_on is None:
            return None
        return datetime.combine(self.expires_on + timedelta(days=1), time(), ZONE)


def last_day(made_at: datetime, days: int | None) -> date | None:
    """Return the last day on which a gift made at a moment can be answered."""
    return None if days is None else made_at.astimezone(ZONE).date() + timedelta(days=days)
