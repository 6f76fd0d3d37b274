"""Guests who sign in with a user name, as a browser without script does it."""

from datetime import timedelta
from typing import Final

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Credential
from guestportal.sandbox.guests import GUESTS, Guest
from tests.support.plain_browser import submit

_BY_NAME: Final = {guest.username: guest for guest in GUESTS}
ROSA: Final = _BY_NAME["gold.rosa"]  # one card with everything on it
SEED_GUEST: Final = _BY_NAME["GuestREST"]  # Ana, with the seed's card
TWO_CARDS: Final = _BY_NAME["corner.table"]
NO_CARD: Final = _BY_NAME["no.card.nia"]
INVALID_STATUS: Final = _BY_NAME["sleepy.ivo"]
DIFFICULT: Final = _BY_NAME["swap.sofia"]  # a password of 200 characters that a careless reader changes


def grow_old() -> None:
    """Let every sign-in be one of sixteen minutes ago, too old to send a gift without another look."""
    Credential.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))


def try_password(client: Client, username: str, password: str, **more: str) -> HttpResponse:
    """Send what is typed into the user-name form."""
    fields = {"username": username, "password": password, **more}
    return submit(client, "/sign-in/", fields)


def sign_in_with_password(client: Client, guest: Guest) -> HttpResponse:
    """Come in and expect to be led on."""
    response = try_password(client, guest.username, guest.password)
    assert response.status_code == 302, response.content.decode()[:2000]
    return response
