"""Keeps a guest's access token usable: renewed early or after a 401, by one request at a time.

Refresh tokens rotate (docs/paytronix-api.md, section 4), so two requests must never spend the same one. The lease is
a column, not a lock: nothing in the database is held while Paytronix is asked.
"""

import dataclasses
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.errors import SignInEnded
from accounts.identities import CardIdentity, OAuthIdentity, read_identity, write_identity
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import client_for
from guestportal.paytronix.errors import CredentialsRefused, PaytronixError, Unavailable
from guestportal.paytronix.replies.oauth import GuestToken
from guestportal.paytronix.scalars import whole_number
from guestportal.paytronix.services.oauth import OAuthService
from guestportal.paytronix.styles import Style
from guestportal.storage.sealing import SealBroken, open_sealed, seal_for

RENEW_EARLY = timedelta(minutes=1)
DEFAULT_LIFETIME_SECONDS = 1800  # "An access token lives 30 minutes" (docs/paytronix-api.md, section 4)
# Outside of these a stated lifetime is no lifetime, and the documented one is taken.
SHORTEST_LIFETIME_SECONDS, LONGEST_LIFETIME_SECONDS = 1, 86_400
POLL_SECONDS = 0.05

T = TypeVar("T")


def ask_as_guest(
    *,
    merchant: Merchant,
    credential_id: UUID,
    identity: CardIdentity | OAuthIdentity,
    ask: Callable[[Style], T],
) -> T:
    """What `ask` returns for the guest's style. With OAuth the token is renewed and the call resent once.

    Raises SignInEnded when the guest's credentials are refused for good; PaytronixErrors of `ask` pass through.
    """
    if isinstance(identity, CardIdentity):
        return _refused_ends_sign_in(ask, identity.style)
    usable = identity
    if timezone.now() >= identity.expires_at - RENEW_EARLY:
        usable = _renew(merchant=merchant, credential_id=credential_id, seen=identity)
        # One that could not be renewed has its last chance.
        if usable.access_token == identity.access_token:
            return _refused_ends_sign_in(ask, usable.style)
    try:
        return ask(usable.style)
    except CredentialsRefused as refusal:
        newer = _renew(merchant=merchant, credential_id=credential_id, seen=usable)
        if newer.access_token == usable.access_token:
            raise SignInEnded(refusal) from None
        return _refused_ends_sign_in(ask, newer.style)


def renew_by_password(
    *, merchant: Merchant, credential_id: UUID, identity: OAuthIdentity, password: str
) -> None:
    """Have the guest's password checked, and keep the tokens that come of it unless newer ones are there. One call.

    Raises Refused when it is not the password, SignInEnded when the guest signed out meanwhile, and the other
    PaytronixErrors.
    """
    row = Credential.objects.filter(id=credential_id).first()
    if row is None:
        raise SignInEnded
    asked_at = timezone.now()
    token = OAuthService(client_for(merchant.integration)).token_by_password(
        username=identity.username, password=password
    )
    renewed = identity_from(
        token, username=identity.username, card_numbers=identity.card_numbers, asked_at=asked_at
    )
    _write(row, renewed)


def identity_from(
    token: GuestToken, *, username: str, card_numbers: tuple[str, ...], asked_at: datetime
) -> OAuthIdentity:
    """The identity that a token reply makes; its life is counted from before it was asked for."""
    lifetime_seconds = whole_number(token.expires_in)
    if (
        lifetime_seconds is None
        or not SHORTEST_LIFETIME_SECONDS <= lifetime_seconds <= LONGEST_LIFETIME_SECONDS
    ):
        lifetime_seconds = DEFAULT_LIFETIME_SECONDS
    return OAuthIdentity(
        username=username,
        card_numbers=card_numbers,
        access_token=token.access_token,
        refresh_token=token.refresh_token or "",
        expires_at=asked_at + timedelta(seconds=lifetime_seconds),
    )


def _refused_ends_sign_in(ask: Callable[[Style], T], style: Style) -> T:
    try:
        return ask(style)
    except CredentialsRefused as refusal:
        raise SignInEnded(refusal) from None


def _renew(*, merchant: Merchant, credential_id: UUID, seen: OAuthIdentity) -> OAuthIdentity:
    """The tokens after `seen`: another request's if it was quicker, else Paytronix's; `seen` if there are none."""
    lease_seconds = merchant.integration.deadline_seconds + 5
    give_up_at = time.monotonic() + lease_seconds
    while time.monotonic() < give_up_at:
        row = Credential.objects.filter(id=credential_id).first()
        if row is None:
            raise SignInEnded
        current = _identity(row)
        if current.access_token != seen.access_token or not current.refresh_token:
            return current
        if _take_lease(row, seconds=lease_seconds):
            return _spend(merchant, row, current)
        time.sleep(POLL_SECONDS)
    return seen


def _take_lease(row: Credential, *, seconds: float) -> bool:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = Credential.objects.filter(free, id=row.id, version=row.version)
    return bool(waiting.update(lease_until=now + timedelta(seconds=seconds)))


def _spend(merchant: Merchant, row: Credential, current: OAuthIdentity) -> OAuthIdentity:
    """Use the refresh token once and write what came of it."""
    asked_at = timezone.now()
    renewed = current
    try:
        token = OAuthService(client_for(merchant.integration)).token_by_refresh(
            refresh_token=current.refresh_token
        )
    except Unavailable:  # never delivered: the refresh token is still good, for the next request
        pass
    except PaytronixError:  # spent, refused or perhaps spent: it must not be tried again
        renewed = dataclasses.replace(current, refresh_token="")
    else:
        renewed = identity_from(
            token, username=current.username, card_numbers=current.card_numbers, asked_at=asked_at
        )
    return _write(row, renewed)


def _write(row: Credential, renewed: OAuthIdentity) -> OAuthIdentity:
    identity = seal_for(Credential, "identity", write_identity(renewed), row=row.id, merchant=row.merchant)
    written = Credential.objects.filter(id=row.id, version=row.version).update(
        identity=identity, version=row.version + 1, lease_until=None
    )
    if written:
        return renewed
    newest = Credential.objects.filter(id=row.id).first()
    if newest is None:  # signed out meanwhile
        raise SignInEnded
    return _identity(newest)


def _identity(row: Credential) -> OAuthIdentity:
    try:
        identity = read_identity(row.kind, open_sealed(row, "identity"))
    except (SealBroken, ValueError):
        raise SignInEnded from None
    if not isinstance(identity, OAuthIdentity):
        raise SignInEnded
    return identity
