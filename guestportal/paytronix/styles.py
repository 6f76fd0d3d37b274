"""The authentication styles (docs/paytronix-api.md, section 3): what each adds to a call, and where it may stand."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol


class Style(Protocol):
    """An authentication style. `in_query` is False where the vendor forbids a query string."""

    name: ClassVar[str]
    in_query: ClassVar[bool]
    refusals: ClassVar[frozenset[int]]  # HTTP statuses that speak of the guest's credentials, not of ours

    def parameters(self) -> dict[str, str]:
        """The parameters that travel beside the endpoint's own, `authentication` excepted."""
        ...


@dataclass(frozen=True, slots=True)
class CardStyle:
    """A printed card number and its registration code."""

    name: ClassVar[str] = "card"
    in_query: ClassVar[bool] = True
    refusals: ClassVar[frozenset[int]] = frozenset({401})
    printed_card_number: str = field(repr=False)
    registration_code: str = field(repr=False)

    def parameters(self) -> dict[str, str]:
        return {"printedCardNumber": self.printed_card_number, "registrationCode": self.registration_code}


@dataclass(frozen=True, slots=True)
class GuestStyle:
    """A user name and password; never in a query string, because addresses are logged on the way."""

    name: ClassVar[str] = "guest"
    in_query: ClassVar[bool] = False
    refusals: ClassVar[frozenset[int]] = frozenset({401})
    username: str = field(repr=False)
    password: str = field(repr=False)

    def parameters(self) -> dict[str, str]:
        return {"username": self.username, "password": self.password}


@dataclass(frozen=True, slots=True)
class OAuthStyle:
    """A guest's access token. It is a parameter: `Authorization` belongs to the integration."""

    name: ClassVar[str] = "oauth"
    in_query: ClassVar[bool] = True
    refusals: ClassVar[frozenset[int]] = frozenset({401})
    access_token: str = field(repr=False)

    def parameters(self) -> dict[str, str]:
        return {"access_token": self.access_token}


@dataclass(frozen=True, slots=True)
class B2BStyle:
    """Server to server: the Basic header alone. It proves nothing about the guest."""

    name: ClassVar[str] = "b2b"
    in_query: ClassVar[bool] = True
    refusals: ClassVar[frozenset[int]] = frozenset()

    def parameters(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True)
class AnonymousStyle:
    """No guest yet: asking for a guest's token. Its parameters may stand in a body only."""

    name: ClassVar[str] = "anonymous"
    in_query: ClassVar[bool] = False
    # Both have been seen for a wrong password (docs/paytronix-api.md, section 4).
    refusals: ClassVar[frozenset[int]] = frozenset({401, 403})

    def parameters(self) -> dict[str, str]:
        return {}
