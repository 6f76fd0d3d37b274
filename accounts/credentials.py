"""The store of credentials: make, find, use up, remove. Whoever holds the row's id and asks in time is the guest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain import Account
from accounts.identities import CardIdentity, Identity, read_identity, write_identity
from accounts.masking import ending_of
from accounts.models import Credential
from accounts.reading import read_account
from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode, encode
from guestportal.storage.lookup import lookup_hash
from guestportal.web.sealing import SealBroken, seal, unseal

SEALED = ("identity", "card", "account")
MOST_DOUBTFUL_TRIES = 5


@dataclass(frozen=True, slots=True)
class SessionWarning:
    """When this sign-in ends: after so long without activity, and at the latest."""

    idle_seconds: int
    ends_at: datetime

    @property
    def idle_minutes(self) -> int:
        """Whole minutes that are surely left after the last activity; at least 1, as no limit is shorter."""
        return self.idle_seconds // 60


@dataclass(frozen=True, slots=True)
class SignedInGuest:
    """The guest of this request: how they came in, and the account as last read.

    `card_number` is empty and `account` None until one of several cards is chosen; `account` is None also after
    Paytronix refused a later reading.
    """

    id: UUID
    identity: Identity = field(repr=False)
    sealed_card: str = field(repr=False)  # the row's own text, which changes when another card is chosen
    card_number: str = field(repr=False)  # what every call for this guest is about
    account: Account | None
    warning: SessionWarning
    confirmed_at: datetime  # when password or code was last given

    @property
    def kind(self) -> str:
        return self.identity.kind

    @property
    def label(self) -> str:
        """Who is signed in, as the page's head says it: the user name, or the card's ending."""
        if isinstance(self.identity, CardIdentity):
            return _("card ending %(ending)s") % {"ending": ending_of(self.card_number)}
        return self.identity.username

    @property
    def has_several_cards(self) -> bool:
        return not isinstance(self.identity, CardIdentity) and len(self.identity.card_numbers) > 1


def keep(
    *,
    merchant: Merchant,
    identity: Identity,
    card_number: str = "",
    reply: AccountInformation | None = None,
    read_at: datetime,
) -> UUID:
    """Store a new sign-in, with the card and the account read at `read_at` if it is known, and return its id."""
    sweep(merchant=merchant)
    now = timezone.now()
    row = Credential.objects.create(
        merchant=merchant.slug,
        kind=identity.kind,
        identity=seal(write_identity(identity)),
        card=seal(card_number.encode()) if card_number else "",
        account=seal(encode(reply)) if reply else "",
        read_at=read_at,
        created_at=now,
        confirmed_at=now,
        seen_at=now,
    )
    return row.id


def use(*, merchant: Merchant, credential_id: UUID, active: bool = True) -> SignedInGuest | None:
    """The guest behind the id, counted as active now; None when unknown here, idle too long or too old.

    With `active` False it is the page that asks by itself, and the idle time goes on.
    """
    now = timezone.now()
    row = Credential.objects.filter(id=credential_id, merchant=merchant.slug).first()
    if row is None:
        return None
    alive = Credential.objects.filter(id=row.id).exclude(_ended(merchant, now))
    # Looking and extending are one statement: of two requests at the limit none can revive the other's ended row.
    if not (alive.update(seen_at=now) if active else alive.exists()):
        forget(credential_id=row.id)
        return None
    try:
        identity = read_identity(row.kind, unseal(row.identity))
        card_number = unseal(row.card).decode() if row.card else ""
        reply = decode(unseal(row.account), AccountInformation) if row.account else None
    except (SealBroken, ValueError):  # a retired key or an older portal's row: the guest signs in again
        forget(credential_id=row.id)
        return None
    account = None
    if reply is not None:
        account = read_account(reply, merchant=merchant, card_number=card_number, read_at=row.read_at)
    idle_seconds, absolute_seconds = limits_of(row.kind, merchant)
    return SignedInGuest(
        id=row.id,
        identity=identity,
        sealed_card=row.card,
        card_number=card_number,
        account=account,
        warning=SessionWarning(idle_seconds, row.created_at + timedelta(seconds=absolute_seconds)),
        confirmed_at=row.confirmed_at,
    )


def limits_of(kind: str, merchant: Merchant) -> tuple[int, int]:
    """Idle and absolute limit of a kind of sign-in, in seconds."""
    limits = merchant.limits
    if kind == Credential.Kind.CARD:
        return limits.card_idle_seconds, limits.card_absolute_seconds
    return limits.guest_idle_seconds, limits.guest_absolute_seconds


def keep_account(*, guest: SignedInGuest, reply: AccountInformation, read_at: datetime) -> None:
    """Store an account read anew.

    A reading that began earlier never replaces a later one or a withdrawal, nor one of a card chosen meanwhile.
    """
    not_newer = Q(read_at__lt=read_at) | Q(read_at=read_at, account="")
    Credential.objects.filter(not_newer, id=guest.id, card=guest.sealed_card).update(
        account=seal(encode(reply)), read_at=read_at
    )


def keep_choice(
    *, credential_id: UUID, card_number: str, reply: AccountInformation, read_at: datetime
) -> None:
    """Make `card_number` the card of this sign-in, with the account just read."""
    Credential.objects.filter(id=credential_id).update(
        card=seal(card_number.encode()), account=seal(encode(reply)), read_at=read_at
    )


def withdraw_account(*, credential_id: UUID) -> None:
    """Forget the last reading: Paytronix no longer stands by it, so no page may show it."""
    Credential.objects.filter(id=credential_id).update(account="", read_at=timezone.now())


def withdraw_accounts_of_card(*, card_key: str) -> None:
    """Forget the last reading of a card at every sign-in that shows it, whichever merchant file it came in by."""
    for row in Credential.objects.exclude(account="").exclude(card=""):
        merchant = current_registry().by_slug(row.merchant)
        try:
            number = unseal(row.card).decode()
        except SealBroken:
            continue
        if merchant and lookup_hash("card", *merchant.integration.program, number) == card_key:
            withdraw_account(credential_id=row.id)


def take_try(*, credential_id: UUID) -> bool:
    """Count a try of password or code before it is checked, so that tries at once cannot be more than allowed.

    False when none is left: the sign-in has had its five.
    """
    left = Credential.objects.filter(id=credential_id, doubtful_tries__lt=MOST_DOUBTFUL_TRIES)
    return bool(left.update(doubtful_tries=F("doubtful_tries") + 1))


def give_try_back(*, credential_id: UUID) -> None:
    """Not count a try that nobody could check."""
    counted = Credential.objects.filter(id=credential_id, doubtful_tries__gt=0)
    counted.update(doubtful_tries=F("doubtful_tries") - 1)


def has_try_left(*, credential_id: UUID) -> bool:
    """Whether the password or code may be given once more before this sign-in ends."""
    return Credential.objects.filter(id=credential_id, doubtful_tries__lt=MOST_DOUBTFUL_TRIES).exists()


def keep_confirmation(*, credential_id: UUID, confirmed_at: datetime) -> None:
    """The guest has just shown to be the one who signed in."""
    Credential.objects.filter(id=credential_id).update(confirmed_at=confirmed_at, doubtful_tries=0)


def forget(*, credential_id: UUID) -> None:
    """Remove the row: from here on the session that names it is anonymous."""
    Credential.objects.filter(id=credential_id).delete()


def reseal() -> int:
    """Seal every row anew with the first of the keys and return how many rows were.

    A row that is renewed meanwhile is left to its newer, already newly sealed text.
    """
    resealed = 0
    for row in Credential.objects.iterator():
        try:
            texts = {name: seal(unseal(text)) for name in SEALED if (text := getattr(row, name))}
        except SealBroken:  # no key opens it, so nobody can be signed in by it
            row.delete()
            continue
        unchanged = Credential.objects.filter(id=row.id, version=row.version, read_at=row.read_at)
        resealed += unchanged.update(**texts)
    return resealed


def end_all(*, merchant_slug: str | None = None) -> int:
    """Sign everybody out, of one merchant or of all, and return how many were signed in."""
    rows = Credential.objects.all()
    if merchant_slug is not None:
        rows = rows.filter(merchant=merchant_slug)
    return rows.delete()[0]


def sweep(*, merchant: Merchant) -> int:
    """Delete this merchant's ended rows and return how many there were."""
    ended = Credential.objects.filter(_ended(merchant, timezone.now()), merchant=merchant.slug)
    return ended.delete()[0]


def _ended(merchant: Merchant, now: datetime) -> Q:
    """Rows whose idle or absolute limit has passed."""
    ended = Q()
    for kind in Credential.Kind.values:
        idle_seconds, absolute_seconds = limits_of(kind, merchant)
        # Side by side, not one within the other: so each has its index.
        ended |= Q(kind=kind, seen_at__lte=now - timedelta(seconds=idle_seconds))
        ended |= Q(kind=kind, created_at__lte=now - timedelta(seconds=absolute_seconds))
    return ended
