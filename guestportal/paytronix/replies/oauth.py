"""Replies of the OAuth service (docs/paytronix-api.md, section 4)."""

from guestportal.paytronix.replies.envelope import Reply
from guestportal.paytronix.replies.structs import Text


class GuestToken(Reply, frozen=True, kw_only=True, rename=None):
    """POST oauth/requestGuestToken.json, `result: success` (docs/paytronix-api.md, section 4). Snake case here."""

    access_token: Text
    refresh_token: Text | None = None
    expires_in: Text | None = None
    username: Text | None = None
