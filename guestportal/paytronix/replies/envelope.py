"""What every reply of Paytronix has in common (docs/paytronix-api.md, section 9)."""

from guestportal.paytronix.replies.structs import ABSENT, Lenient, Wire


class Envelope(Wire, frozen=True):
    """What every reply has: `result`, and on a failure the code and message."""

    result: str
    error_code: Lenient[str | int] = ABSENT
    error_message: Lenient[str | int] = ABSENT
