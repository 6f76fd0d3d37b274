"""The store of credentials: make, find, use up, remove. The holder of a row's id is the guest, until it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import withdrawals
from accounts.domain import Account
from accounts.identities import CardIdentity, Identity, read_identity, write_identity
from accounts.masking import ending_of
from accounts.models import Credential
from accounts.reading import read_account
from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode, encode
from guestportal.storage import clock
from guestportal.storage.lookup import hold_lookup_key, lookup_hash
from guestportal.storage.rehashing import Rehashed
from guestportal.storage.sealing import SealBroken, open_sealed, seal_for

MOST_DOUBTFUL_TRIES = 5
_REHASHED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SessionWarning:
    """When this sign-in ends: after so long without activity, and at the latest."""

    idle_seconds: int
    ends_at: datetime

    @property
    def idle_minutes(self) -> int:
        """Whole minutes that are surely left after the last activity; at least 1, as no limit is shorter."""
        return self.idle_seconds // 60


@dataclass(frozen=True)
class SignedInGuest:
    """The guest of this request: how they came in, and which card every call for them is about.

    `card_number` is empty until one of several cards is chosen.
    """

    id: UUID
    identity: Identity = field(repr=False)
    sealed_card: str = field(repr=False)  # the row's own text, which changes when another card is chosen
    card_number: str = field(repr=False)  # what every call for this guest is about
    open_account: Callable[[], Account | None] = field(repr=False)  # unseals the last reading
    warning: SessionWarning
    confirmed_at: datetime  # when password or code was last given

    @cached_property
    def account(self) -> Account | None:
        """The account as last read, opened when it is first asked for.

        None until one of several cards is chosen, and after Paytronix refused a later reading.
        """
        return self.open_account()

    def with_account(self, account: Account) -> "SignedInGuest":
        """This guest with an account that was read anew."""
        return replace(self, open_account=lambda: account)

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
    *, merchant: Merchant, identity: Identity, reply: AccountInformation | None = None, read_at: datetime
) -> UUID:
    """Store a new sign-in, with the account of its only card as read at `read_at`, if known; return its id.

    An account that was withdrawn since is left out, so that it is read anew.
    """
    sweep(merchant=merchant)
    now = timezone.now()
    row_id = uuid4()  # chosen first: what is sealed is bound to it
    only_card = identity.only_card
    with transaction.atomic():
        hold_lookup_key()
        card_key = card_key_of(merchant=merchant, card_number=only_card) if only_card else ""
        if reply is not None and not withdrawals.allows(card_key=card_key, read_at=read_at):
            reply = None
        Credential.objects.create(
            id=row_id,
            merchant=merchant.slug,
            kind=identity.kind,
            identity=_seal(merchant, row_id, "identity", write_identity(identity)),
            card_key=card_key,
            account=_seal(merchant, row_id, "account", encode(reply) if reply else b""),
            read_at=read_at,
            created_at=now,
            confirmed_at=now,
            seen_at=now,
        )
    return row_id


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
        identity = read_identity(row.kind, open_sealed(row, "identity"))
        card_number = open_sealed(row, "card").decode() or identity.only_card
    except (SealBroken, ValueError):  # a retired key, or a text from another place: the guest signs in again
        forget(credential_id=row.id)
        return None
    idle_seconds, absolute_seconds = limits_of(row.kind, merchant)
    return SignedInGuest(
        id=row.id,
        identity=identity,
        sealed_card=row.card,
        card_number=card_number,
        open_account=lambda: _account_in(row, merchant=merchant, card_number=card_number),
        warning=SessionWarning(idle_seconds, row.created_at + timedelta(seconds=absolute_seconds)),
        confirmed_at=row.confirmed_at,
    )


def _account_in(row: Credential, *, merchant: Merchant, card_number: str) -> Account | None:
    """The account that a row keeps; None when it keeps none that can be opened, so that it is read anew."""
    if not row.account:
        return None
    try:
        reply = decode(open_sealed(row, "account"), AccountInformation)
    except (SealBroken, ValueError):
        return None
    return read_account(reply, merchant=merchant, card_number=card_number, read_at=row.read_at)


def limits_of(kind: str, merchant: Merchant) -> tuple[int, int]:
    """Idle and absolute limit of a kind of sign-in, in seconds."""
    limits = merchant.limits
    if kind == Credential.Kind.CARD:
        return limits.card_idle_seconds, limits.card_absolute_seconds
    return limits.guest_idle_seconds, limits.guest_absolute_seconds


def keep_account(
    *, merchant: Merchant, guest: SignedInGuest, reply: AccountInformation, read_at: datetime
) -> None:
    """Store an account read anew.

    A reading that began earlier never replaces a later one or a withdrawal, nor one of a card chosen meanwhile.
    """
    not_newer = Q(read_at__lt=read_at) | Q(read_at=read_at, account="")
    Credential.objects.filter(not_newer, id=guest.id, card=guest.sealed_card).update(
        account=_seal(merchant, guest.id, "account", encode(reply)), read_at=read_at
    )


def keep_choice(
    *,
    merchant: Merchant,
    credential_id: UUID,
    card_number: str,
    reply: AccountInformation,
    read_at: datetime,
) -> None:
    """Make `card_number` the card of this sign-in, with the account just read, unless it was withdrawn since."""
    with transaction.atomic():
        hold_lookup_key()
        card_key = card_key_of(merchant=merchant, card_number=card_number)
        is_kept = withdrawals.allows(card_key=card_key, read_at=read_at)
        Credential.objects.filter(id=credential_id).update(
            card=_seal(merchant, credential_id, "card", card_number.encode()),
            card_key=card_key,
            account=_seal(merchant, credential_id, "account", encode(reply) if is_kept else b""),
            read_at=read_at,
        )


def withdraw_account(*, credential_id: UUID) -> None:
    """Forget the last reading: Paytronix no longer stands by it, so no page may show it."""
    _withdraw(Credential.objects.filter(id=credential_id), at=clock.now())


def withdraw_accounts_of_card(*, card_key: str) -> None:
    """Forget the last reading at every sign-in that shows this card, at every merchant file of its program.

    `card_key` is what `card_key_of` returned for it. What a card holds has changed, so no page may show it as it was,
    nor may a sign-in that is under way keep what it has read already.
    """
    with transaction.atomic():
        withdrawn_at = withdrawals.withdraw(card_key=card_key)
        _withdraw(Credential.objects.filter(card_key=card_key), at=withdrawn_at)


def card_key_of(*, merchant: Merchant, card_number: str) -> str:
    """The keyed hash of a card: one in all merchant files of one Paytronix program."""
    return lookup_hash("card", *merchant.integration.program, card_number)


def rehash() -> Rehashed:
    """Hash the card of every sign-in anew, in a transaction in which a new key is in force.

    Where the card does not open, or its merchant file is gone, no hash is left: such a sign-in shows no balance.
    """
    rows = list(Credential.objects.exclude(card_key="").only("merchant", "kind", "identity", "card"))
    for row in rows:
        row.card_key = _key_of_own_card(row)
    Credential.objects.bulk_update(rows, ["card_key"], batch_size=_REHASHED_AT_ONCE)
    withdrawals.rehash()
    rehashed = sum(bool(row.card_key) for row in rows)
    return Rehashed(Credential._meta.label, rehashed, begin_anew=len(rows) - rehashed)


def take_try(*, credential_id: UUID) -> bool:
    """Count a try of password or code before it is checked, so that tries at once cannot be more than allowed.

    False when none is left: the sign-in has had its five.
    """
    left = Credential.objects.filter(id=credential_id, doubtful_tries__lt=MOST_DOUBTFUL_TRIES)
    return bool(left.update(doubtful_tries=F("doubtful_tries") + 1))


def give_try_back(*, credential_id: UUID) -> None:
    """Take back the count of a try that could not be checked."""
    counted = Credential.objects.filter(id=credential_id, doubtful_tries__gt=0)
    counted.update(doubtful_tries=F("doubtful_tries") - 1)


def has_try_left(*, credential_id: UUID) -> bool:
    """Whether the password or code may be given once more before this sign-in ends."""
    return Credential.objects.filter(id=credential_id, doubtful_tries__lt=MOST_DOUBTFUL_TRIES).exists()


def keep_confirmation(*, credential_id: UUID, confirmed_at: datetime) -> None:
    """Note that the guest showed at `confirmed_at` to be the one who signed in; the count of tries begins anew."""
    Credential.objects.filter(id=credential_id).update(confirmed_at=confirmed_at, doubtful_tries=0)


def forget(*, credential_id: UUID) -> None:
    """Remove the row: from here on the session that names it is anonymous."""
    _deleted(Credential.objects.filter(id=credential_id))


def end_all(*, merchant_slug: str | None = None) -> int:
    """Sign all guests out, of one merchant or of all, and return how many were signed in."""
    rows = Credential.objects.all()
    if merchant_slug is not None:
        rows = rows.filter(merchant=merchant_slug)
    return _deleted(rows)


def sweep(*, merchant: Merchant) -> int:
    """Delete this merchant's ended rows and return how many there were."""
    withdrawals.sweep()
    ended = Credential.objects.filter(_ended(merchant, timezone.now()), merchant=merchant.slug)
    return _deleted(ended)


def _ended(merchant: Merchant, now: datetime) -> Q:
    """Rows whose idle or absolute limit has passed."""
    ended = Q()
    for kind in Credential.Kind.values:
        idle_seconds, absolute_seconds = limits_of(kind, merchant)
        # Side by side, not one within the other: so each has its index.
        ended |= Q(kind=kind, seen_at__lte=now - timedelta(seconds=idle_seconds))
        ended |= Q(kind=kind, created_at__lte=now - timedelta(seconds=absolute_seconds))
    return ended


def _withdraw(rows: QuerySet[Credential], *, at: datetime) -> None:
    rows.update(account="", read_at=at, withdrawn_at=at)


def _deleted(rows: QuerySet[Credential]) -> int:
    """How many rows were deleted; what hangs on them goes too, and is not counted.

    They are locked first: what another request hangs on one meanwhile is found here, or is refused there.
    """
    with transaction.atomic():
        ids = list(rows.select_for_update().values_list("id", flat=True))
        return Credential.objects.filter(id__in=ids).delete()[1].get(Credential._meta.label, 0)


def _seal(merchant: Merchant, row_id: UUID, column: str, content: bytes) -> str:
    return seal_for(Credential, column, content, row=row_id, merchant=merchant.slug)


def _key_of_own_card(row: Credential) -> str:
    """The keyed hash of the row's card; "" when it does not open or belongs to no merchant of today."""
    merchant = current_registry().by_slug(row.merchant)
    try:
        identity = read_identity(row.kind, open_sealed(row, "identity"))
        card_number = open_sealed(row, "card").decode() or identity.only_card
    except (SealBroken, ValueError):
        return ""
    return card_key_of(merchant=merchant, card_number=card_number) if merchant else ""
