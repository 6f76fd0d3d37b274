"""The store of credentials: make, find, use up, remove. Whoever holds the row's id and asks in time is the guest."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain import Account
from accounts.models import Credential
from accounts.reading import ending_of, read_account
from guestportal.merchants.definition import Merchant
from guestportal.paytronix import wire
from guestportal.paytronix.styles import CardStyle
from guestportal.web.sealing import SealBroken, seal, unseal


@dataclass(frozen=True, slots=True)
class CardSecret:
    """What a card session needs to ask again."""

    card_number: str = field(repr=False)
    registration_code: str = field(repr=False)

    @property
    def style(self) -> CardStyle:
        return CardStyle(self.card_number, self.registration_code)


@dataclass(frozen=True, slots=True)
class SignedInGuest:
    """The guest of this request: whose card, how they came in, and the account as last read."""

    id: UUID
    kind: str
    secret: CardSecret = field(repr=False)
    account: Account | None  # None after Paytronix refused a later reading

    @property
    def label(self) -> str:
        """Who is signed in, as the page's head says it."""
        return _("card ending %(ending)s") % {"ending": ending_of(self.secret.card_number)}


def keep_card(*, merchant: Merchant, secret: CardSecret, reply: wire.AccountInformation) -> UUID:
    """Store a new card session with the account just read, and return its id."""
    now = timezone.now()
    row = Credential.objects.create(
        merchant=merchant.slug,
        kind=Credential.Kind.CARD,
        secret=seal(json.dumps(asdict(secret)).encode()),
        account=seal(wire.encode(reply)),
        created_at=now,
        seen_at=now,
        read_at=now,
    )
    return row.id


def use(*, merchant: Merchant, credential_id: UUID) -> SignedInGuest | None:
    """The guest behind the id, counted as active now; None when unknown here, idle too long or too old."""
    now = timezone.now()
    limits = merchant.limits
    row = Credential.objects.filter(id=credential_id, merchant=merchant.slug).first()
    if row is None:
        return None
    idle_seconds, absolute_seconds = (
        (limits.card_idle_seconds, limits.card_absolute_seconds)
        if row.kind == Credential.Kind.CARD
        else (limits.guest_idle_seconds, limits.guest_absolute_seconds)
    )
    idle_since, oldest = now - timedelta(seconds=idle_seconds), now - timedelta(seconds=absolute_seconds)
    alive = Credential.objects.filter(id=row.id, seen_at__gt=idle_since, created_at__gt=oldest)
    if not alive.update(seen_at=now):
        forget(credential_id=row.id)
        return None
    try:
        secret = CardSecret(**json.loads(unseal(row.secret)))
        reply = wire.decode(unseal(row.account), wire.AccountInformation) if row.account else None
    except (SealBroken, wire.Malformed):  # a retired key or an older portal's row: the guest signs in again
        forget(credential_id=row.id)
        return None
    account = (
        read_account(reply, merchant=merchant, card_number=secret.card_number, read_at=row.read_at)
        if reply
        else None
    )
    return SignedInGuest(id=row.id, kind=row.kind, secret=secret, account=account)


def keep_account(*, credential_id: UUID, reply: wire.AccountInformation, read_at: datetime) -> None:
    """Store an account read anew. A reading that began earlier never replaces a later one."""
    Credential.objects.filter(id=credential_id, read_at__lt=read_at).update(
        account=seal(wire.encode(reply)), read_at=read_at
    )


def withdraw_account(*, credential_id: UUID) -> None:
    """Forget the last reading: Paytronix no longer stands by it, so no page may show it."""
    Credential.objects.filter(id=credential_id).update(account="", read_at=timezone.now())


def forget(*, credential_id: UUID) -> None:
    """Remove the row: from here on the session that names it is anonymous."""
    Credential.objects.filter(id=credential_id).delete()
