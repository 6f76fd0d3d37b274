"""The guests that have a user name, as typed data: made-up passwords, names, and the accounts that are theirs."""

from dataclasses import dataclass
from typing import Final

from guestportal.sandbox.cards import INVALID_STATUS, REPLACEMENT, RICH, SECOND, SEED, SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as userInformation shows it."""

    address_id: int
    address1: str
    address2: str
    city: str
    country: str
    postal_code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A registered guest. The passwords are published: they open nothing but the sandbox.

    `account_codes` and `card_numbers` go together: each account with its primary card.
    """

    username: str
    password: str
    description: str
    first_name: str
    last_name: str
    email: str
    account_codes: tuple[int, ...] = ()
    card_numbers: tuple[str, ...] = ()
    mobile_phone: str | None = None
    address: Address | None = None


# 200 characters that a careless reader changes: spaces at both ends, double spaces, an accented letter in both
# of Unicode's spellings, and what HTML, addresses and JSON would escape.
_ODD: Final = "  caf\u00e9 cafe\u0301  \u00dcb\u00e9r \u4f60\u597d \U0001f511 <a&b>=\"c\" %41+%2B \\n 'd' "
DIFFICULT_PASSWORD: Final = (_ODD + "salt  and  pepper " * 20)[:198] + "  "

GUESTS: Final = (
    Guest(
        username="GuestREST",
        password="harbour-lights-14",  # noqa: S106 - published on purpose
        description="one card: the vendor's example",
        first_name="Ana",
        last_name="Example",
        email="ana@example.com",
        account_codes=(900001,),
        card_numbers=(SEED.number,),
        mobile_phone="5550100",
        address=Address(
            address_id=5001,
            address1="1 Harbour Street",
            address2="Floor 2",
            city="Springfield",
            country="US",
            postal_code="01101",
            label="Primary Address",
        ),
    ),
    Guest(
        username="gold.rosa",
        password="copper kettle 88",  # noqa: S106 - published on purpose
        description="one card: the Gold guest's",
        first_name="Rosa",
        last_name="Lindqvist",
        email="rosa@example.com",
        account_codes=(900002,),
        card_numbers=(RICH.number,),
    ),
    Guest(
        username="corner.table",
        password="window seat 2",  # noqa: S106 - published on purpose
        description="two cards to choose from",
        first_name="Th\u00e9o",
        last_name="Marchetti",
        email="theo@example.com",
        account_codes=(900003, 900004),
        card_numbers=(SHORT.number, SECOND.number),
    ),
    Guest(
        username="no.card.nia",
        password="empty pockets 0",  # noqa: S106 - published on purpose
        description="no card",
        first_name="Nia",
        last_name="Okafor",
        email="nia@example.com",
    ),
    Guest(
        username="sleepy.ivo",
        password="not yet awake 5",  # noqa: S106 - published on purpose
        description="one card, which answers invalid_status",
        first_name="Ivo",
        last_name="Brandt",
        email="ivo@example.com",
        account_codes=(900005,),
        card_numbers=(INVALID_STATUS.number,),
    ),
    Guest(
        username="swap.sofia",
        password=DIFFICULT_PASSWORD,
        description="one card; the password has 200 characters, the spaces at its ends belong to it",
        first_name="Sof\u00eda",
        last_name="Pe\u00f1a",
        email="sofia@example.com",
        # 2 to the power of 53, and one: what a binary float would round.
        account_codes=(9007199254740993,),
        card_numbers=(REPLACEMENT.number,),
    ),
)

# The token of the vendor's own sample request: it belongs to that sample's guest and never ends by itself.
SEED_ACCESS_TOKEN: Final = "rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP"  # noqa: S105 - printed in the vendor's public documentation


def guest_table() -> tuple[str, ...]:
    """Return the lines that show a person the guests; a long password stands on a line of its own."""
    lines = [f"{'User name':<15}{'Password':<22}What it shows"]
    for guest in GUESTS:
        quoted = f'"{guest.password}"'
        short = quoted if len(quoted) <= 20 else "(next line)"
        lines.append(f"{guest.username:<15}{short:<22}{guest.description}")
        if short != quoted:
            lines.append(quoted)
    return tuple(lines)
