"""The guests that have a user name, as typed data: their made-up passwords and the cards that are theirs."""

from dataclasses import dataclass
from typing import Final

from guestportal.sandbox.cards import RICH, SEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A registered guest. The passwords are published: they open nothing but the sandbox."""

    username: str
    password: str
    card_numbers: tuple[str, ...]


GUESTS: Final = (
    Guest(username="GuestREST", password="harbour-lights-14", card_numbers=(SEED.number,)),  # noqa: S106 - published on purpose
    Guest(username="gold.rosa", password="copper kettle 88", card_numbers=(RICH.number,)),  # noqa: S106 - published on purpose
)

# The token of the seed's own sample request: it belongs to the seed's guest and never ends.
SEED_ACCESS_TOKEN: Final = "rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP"  # noqa: S105 - printed in the public seed
