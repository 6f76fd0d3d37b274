"""What a guest holds, as frozen values. Nothing here knows of HTTP, JSON or the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from guestportal.merchants.amounts import Amount


@dataclass(frozen=True, slots=True)
class Expiration:
    """What of a wallet ends on one day; `received_date` is shown when it is no date we can read.

    `is_past` says that the date was over in the merchant's zone when the account was read.
    """

    amount: Amount
    date: date | None
    received_date: str | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class Wallet:
    """One balance: stored value or points."""

    code: int | None
    name: str
    description: str
    amount: Amount
    giftable: bool | None
    expirations: tuple[Expiration, ...]  # soonest first
    is_over: bool  # all of it had an end, and every end is past


@dataclass(frozen=True, slots=True)
class Reward(Wallet):
    """A balance of rewards that can be redeemed or given."""

    @property
    def is_left(self) -> bool:
        """Whether there is one to use; an amount that is not known may be one."""
        return self.amount.value != 0 and not self.is_over


class CardStatus(StrEnum):
    """Card and account states that Paytronix documents; others are shown as received."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    DISABLED = "DISABLED"
    EXCHANGED = "EXCHANGED"
    TERMINATED = "TERMINATED"  # a balance transfer moved everything to another card


def barring_status(*stated: str | None) -> str | None:
    """Of the states told of one thing the first that is not ACTIVE, else ACTIVE; None when none is told."""
    told = [status for status in stated if status]
    return next((status for status in told if status != CardStatus.ACTIVE), told[0] if told else None)


@dataclass(frozen=True, slots=True)
class Card:
    """A card; `ending` is what may be shown, `number` only behind a disclosure."""

    number: str = field(repr=False)
    ending: str
    status: str | None  # a CardStatus value, or whatever Paytronix sent


@dataclass(frozen=True, slots=True)
class Standing:
    """What the states of a card, of its account and of the account's primary card say together."""

    card: str | None
    account: str | None
    primary_card: Card | None  # only when it differs from the card that was asked about

    @property
    def status(self) -> str | None:
        """The state that decides whether the card can be used: the card's own, unless only the account's bars it."""
        return barring_status(self.card, self.account)

    @property
    def replacement_status(self) -> str | None:
        """The state of this card's replacement; ACTIVE only when both that card and the account are known to be."""
        stated = (self.primary_card.status if self.primary_card else None, self.account)
        status = barring_status(*stated)
        return None if status == CardStatus.ACTIVE and None in stated else status


@dataclass(frozen=True, slots=True)
class Store:
    """A store of the merchant by Paytronix's code, with its name as `label`."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Account:
    """Everything accountInformation tells about the card that was asked about, as read at `read_at` (UTC)."""

    card: Card
    account_status: str | None
    primary_card: Card | None  # only when it differs from `card`
    additional_cards: tuple[Card, ...]  # without those two
    username: str | None
    registered: bool | None
    card_type: str | None
    card_template_code: int | None
    tier: str | None
    stored_value: Wallet | None
    points: tuple[Wallet, ...]
    rewards: tuple[Reward, ...]
    lists_points: bool  # False: Paytronix sent no list, so the card has nothing of this kind
    lists_rewards: bool
    tells_points: bool  # False: not all of the list could be read, so there may be others than these
    tells_rewards: bool
    hides_balances: bool  # that there are others than these, which the merchant does not show
    hides_rewards: bool
    enrollment_store: Store | None
    favorite_store: Store | None
    enroll_date: date | None
    enroll_date_received: str | None
    perks: tuple[str, ...]
    external_accounts: tuple[str, ...]
    read_at: datetime

    @property
    def standing(self) -> Standing:
        return Standing(self.card.status, self.account_status, self.primary_card)

    @property
    def status(self) -> str | None:
        """The state that decides whether the card can be used."""
        return self.standing.status

    @property
    def rewards_left(self) -> tuple[Reward, ...]:
        """Those of which there is one to use."""
        return tuple(reward for reward in self.rewards if reward.is_left)
