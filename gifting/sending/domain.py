"""What sending a gift is about, as frozen values: what may be sent, to whom, and where a wish stands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from accounts.refusals import Refusal
from gifting.gift.domain import Gift
from gifting.ledger.wish import Recipient, Twin, WishState
from guestportal.merchants.amounts import Amount


@dataclass(frozen=True, slots=True)
class GiftableReward:
    """One entry of giftingConfig. `quantity` is the decimal as it was sent."""

    wallet_code: int
    label: str
    quantity: str | None


class Obstacle(StrEnum):
    """Why a reward cannot be sent."""

    SHORT = "short"
    NOT_GIFTABLE = "not_giftable"
    FREE = "free"  # it takes nothing
    ALIKE = "alike"  # another reward has the same wallet code, and transferOut takes no more than that
    UNREADABLE = "unreadable"  # its cost, or what the guest has, is no number


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward of giftingConfig with what it takes from the guest's wallet.

    `balance` is None when the account has no such wallet. `left` remains after sending; `missing` is what is still
    needed. Both are None when they are not known.
    """

    wallet_code: int
    label: str
    cost: Amount
    wallet_name: str = ""
    balance: Amount | None = None
    left: Amount | None = None
    missing: Amount | None = None
    obstacle: Obstacle | None = None

    @property
    def sendable(self) -> bool:
        return self.obstacle is None


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient of an earlier gift; `key` is what the form says instead of the address."""

    key: str
    address: str = field(repr=False)
    name: str = field(repr=False)
    masked: str = ""
    last_sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A gift as the check page shows it, and exactly as it will be sent. `reference` is empty when switched off.

    `held_up_by` is the card's gift that was refused, until it is sure that nothing was taken for it.
    """

    wish_id: UUID
    offer: Offer
    recipient: Recipient
    message: str
    reference: str
    twin: Twin | None
    first_time: bool
    held_up_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """Where a wish stands, for its sender.

    `gift` is the transfer as Paytronix showed it at `read_at`. `forgotten` rows have lost their contents to the
    retention time; only state and moments are left of them.
    """

    id: UUID
    state: WishState
    label: str
    cost: Amount
    wallet_name: str
    recipient: Recipient
    message: str
    reference: str
    sent_at: datetime
    settled_at: datetime | None = None
    gift: Gift | None = None
    read_at: datetime | None = None
    refusal: Refusal | None = None
    forgotten: bool = False
    unread: bool = False  # Paytronix could not be asked just now: this is what was known before

    @property
    def is_unsettled(self) -> bool:
        """Whether it is still being found out what became of it."""
        return self.state in {WishState.SENDING, WishState.UNKNOWN}

    @property
    def is_refused(self) -> bool:
        """Whether Paytronix has refused it, and readings have yet to confirm that nothing was taken."""
        return self.state is WishState.UNKNOWN and self.refusal is not None

    @property
    def may_retry(self) -> bool:
        """Whether the guest may make a new wish of it."""
        return self.state in {WishState.NOT_SENT, WishState.FAILED} and not self.forgotten


class OfferGone(Exception):
    """What was chosen cannot be sent now; `offer` says why, None when it is not offered any more."""

    def __init__(self, offer: Offer | None = None) -> None:
        super().__init__()
        self.offer = offer


class NoCardTemplate(Exception):
    """Paytronix named no card template for this card, so what it may send cannot be asked."""
