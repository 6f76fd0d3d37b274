"""What a guest holds, as frozen values. Nothing here knows of HTTP, JSON or the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from guestportal.merchants.definition import Unit


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as Paytronix sent it. `value` is exact; None when `received` is no decimal or is absent."""

    received: str | None
    value: Decimal | None
    unit: Unit = Unit.NUMBER
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Expiration:
    """A part of a wallet that ends on a date; `received_date` is shown when it is no date we can read."""

    amount: Amount
    date: date | None
    received_date: str | None


@dataclass(frozen=True, slots=True)
class Wallet:
    """One balance: stored value or points."""

    code: int | None
    name: str
    description: str
    amount: Amount
    giftable: bool | None
    expirations: tuple[Expiration, ...]  # soonest first


@dataclass(frozen=True, slots=True)
class Reward(Wallet):
    """A balance of rewards that can be redeemed or given."""


class CardStatus(StrEnum):
    """Card and account states that Paytronix documents; others are shown as received."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DISABLED = "DISABLED"
    EXCHANGED = "EXCHANGED"


@dataclass(frozen=True, slots=True)
class Card:
    """A card; `ending` is what may be shown, `number` only behind a disclosure."""

    number: str = field(repr=False)
    ending: str
    status: str | None  # a CardStatus value, or whatever Paytronix sent


@dataclass(frozen=True, slots=True)
class Store:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Account:
    """Everything accountInformation tells about the card that was asked about, as read at `read_at` (UTC)."""

    card: Card
    account_status: str | None
    primary_card: Card | None  # only when it differs from `card`
    additional_cards: tuple[Card, ...]
    username: str | None
    registered: bool | None
    card_type: str | None
    card_template_code: int | None
    tier: str | None
    stored_value: Wallet | None
    points: tuple[Wallet, ...]
    rewards: tuple[Reward, ...]
    enrollment_store: Store | None
    favorite_store: Store | None
    enroll_date: date | None
    enroll_date_received: str | None
    perks: tuple[str, ...]
    external_accounts: tuple[str, ...]
    read_at: datetime

    @property
    def status(self) -> str | None:
        """The state that decides whether the card can be used: the card's own, unless only the account's bars it."""
        if self.card.status in {None, CardStatus.ACTIVE} and self.account_status:
            return self.account_status
        return self.card.status
