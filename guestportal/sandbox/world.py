"""What the stand-in knows: cards, guests, tokens, gifts and the time. Knows nothing of HTTP, faults or records.

Its callers hold the sandbox's lock; nothing here locks by itself.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from guestportal.sandbox.cards import CARDS, Card
from guestportal.sandbox.gifts.book import GiftBook
from guestportal.sandbox.gifts.history import HistoryReads
from guestportal.sandbox.gifts.holders import Holder
from guestportal.sandbox.gifts.seeds import plant_gifts
from guestportal.sandbox.gifts.transfers import Transfer
from guestportal.sandbox.gifts.wallets import WalletBalance, balances_of
from guestportal.sandbox.guests import GUESTS, Guest
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.replies import JSON_CONTENT_TYPE, PasswordRefusal, Reply
from guestportal.sandbox.tokens import TokenBook


@dataclass(slots=True)
class World:
    """One history, from start or reset to the next reset."""

    cards: dict[str, Card] = field(default_factory=lambda: {card.number: card for card in CARDS})
    guests: dict[str, Guest] = field(default_factory=lambda: {guest.username: guest for guest in GUESTS})
    tokens: TokenBook = field(default_factory=TokenBook)
    password_refusal: PasswordRefusal | None = None
    gifts: GiftBook = field(default_factory=GiftBook)
    history_reads: HistoryReads = field(default_factory=HistoryReads)
    clock_offset_seconds: float = 0.0
    _standing_at: datetime | None = None

    def __post_init__(self) -> None:
        plant_gifts(self.gifts, now=self.now())

    def now(self) -> datetime:
        """Return the sandbox's time in UTC: the machine's, moved by the control address."""
        return self._standing_at or datetime.now(UTC) + timedelta(seconds=self.clock_offset_seconds)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let the time stand at a moment, for work that was due then."""
        self._standing_at = moment
        try:
            yield
        finally:
            self._standing_at = None

    def catch_up(self) -> None:
        """Let happen what time alone brings: gifts that were not answered in time come to their end."""
        self.gifts.end_overdue(self.now())

    def history(self) -> tuple[Transfer, ...]:
        """Return the transfers as the history endpoint shows them: on command an earlier state."""
        return self.history_reads.read(self.gifts, now=self.now())

    def card_opens(self, *, number: str, code: str) -> bool:
        """Return whether a registration code belongs to a card; False for a card that does not exist."""
        card = self.cards.get(number)
        return card is not None and _same(card.code, code)

    def password_opens(self, *, username: str, password: str) -> bool:
        """Return whether a password belongs to a user name."""
        guest = self.guests.get(username)
        return guest is not None and _same(guest.password, password)

    def may_see(self, *, username: str | None, card_number: str) -> bool:
        """Return whether a card exists and, for a guest with a user name, whether it is that guest's."""
        if card_number not in self.cards:
            return False
        return username is None or card_number in self.guests[username].card_numbers

    def account(self, card_number: str) -> JsonObject | str:
        """Return what a card that exists says, with what gifts have changed; a raw text stays as it is."""
        account = self.cards[card_number].account(self.now().date())
        holder = self.gifts.holders.by_card(card_number)
        if isinstance(account, str) or holder is None:
            return account
        return self.gifts.changes.apply(holder.account_code, account)

    def wallets(self, holder: Holder) -> tuple[WalletBalance, ...]:
        """Return the wallets of an account as its primary card shows them now."""
        account = self.account(holder.primary_card)
        return () if isinstance(account, str) else balances_of(account)

    def account_reply(self, card_number: str) -> Reply:
        """Return what accountInformation says of a card that exists."""
        account = self.account(card_number)
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
