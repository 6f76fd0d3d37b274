"""Ends of a sign-in that Paytronix's own errors do not tell."""

from enum import Enum

from accounts.tokens import SignInEnded
from guestportal.paytronix.errors import Refused


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
