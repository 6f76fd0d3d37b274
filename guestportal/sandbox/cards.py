"""The sandbox's cards as typed data: the one place where numbers, codes and purposes are written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from guestportal.sandbox import accounts
from guestportal.sandbox.jsontext import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. `account` returns what accountInformation says of it on a day: an object, or a raw text."""

    number: str
    code: str
    nickname: str
    description: str
    account: Callable[[date], JsonObject | str]


SEED: Final = Card(
    number="6000301000418000",
    code="123456",
    nickname="seed",
    description="the card of Paytronix's own sample: 1 visit, 0 points",
    account=lambda _today: accounts.seed_account("6000301000418000"),
)
RICH: Final = Card(
    number="6000301000731206",
    code="246810",
    nickname="rich",
    description="Gold guest with stored value, rewards that expire, perks and a second card",
    account=lambda today: accounts.rich_account("6000301000731206", today),
)
SHORT: Final = Card(
    number="04210077315562",
    code="4821",
    nickname="short",
    description="14 digits, leading zero, code of 4 digits",
    account=lambda _today: accounts.plain_account(
        "04210077315562", username="corner.table", points="64", stored_value="7.05"
    ),
)
SECOND: Final = Card(
    number="6000301000380027",
    code="380027",
    nickname="second",
    description="the second card of the guest with the 14-digit card",
    account=lambda _today: accounts.plain_account(
        "6000301000380027", username="corner.table", points="230", stored_value="15.60"
    ),
)
SUSPENDED: Final = Card(
    number="6000301000512035",
    code="351203",
    nickname="suspended",
    description="account suspended",
    account=lambda _today: accounts.plain_account(
        "6000301000512035",
        username="paused.paul",
        points="510",
        stored_value="18.00",
        account_status="SUSPENDED",
    ),
)
EXCHANGED: Final = Card(
    number="6000301000623048",
    code="462304",
    nickname="exchanged",
    description="exchanged: the replacement below holds the balance",
    account=lambda _today: accounts.plain_account(
        "6000301000623048",
        username="swap.sofia",
        points="205",
        stored_value="31.40",
        query_card_status="EXCHANGED",
        replacement="6000301000909909",
    ),
)
REPLACEMENT: Final = Card(
    number="6000301000909909",
    code="990990",
    nickname="replacement",
    description="the card that replaced the exchanged one",
    account=lambda _today: accounts.plain_account(
        "6000301000909909", username="swap.sofia", points="205", stored_value="31.40"
    ),
)
DISABLED: Final = Card(
    number="6000301000734051",
    code="573405",
    nickname="disabled",
    description="card disabled, account active",
    account=lambda _today: accounts.plain_account(
        "6000301000734051",
        username="lost.luis",
        points="12",
        stored_value="0.00",
        query_card_status="DISABLED",
    ),
)
INVALID_STATUS: Final = Card(
    number="6000301000845064",
    code="684506",
    nickname="invalid_status",
    description="answers invalid_status: no balance to show",
    account=lambda _today: accounts.invalid_status(),
)
UNREGISTERED: Final = Card(
    number="6000301000956077",
    code="795607",
    nickname="unregistered",
    description="gift card nobody registered, few fields",
    account=lambda _today: accounts.unregistered_account("6000301000956077"),
)
HUGE: Final = Card(
    number="6000301000999991",
    code="999991",
    nickname="huge",
    description="balances of 40 digits and more, names full of markup, accents and emoji",
    account=lambda today: accounts.huge_account("6000301000999991", today),
)
OLD_RELEASE: Final = Card(
    number="6000301000167182",
    code="116718",
    nickname="old_release",
    description="encodings of an older release: unquoted numbers, unknown fields",
    account=lambda _today: accounts.old_release_account("6000301000167182"),
)
LOCKED: Final = Card(
    number="6000301000278195",
    code="227819",
    nickname="locked",
    description="refused with an error code: the account is locked",
    account=lambda _today: accounts.locked_failure(),
)
TERMINATED: Final = Card(
    number="6000301000389208",
    code="838920",
    nickname="terminated",
    description="account terminated: everything was moved to another card",
    account=lambda _today: accounts.plain_account(
        "6000301000389208",
        username="moved.mina",
        points="0",
        stored_value="0.00",
        account_status="TERMINATED",
        replacement="6000301000909909",
    ),
)
EXCHANGED_INVALID: Final = Card(
    number="6000301000490211",
    code="149021",
    nickname="exchanged_invalid",
    description="answers invalid_status: exchanged for the replacement above",
    account=lambda _today: accounts.exchanged_invalid_status("6000301000909909"),
)
MANY_LOTS: Final = Card(
    number="6000301000501224",
    code="450122",
    nickname="many_lots",
    description="many lots of one day, days with times, exponents, entities, rewards used up",
    account=lambda today: accounts.many_lots_account("6000301000501224", today),
)

CARDS: Final = (
    SEED,
    RICH,
    SHORT,
    SECOND,
    SUSPENDED,
    EXCHANGED,
    REPLACEMENT,
    DISABLED,
    INVALID_STATUS,
    UNREGISTERED,
    HUGE,
    OLD_RELEASE,
    LOCKED,
    TERMINATED,
    EXCHANGED_INVALID,
    MANY_LOTS,
)


def card_table() -> tuple[str, ...]:
    """Return the lines that show a person the cards: number, code and one phrase each."""
    rows = [f"{card.number:<18}{card.code:<8}{card.description}" for card in CARDS]
    return (f"{'Card number':<18}{'Code':<8}What it shows", *rows)
