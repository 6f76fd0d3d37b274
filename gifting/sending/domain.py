"""What sending a gift is about, as frozen values: what may be sent, to whom, and where a wish stands."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.domain import Amount
from accounts.masking import ending_of, mask_address
from accounts.refusals import Refusal
from gifting.gift.domain import Gift
from gifting.models import Wish

WishState = Wish.State


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
class Recipient:
    """For whom a gift is: an e-mail address with a name, or the code of an account."""

    address: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    account_code: int | None = None

    @property
    def words(self) -> str:
        """The name, else the masked address, else the end of the account code."""
        if self.account_code is not None:
            return _("account ending %(ending)s") % {"ending": ending_of(str(self.account_code))}
        return self.name or mask_address(self.address)

    @property
    def identity(self) -> str:
        """The same text for the same recipient, however the address is written."""
        return self.address.casefold() or f"account {self.account_code}"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the guest has sent to before; `key` is what the form says instead of the address."""

    key: str
    address: str = field(repr=False)
    name: str = field(repr=False)
    masked: str = ""
    last_sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """The same reward to the same person, sent lately; `wish_id` is None when it was sent elsewhere."""

    recipient_words: str
    sent_at: datetime
    wish_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A gift as the check page shows it, and exactly as it will be sent. `reference` is empty when switched off."""

    wish_id: UUID
    offer: Offer
    recipient: Recipient
    message: str
    reference: str
    twin: Twin | None
    first_time: bool


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
    def may_retry(self) -> bool:
        """Whether the guest may make a new wish of it."""
        return self.state in {WishState.NOT_SENT, WishState.FAILED} and not self.forgotten


class WishGone(Exception):
    """No wish of this guest has this id, or it was replaced by a later check page."""


class AlreadySent(Exception):
    """This wish has had its one call. `wish_id` names the row that says what became of it."""

    def __init__(self, wish_id: UUID) -> None:
        super().__init__()
        self.wish_id = wish_id


class GiftUnderWay(Exception):
    """Another gift of this card is still being confirmed; nothing else is sent meanwhile."""

    def __init__(self, wish_id: UUID) -> None:
        super().__init__()
        self.wish_id = wish_id


class TwinFound(Exception):
    """The same was sent lately, and the guest has not yet said that another one is meant."""

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.twin = twin


class SendingLimit(Exception):
    """The guest has sent enough for a day: `per_day` of `kind`, which is "gifts", "recipients" or "tries"."""

    def __init__(self, kind: str, per_day: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.per_day = per_day


class OfferGone(Exception):
    """What was chosen cannot be sent now; `offer` says why, None when it is not offered any more."""

    def __init__(self, offer: Offer | None = None) -> None:
        super().__init__()
        self.offer = offer


class NoProgramme(Exception):
    """Paytronix named no card programme for this card, so nobody can say what it may send."""
