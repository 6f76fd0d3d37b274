"""What a guest can do with an account: come in, choose a card, read it anew, confirm; all of it under the limits.

`accounts.unthrottled` asks Paytronix. Here is decided whether it may be asked; `accounts.counting` says what the end
of a try means for the counters.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts import unthrottled
from accounts.counting import counted, log_end
from accounts.credentials import SignedInGuest
from accounts.domain import Account
from accounts.identities import CardIdentity, PasswordIdentity
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.errors import CredentialsRefused, Refused, Unavailable
from guestportal.throttling import proofs, tries
from guestportal.throttling.proofs import Given
from guestportal.throttling.tries import Purpose, Try


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries: the address, and what the form brought as a proof."""

    address: str = field(repr=False)
    given: Given = field(default=Given(), repr=False)


@dataclass(frozen=True, slots=True)
class PasswordAgain:
    """A password that is not kept, given once more, and the address it came from."""

    password: str = field(repr=False)
    address: str = field(repr=False)


def open_card(*, merchant: Merchant, visitor: Visitor, identity: CardIdentity) -> UUID:
    """Open a card by its number and code with one call, and return the id of the new credential.

    A card with too many failures is refused like a wrong code, without a call; told as an outage where one may have
    been why. Raises Refused when number and code
    do not match, InvalidStatus, the other PaytronixErrors, ProofNeeded, Throttled and CountersUnreachable.
    """
    proven = _is_proven(merchant, Purpose.CARD, visitor)
    attempt = tries.begin_card(
        merchant=merchant, address=visitor.address, card_number=identity.card_number, proven=proven
    )
    with counted(attempt, proves_secret=False):
        if attempt.is_in_doubt:
            raise Unavailable(operation="portal/in_doubt", reference=new_reference(), reason="in doubt")
        if attempt.is_limited:
            raise CredentialsRefused(operation="portal/limited", reference=new_reference(), status=None)
        return unthrottled.open_card(merchant=merchant, identity=identity)


def sign_in_with_password(*, merchant: Merchant, visitor: Visitor, username: str, password: str) -> UUID:
    """Sign in by the merchant's styles in its order, and return the new credential's id.

    Raises Refused, InvalidStatus, AccountWithoutCard, SignInStopped, the other PaytronixErrors, ProofNeeded,
    Throttled and CountersUnreachable.
    """
    proven = _is_proven(merchant, Purpose.PASSWORD, visitor)
    attempt = tries.begin_password(
        merchant=merchant, address=visitor.address, username=username, proven=proven, inside=False
    )
    with counted(attempt):
        return unthrottled.sign_in_with_password(merchant=merchant, username=username, password=password)


def choose_card(
    *, merchant: Merchant, guest: SignedInGuest, card_number: str, again: PasswordAgain | None
) -> None:
    """Make one of the guest's own cards the card of this sign-in, and read it. One call, more to renew tokens.

    Raises LookupError for a card that is not the guest's, SignInEnded, PasswordNeeded, Refused, InvalidStatus, the
    other PaytronixErrors, Throttled and CountersUnreachable.
    """
    with _password_again(merchant, guest, again) as password:
        unthrottled.choose_card(merchant=merchant, guest=guest, card_number=card_number, password=password)


def read_account_anew(
    *, merchant: Merchant, guest: SignedInGuest, again: PasswordAgain | None = None
) -> Account:
    """The account as Paytronix has it now, also kept for the next page. One call, more to renew tokens.

    When Paytronix refuses, the earlier reading is withdrawn as well. Raises SignInEnded, PasswordNeeded, Refused,
    InvalidStatus, the other PaytronixErrors, Throttled and CountersUnreachable.
    """
    with _password_again(merchant, guest, again) as password:
        return unthrottled.read_account_anew(merchant=merchant, guest=guest, password=password)


def confirm(*, merchant: Merchant, guest: SignedInGuest, address: str, secret: str) -> None:
    """Let the guest show again to be the one who signed in, by password or, with a card, by registration code.

    A card's code is compared here, with five tries of its own, so no counter is asked about it. Raises Refused
    when it is wrong; TriesUsedUp with the fifth wrong one, which ends the sign-in; SignInEnded when none is left or
    the password belongs to other cards by now; the other PaytronixErrors, Throttled and CountersUnreachable.
    """
    if isinstance(guest.identity, CardIdentity):
        try:
            unthrottled.confirm(merchant=merchant, guest=guest, secret=secret)
        except Refused as error:
            log_end(merchant, way="confirm", outcome="refused", error=error)
            raise
        return
    with counted(_try_inside(merchant, guest.identity.username, address)):
        unthrottled.confirm(merchant=merchant, guest=guest, secret=secret)


def is_fresh(account: Account, *, merchant: Merchant) -> bool:
    """Whether the account may be shown without asking again (the merchant's limit)."""
    age = timezone.now() - account.read_at
    return age < timedelta(seconds=merchant.limits.account_fresh_seconds)


@contextmanager
def _password_again(merchant: Merchant, guest: SignedInGuest, again: PasswordAgain | None) -> Iterator[str]:
    """The password for a call, empty where none is needed. Its failures count as those at sign-in do."""
    if again is None or not isinstance(guest.identity, PasswordIdentity):
        yield ""
        return
    with counted(_try_inside(merchant, guest.identity.username, again.address)):
        yield again.password


def _try_inside(merchant: Merchant, username: str, address: str) -> Try:
    return tries.begin_password(
        merchant=merchant, address=address, username=username, proven=False, inside=True
    )


def _is_proven(merchant: Merchant, purpose: Purpose, visitor: Visitor) -> bool:
    return proofs.accept(merchant=merchant, purpose=purpose, given=visitor.given, address=visitor.address)
