"""Ends of a sign-in that Paytronix's own errors do not tell."""

from accounts.tokens import SignInEnded


class AccountWithoutCard(Exception):
    """The user name is right, but no card belongs to it."""


class TriesUsedUp(SignInEnded):
    """The last try to confirm was wrong, and has ended the sign-in."""


class PasswordNeeded(Exception):
    """This sign-in keeps nothing that could ask Paytronix again: the guest has to give the password."""
