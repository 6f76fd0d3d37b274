"""Replies of the vendor as our structs, and what the vendor's members are called in them."""

import json

from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode


def decoded(payload: object) -> AccountInformation:
    """The struct of an accountInformation reply with this content."""
    return decode(json.dumps(payload).encode(), AccountInformation)


def snake(name: str) -> str:
    """The name of a member in our structs."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
