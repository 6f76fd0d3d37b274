"""What a gift is, as frozen values. A code that opens a gift and the other side's card numbers never get in here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from guestportal.merchants.amounts import Amount


class Direction(StrEnum):
    """Seen from the guest's card."""

    IN = "in"
    OUT = "out"


class GiftStatus(StrEnum):
    """The states that are documented; another one is shown as received."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"


def is_documented(status: str) -> bool:
    """Whether the status is one of those documented."""
    return status in {known.value for known in GiftStatus}


@dataclass(frozen=True, slots=True)
class Party:
    """A person as the other side may see them: of the last name only its initial is kept beside a first name."""

    first_name: str = ""
    initial: str = ""
    salutation: str = ""
    last_name: str = ""  # where there is no first name

    @property
    def short(self) -> str:
        """First name and initial ("Ana E."); the last name without one, with its salutation; else empty."""
        if not self.first_name:
            return f"{self.salutation} {self.last_name}".strip() if self.last_name else ""
        return f"{self.first_name} {self.initial}.".strip() if self.initial else self.first_name


@dataclass(frozen=True, slots=True)
class Item:
    """What is given, and how much of it. A name that Paytronix left out is empty."""

    wallet_code: int | None
    name: str
    plural: str
    amount: Amount
    long: str = ""

    @property
    def description(self) -> str:
        """The long name where it says more than the name itself."""
        return self.long if self.long.casefold() not in {self.name.casefold(), self.plural.casefold()} else ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a gift waits.

    `ends_at` is the first moment after it, in the merchant's zone; None with the text as `received` when that is
    no date. `stated` is False when the date was counted from a number of days; with `is_about` the moment
    from which they count is not known, so it may be another day.
    """

    date: date | None
    ends_at: datetime | None
    received: str = ""
    stated: bool = True
    is_about: bool = False

    def days_left(self, now: datetime) -> int | None:
        """Calendar days in the merchant's zone: 0 on the last day, negative when it is over."""
        if self.date is None or self.ends_at is None:
            return None
        return (self.date - now.astimezone(self.ends_at.tzinfo).date()).days

    def is_over(self, now: datetime) -> bool:
        """Whether the last moment has passed."""
        return self.ends_at is not None and now >= self.ends_at


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time; `received` is shown when it is none we can read."""

    at: datetime | None
    received: str = ""


class TargetKind(StrEnum):
    """How a gift names the one it is for."""

    ACCOUNT = "account"
    EMAIL = "email"
    OTHER = "other"  # an id in another network, which is never printed


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a gift was sent. `address`, `name` and `link` are filled for the sender alone, who typed them."""

    kind: TargetKind
    masked: str = ""  # "j…@example.net"; empty unless it is an e-mail address
    network: str = ""  # the integration's informal name, such as "Facebook"
    integration: str = ""  # its code, for the support block
    name: str = ""
    link: str = ""  # empty unless https
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Gift:
    """One transfer from this guest's side. Texts are free of control and direction characters, not escaped."""

    direction: Direction
    status: str  # a GiftStatus value, or whatever Paytronix sent
    sender: Party
    recipient: Party
    target: Target
    item: Item
    cost: Item | None  # what it took from the sender's wallet; for sent gifts, when that differs from `item`
    message: str
    reply: str
    sent: Moment
    answered: Moment
    deadline: Deadline | None
    transaction_id: str  # transferOutTransactionId, empty when it is missing
    transfer_in_id: str = ""
    void_id: str = ""
    answerable: bool = False  # whether Paytronix told the code that answering needs
    source_wallet: int | None = None

    @property
    def waits(self) -> bool:
        return self.status == GiftStatus.PENDING

    @property
    def is_over(self) -> bool:
        """Whether its own state says that it waits no longer; one that is not documented says nothing."""
        return is_documented(self.status) and not self.waits

    @property
    def other_party_words(self) -> str:
        """Who is on the other side, as this guest may read it."""
        if self.direction is Direction.IN:
            return self.sender.short or _("Someone")
        return self.recipient.short or self.target.name or self.target.masked or _("Someone")

    @property
    def numbers(self) -> tuple[tuple[str, str], ...]:
        """Labels and values that support asks for."""
        lines = (
            (_("Transfer out"), self.transaction_id),
            (_("Transfer in"), self.transfer_in_id),
            (_("Transfer out, taken back"), self.void_id),
            (_("Integration"), self.target.integration),
        )
        return tuple((label, value) for label, value in lines if value)


@dataclass(frozen=True, slots=True)
class PendingGift:
    """A waiting gift with what only the server may know. Pages get `gift` alone."""

    gift: Gift
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the holder of a link may see before sign-in."""

    sender: Party
    item: Item
    message: str
    deadline: Deadline | None
