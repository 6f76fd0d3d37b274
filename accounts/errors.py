"""Ends of a sign-in that Paytronix's own errors do not tell."""

from guestportal.paytronix.errors import CredentialsRefused


class SignInEnded(Exception):
    """Paytronix no longer knows the guest by these credentials: sign in again. `refusal` is what it said, if any."""

    def __init__(self, refusal: CredentialsRefused | None = None) -> None:
        super().__init__("sign in again")
        self.refusal = refusal


class AccountWithoutCard(Exception):
    """The user name is right, but no card belongs to it."""


class TriesUsedUp(SignInEnded):
    """The last try to confirm was wrong, and has ended the sign-in."""


class PasswordNeeded(Exception):
    """This sign-in keeps nothing that could ask Paytronix again: the guest has to give the password."""
