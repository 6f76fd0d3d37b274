"""What the stand-in knows: cards, guests, tokens and the time. Knows nothing of HTTP, faults or records.

Its callers hold the sandbox's lock; nothing here locks by itself.
"""

import hmac
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from guestportal.sandbox.cards import CARDS, Card
from guestportal.sandbox.guests import GUESTS, SEED_ACCESS_TOKEN, Guest
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.replies import JSON_CONTENT_TYPE, Reply


@dataclass(frozen=True, slots=True)
class Token:
    """A guest's access token; `ends_at` is None for the seed's own, which never ends."""

    username: str
    ends_at: datetime | None


@dataclass(slots=True)
class World:
    """One history, from start or reset to the next reset."""

    cards: dict[str, Card] = field(default_factory=lambda: {card.number: card for card in CARDS})
    guests: dict[str, Guest] = field(default_factory=lambda: {guest.username: guest for guest in GUESTS})
    tokens: dict[str, Token] = field(default_factory=lambda: {SEED_ACCESS_TOKEN: Token("GuestREST", None)})
    clock_offset_seconds: float = 0.0

    def now(self) -> datetime:
        """Return the sandbox's time in UTC: the machine's, moved by the control address."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_offset_seconds)

    def card_opens(self, *, number: str, code: str) -> bool:
        """Return whether a registration code belongs to a card; False for a card that does not exist."""
        card = self.cards.get(number)
        return card is not None and _same(card.code, code)

    def password_opens(self, *, username: str, password: str) -> bool:
        """Return whether a password belongs to a user name."""
        guest = self.guests.get(username)
        return guest is not None and _same(guest.password, password)

    def guest_of_token(self, access_token: str) -> str | None:
        """Return the user name of a live access token, else None."""
        token = self.tokens.get(access_token)
        if token is None or (token.ends_at is not None and token.ends_at <= self.now()):
            return None
        return token.username

    def may_see(self, *, username: str | None, card_number: str) -> bool:
        """Return whether a card exists and, for a guest with a user name, whether it is that guest's."""
        if card_number not in self.cards:
            return False
        return username is None or card_number in self.guests[username].card_numbers

    def account_reply(self, card_number: str) -> Reply:
        """Return what accountInformation says of a card that exists."""
        account = self.cards[card_number].account(self.now().date())
        if isinstance(account, str):
            return Reply(body=account.encode("utf-8", "backslashreplace"), content_type=JSON_CONTENT_TYPE)
        return Reply.envelope(account)

    def set_code(self, card_number: str, code: str) -> None:
        """Give a card another registration code; a new number becomes a card that says nothing else yet."""
        self.cards[card_number] = replace(self._card(card_number), code=code)

    def set_account(self, card_number: str, account: JsonObject | str) -> None:
        """Replace what a card says, by a JSON object or by a text that is sent as it stands."""

        def always(_today: date) -> JsonObject | str:
            return account

        self.cards[card_number] = replace(self._card(card_number), account=always)

    def override_account(self, card_number: str, members: JsonObject) -> None:
        """Set top-level members of what a card says and keep the others."""
        card = self._card(card_number)

        def overridden(today: date) -> JsonObject | str:
            account = card.account(today)
            return account if isinstance(account, str) else {**account, **members}

        self.cards[card_number] = replace(card, account=overridden)

    def _card(self, number: str) -> Card:
        return self.cards.get(number) or Card(
            number=number, code="", nickname=number, description="made by a test", account=_nothing
        )


def _nothing(_today: date) -> JsonObject:
    return {"result": "success"}


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode("utf-8", "replace"), given.encode("utf-8", "replace"))
