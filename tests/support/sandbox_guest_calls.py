"""Calls of the guest and oauth services with every parameter set, for tests to change one at a time."""

from typing import Any

from guestportal.sandbox.guests import GUESTS, Guest
from guestportal.sandbox.identity import MERCHANT_ID
from tests.support.raw_http import Answer, ask
from tests.support.sandbox import SandboxProcess

TOKEN_PATH = "/rest/26.6/oauth/requestGuestToken.json"
USER_PATH = "/rest/26.6/guest/userInformation.json"
GUEST = {guest.username: guest for guest in GUESTS}


def without_none(parameters: dict[str, object]) -> dict[str, object]:
    """Return the parameters that are given; a change to None leaves one out."""
    return {name: value for name, value in parameters.items() if value is not None}


def password_parameters(guest: Guest, **changes: object) -> dict[str, object]:
    """Return the body of a sign-in by user name and password."""
    parameters: dict[str, object] = {
        "merchantId": MERCHANT_ID,
        "authentication": "anonymous",
        "grant_type": "password",
        "scope": "user_read account_read",
        "username": guest.username,
        "password": guest.password,
    }
    return without_none(parameters | changes)


def sign_in(sandbox: SandboxProcess, guest: Guest, **changes: object) -> Answer:
    """Ask for tokens with a password."""
    return ask(sandbox, method="POST", path=TOKEN_PATH, body=password_parameters(guest, **changes))


def refresh(sandbox: SandboxProcess, refresh_token: str, **changes: object) -> Answer:
    """Ask for the next tokens."""
    parameters: dict[str, object] = {
        "merchantId": MERCHANT_ID,
        "authentication": "anonymous",
        "grant_type": "refresh_token",
        "scope": "user_read account_read",
        "refresh_token": refresh_token,
    }
    return ask(sandbox, method="POST", path=TOKEN_PATH, body=without_none(parameters | changes))


def user_information(sandbox: SandboxProcess, access_token: str, username: str) -> Answer:
    """Ask who a guest is, by a token in the query string."""
    return ask(sandbox, path=USER_PATH, query=oauth_parameters(access_token, username=username))


def account_information(sandbox: SandboxProcess, access_token: str, card_number: str) -> Answer:
    """Ask what is on a card, by a token in the query string."""
    return ask(sandbox, query=oauth_parameters(access_token, printedCardNumber=card_number))


def oauth_parameters(access_token: str, **others: object) -> dict[str, Any]:
    """Return the parameters of the oauth style."""
    return {
        "merchantId": MERCHANT_ID,
        "authentication": "oauth",
        "access_token": access_token,
        **others,
    }
