"""How a guest came in, and what is needed to ask Paytronix again. Values only; `credentials` seals and keeps them."""

import json
from dataclasses import asdict, dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import datetime
from typing import ClassVar, TypeAlias

from guestportal.paytronix.styles import CardStyle, OAuthStyle


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """A guest who came in by a card: its number and registration code."""

    kind: ClassVar[str] = "card"
    card_number: str = field(repr=False)
    registration_code: str = field(repr=False)

    @property
    def only_card(self) -> str:
        """The card that every call for this guest is about."""
        return self.card_number

    @property
    def style(self) -> CardStyle:
        return CardStyle(self.card_number, self.registration_code)


@dataclass(frozen=True, slots=True)
class OAuthIdentity:
    """A registered guest with tokens, and the cards of theirs to choose from.

    `refresh_token` is empty once its fate is unknown: it may be spent, and is never tried again.
    """

    kind: ClassVar[str] = "oauth"
    username: str = field(repr=False)
    card_numbers: tuple[str, ...] = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime

    @property
    def only_card(self) -> str:
        """The number of the guest's card; empty when they have several to choose from."""
        return _only(self.card_numbers)

    @property
    def style(self) -> OAuthStyle:
        return OAuthStyle(self.access_token)


@dataclass(frozen=True, slots=True)
class PasswordIdentity:
    """A registered guest by the `guest` style. The password is not here: reading anew asks for it."""

    kind: ClassVar[str] = "guest_password"
    username: str = field(repr=False)
    card_numbers: tuple[str, ...] = field(repr=False)

    @property
    def only_card(self) -> str:
        """The number of the guest's card; empty when they have several to choose from."""
        return _only(self.card_numbers)


def _only(card_numbers: tuple[str, ...]) -> str:
    return card_numbers[0] if len(card_numbers) == 1 else ""


Identity: TypeAlias = CardIdentity | OAuthIdentity | PasswordIdentity


def write_identity(identity: Identity) -> bytes:
    """The identity as bytes to be sealed."""
    return json.dumps(asdict(identity), default=datetime.isoformat).encode()


def read_identity(kind: str, content: bytes) -> Identity:
    """The identity in bytes that `write_identity` has written. Raises ValueError when it is not of that kind."""
    fields = json.loads(content)
    if "card_numbers" in fields:
        fields["card_numbers"] = tuple(fields["card_numbers"])
    if "expires_at" in fields:
        fields["expires_at"] = datetime.fromisoformat(fields["expires_at"])
    for identity in (CardIdentity, OAuthIdentity, PasswordIdentity):
        if identity.kind == kind and set(fields) == {each.name for each in dataclass_fields(identity)}:
            return identity(**fields)
    raise ValueError(f"no {kind} identity")
