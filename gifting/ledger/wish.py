"""What a wish to send a gift is about: its states, for whom it is, and why it cannot be claimed."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.masking import ending_of, mask_address
from gifting.gift.reference import with_reference
from gifting.models import Wish

WishState = Wish.State


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
        """A text that is one for one recipient, however the address is written."""
        return self.address.casefold() or f"account {self.account_code}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What the check page showed and the call carries. Amounts are decimals as Paytronix sent them.

    `guest` is who signed in, in the words that limits are counted by; empty until the row is written.
    """

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
    guest: str = field(default="", repr=False)

    @property
    def sent_message(self) -> str:
        """The message as Paytronix gets it."""
        return with_reference(self.message, self.reference)


@dataclass(frozen=True, slots=True)
class Twin:
    """A gift of this reward to this recipient that was sent lately; `wish_id` is None when it was sent elsewhere."""

    recipient_words: str
    sent_at: datetime
    wish_id: UUID | None = None


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
    """This reward went to this recipient lately, and the guest has not yet said that another one is meant."""

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.twin = twin


class SendingLimit(Exception):
    """The guest has sent enough for a day: `per_day` of `kind`, which is "gifts", "recipients" or "tries"."""

    def __init__(self, kind: str, per_day: int) -> None:
        super().__init__(kind)
        self.kind = kind
        self.per_day = per_day
