"""Ends of a sign-in that Paytronix's own errors do not tell."""

from enum import Enum

from guestportal.paytronix.errors import CredentialsRefused, Refused


class SignInEnded(Exception):
    """Paytronix no longer knows the guest by these credentials: sign in again. `refusal` is what it said, if any."""

    def __init__(self, refusal: CredentialsRefused | None = None) -> None:
        super().__init__("sign in again")
        self.refusal = refusal


class AccountWithoutCard(Exception):
    """The user name is right, but no card belongs to it."""


class Obstacle(Enum):
    """What keeps a guest out whom Paytronix knows; no other try of name and password mends it."""

    NOT_FOUND = "the password is right, and no account is found"
    LOCKED = "the password is right, and the account is locked"
    MIGRATION = "the user name has to be renewed"


class SignInStopped(Exception):
    """A guest cannot come in, whatever is typed. `refusal` is what Paytronix said."""

    def __init__(self, obstacle: Obstacle, refusal: Refused) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.refusal = refusal

    @property
    def proves_secret(self) -> bool:
        """Whether the password is known to be right."""
        return self.obstacle is not Obstacle.MIGRATION


class TriesUsedUp(SignInEnded):
    """The last try to confirm was wrong, and has ended the sign-in."""


class PasswordNeeded(Exception):
    """This sign-in keeps nothing that could ask Paytronix again: the guest has to give the password."""
