"""Access and refresh tokens: who got them, until when they live, which refresh token is spent.

Knows no password and no card; its callers hold the sandbox's lock and say what time it is.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from guestportal.sandbox.guests import SEED_ACCESS_TOKEN
from guestportal.sandbox.jsontext import JsonObject

ACCESS_SECONDS: Final = 1800
# The scopes that are known (docs/paytronix-api.md, section 4).
SCOPES: Final = frozenset({"user_read", "user_write", "account_read", "account_write"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One pair of tokens. `ends_at` is None for an access token that does not end by itself.

    `expired` ends the access token early; `spent` says that the refresh token was used or taken back.
    """

    username: str
    access_token: str
    refresh_token: str
    scope: str
    ends_at: datetime | None
    expired: bool = False
    spent: bool = False

    def lives(self, now: datetime) -> bool:
        """Return whether the access token opens anything at a time."""
        return not self.expired and (self.ends_at is None or now < self.ends_at)

    def as_json(self, now: datetime) -> JsonObject:
        """Return the grant as the control address shows it."""
        ends_at = self.ends_at.isoformat() if self.ends_at else None
        return {**asdict(self), "ends_at": ends_at, "lives": self.lives(now)}


_SEED_GRANT: Final = Grant(
    username="GuestREST",
    access_token=SEED_ACCESS_TOKEN,
    refresh_token="",
    scope="user_read account_read",
    ends_at=None,
    spent=True,
)


@dataclass(slots=True)
class TokenBook:
    """Every grant of one history, oldest first."""

    _grants: list[Grant] = field(default_factory=lambda: [_SEED_GRANT])

    def issue(self, *, username: str, scope: str, now: datetime) -> Grant:
        """Return a new pair of tokens, each of 42 URL-safe characters; the access token lives 30 minutes."""
        grant = Grant(
            username=username,
            access_token=secrets.token_urlsafe(31),
            refresh_token=secrets.token_urlsafe(31),
            scope=scope,
            ends_at=now + timedelta(seconds=ACCESS_SECONDS),
        )
        self._grants.append(grant)
        return grant

    def refresh(self, refresh_token: str, *, scope: str | None, now: datetime) -> Grant | None:
        """Spend a refresh token and return the next pair; None when it is spent or was never issued.

        The access token issued beside it lives on to its own end.
        """
        for place, grant in enumerate(self._grants):
            if grant.refresh_token == refresh_token and not grant.spent:
                self._grants[place] = replace(grant, spent=True)
                return self.issue(username=grant.username, scope=scope or grant.scope, now=now)
        return None

    def find(self, access_token: str, *, now: datetime) -> Grant | None:
        """Return the grant of a live access token, else None."""
        for grant in self._grants:
            if grant.access_token == access_token and grant.lives(now):
                return grant
        return None

    def expire(self, username: str | None) -> int:
        """End the access tokens of one guest, or of all for None; return how many ended."""
        return self._change(username, lambda grant: replace(grant, expired=True))

    def revoke(self, username: str | None) -> int:
        """Take back the refresh tokens of one guest, or of all for None; return how many were taken back."""
        return self._change(username, lambda grant: replace(grant, spent=True))

    def all(self) -> tuple[Grant, ...]:
        """Return the grants, oldest first."""
        return tuple(self._grants)

    def _change(self, username: str | None, change: Callable[[Grant], Grant]) -> int:
        before = list(self._grants)
        self._grants = [change(grant) if username in (None, grant.username) else grant for grant in before]
        return sum(old != new for old, new in zip(before, self._grants, strict=True))
