"""What can be sent in the one card program of the sandbox, and every name of the wallets that it moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from guestportal.sandbox import identity


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletNames:
    """A wallet's names as TransferredBalance has them; the last three are optional there."""

    name: str
    plural: str
    tiny: str | None = None
    short: str | None = None
    long: str | None = None
    counts_points: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """One entry of giftingConfig: what leaves the sender's wallet and what the recipient gets for it.

    `expires_in_days` is None for a gift that waits for ever.
    """

    label: str
    source_wallet: int
    quantity_required: Decimal
    destination_wallet: int
    destination_amount: Decimal
    expires_in_days: int | None


WALLETS: Final[Mapping[int, WalletNames]] = {
    identity.WALLET_STORED_VALUE: WalletNames(name="Stored Value", plural="Stored Value"),
    identity.WALLET_POINTS: WalletNames(
        name="Point", plural="Points", tiny="pt", short="Point", counts_points=True
    ),
    identity.WALLET_VISITS: WalletNames(name="Visit", plural="Visits", counts_points=True),
    identity.WALLET_LIFETIME_POINTS: WalletNames(
        name="Lifetime Point", plural="Lifetime Points", counts_points=True
    ),
    identity.WALLET_SPEND_THIS_YEAR: WalletNames(
        name="Spend This Year", plural="Spend This Year", counts_points=True
    ),
    identity.WALLET_FREE_COFFEE: WalletNames(
        name="Free Coffee",
        plural="Free Coffees",
        tiny="Coffee",
        short="Free Coffee",
        long="One free coffee of any size",
    ),
    identity.WALLET_BIRTHDAY_PASTRY: WalletNames(
        name="Birthday Pastry", plural="Birthday Pastries", tiny="Pastry"
    ),
    identity.WALLET_FIVE_OFF: WalletNames(
        name="5 Off Any Order", plural="5 Off Any Orders", short="5 Off", long="5 off any order of 10 or more"
    ),
    identity.WALLET_BAG_OF_BEANS: WalletNames(name="Bag of Beans", plural="Bags of Beans"),
    identity.WALLET_COFFEE_AND_PASTRY: WalletNames(
        name="Coffee and a Pastry", plural="Coffees and Pastries", short="Coffee + Pastry"
    ),
}


def _plain(wallet: int, *, days: int, quantity: str = "1") -> Reward:
    return Reward(
        label=WALLETS[wallet].name,
        source_wallet=wallet,
        quantity_required=Decimal(quantity),
        destination_wallet=wallet,
        destination_amount=Decimal(quantity),
        expires_in_days=days,
    )


REWARDS: Final = (
    _plain(identity.WALLET_FREE_COFFEE, days=30),
    _plain(identity.WALLET_FIVE_OFF, days=14),
    _plain(identity.WALLET_BAG_OF_BEANS, days=60, quantity="2"),
    # The program allows it, and the rich card's own wallet says that it may not be given away.
    _plain(identity.WALLET_BIRTHDAY_PASTRY, days=7),
    Reward(
        label="500 Points",
        source_wallet=identity.WALLET_POINTS,
        quantity_required=Decimal(500),
        destination_wallet=identity.WALLET_POINTS,
        destination_amount=Decimal(500),
        expires_in_days=None,
    ),
    Reward(
        label=WALLETS[identity.WALLET_COFFEE_AND_PASTRY].name,
        source_wallet=identity.WALLET_VISITS,
        quantity_required=Decimal(29),
        destination_wallet=identity.WALLET_COFFEE_AND_PASTRY,
        destination_amount=Decimal(1),
        expires_in_days=30,
    ),
)


def reward_of(wallet_code: int) -> Reward | None:
    """Return what is sent when a wallet code is given to transferOut; None for what cannot be sent."""
    return next((reward for reward in REWARDS if reward.source_wallet == wallet_code), None)


def names_of(wallet_code: int) -> WalletNames:
    """Return a wallet's names; a wallet that the program does not know is called by its code."""
    return WALLETS.get(wallet_code) or WalletNames(
        name=f"Wallet {wallet_code}", plural=f"Wallet {wallet_code}"
    )
