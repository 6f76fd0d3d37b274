"""What every reply of Paytronix has in common (docs/paytronix-api.md, section 9)."""

from guestportal.paytronix.replies.structs import ABSENT, Lenient, Wire


class Envelope(Wire, frozen=True):
    """What every reply has: `result`, and on a failure the code and message."""

    result: str
    error_code: Lenient[str | int] = ABSENT
    error_message: Lenient[str | int] = ABSENT


class Reply(Wire, frozen=True, kw_only=True):
    """Base of what a success says, with its own `result`, so that a long body is read once."""

    result: str | None = None

    @property
    def lacks(self) -> str:
        """The name of a list without which the reply says nothing; empty when there is none, or it is there."""
        return ""
