"""The OAuth service: guest tokens by password and by refresh token. It stores nothing."""

from dataclasses import dataclass

from guestportal.paytronix.calls import Operation
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.replies.oauth import GuestToken
from guestportal.paytronix.styles import AnonymousStyle

# A refresh token is spent by its first use, so a second try could be refused for what the first one did.
REQUEST_GUEST_TOKEN = Operation("oauth/requestGuestToken", method="POST", writes=True, signs_in=True)
SCOPE = "user_read account_read"


@dataclass(frozen=True, slots=True)
class OAuthService:
    """requestGuestToken, for one merchant (docs/paytronix-api.md, section 4)."""

    client: PaytronixClient

    def token_by_password(self, *, username: str, password: str) -> GuestToken:
        """A token for the user name. Raises Refused when name and password do not match."""
        return self._request(grant_type="password", username=username, password=password)

    def token_by_refresh(self, *, refresh_token: str) -> GuestToken:
        """The next token. Raises Refused when the refresh token is spent, OutcomeUnknown when that is unclear."""
        return self._request(grant_type="refresh_token", refresh_token=refresh_token)

    def _request(self, **grant: str) -> GuestToken:
        return self.client.call(
            REQUEST_GUEST_TOKEN,
            style=AnonymousStyle(),
            parameters={"scope": SCOPE, **grant},
            reply=GuestToken,
        )
