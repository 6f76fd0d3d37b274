"""Coming in, under the limits: what may be tried, and what the end of a try means for the counters."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from accounts import services
from accounts.credentials import SignedInGuest
from accounts.domain import Account
from accounts.identities import CardIdentity, PasswordIdentity
from accounts.services import AccountWithoutCard, TriesUsedUp
from accounts.tokens import SignInEnded
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.errors import CredentialsRefused, InvalidStatus, PaytronixError, Refused
from guestportal.throttling import proofs, tries
from guestportal.throttling.proofs import Given
from guestportal.throttling.tries import Purpose, Try

log = logging.getLogger("accounts.attempts")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who tries: the address, and what the form brought as a proof."""

    address: str = field(repr=False)
    given: Given = field(default=Given(), repr=False)


def open_card(*, merchant: Merchant, visitor: Visitor, card_number: str, registration_code: str) -> UUID:
    """As `services.open_card`. A card with too many failures is refused like a wrong code, and nobody is asked.

    Raises ProofNeeded, Throttled and CountersUnreachable too.
    """
    proven = _is_proven(merchant, Purpose.CARD, visitor)
    attempt = tries.begin_card(
        merchant=merchant, address=visitor.address, card_number=card_number, proven=proven
    )
    with _counted(attempt, proves_secret=False):
        if attempt.is_limited:
            raise CredentialsRefused(operation="portal/limited", reference=new_reference(), status=None)
        return services.open_card(
            merchant=merchant, card_number=card_number, registration_code=registration_code
        )


def sign_in_with_password(*, merchant: Merchant, visitor: Visitor, username: str, password: str) -> UUID:
    """As `services.sign_in_with_password`. Raises ProofNeeded, Throttled and CountersUnreachable too."""
    proven = _is_proven(merchant, Purpose.PASSWORD, visitor)
    attempt = tries.begin_password(
        merchant=merchant, address=visitor.address, username=username, proven=proven, inside=False
    )
    with _counted(attempt):
        return services.sign_in_with_password(merchant=merchant, username=username, password=password)


def choose_card(
    *, merchant: Merchant, guest: SignedInGuest, address: str, card_number: str, password: str
) -> None:
    """As `services.choose_card`. Raises Throttled and CountersUnreachable too."""
    with _password_again(merchant, guest, address, password):
        services.choose_card(merchant=merchant, guest=guest, card_number=card_number, password=password)


def read_account_anew(*, merchant: Merchant, guest: SignedInGuest, address: str, password: str) -> Account:
    """As `services.read_account_anew`. Raises Throttled and CountersUnreachable too."""
    with _password_again(merchant, guest, address, password):
        return services.read_account_anew(merchant=merchant, guest=guest, password=password)


def confirm(*, merchant: Merchant, guest: SignedInGuest, address: str, secret: str) -> None:
    """As `services.confirm`. Raises Throttled and CountersUnreachable too.

    A card's code is compared here, with tries of its own, so no counter is asked about it.
    """
    if isinstance(guest.identity, CardIdentity):
        try:
            services.confirm(merchant=merchant, guest=guest, secret=secret)
        except Refused as error:
            _log_end(merchant, way="confirm", outcome="refused", error=error)
            raise
        return
    with _counted(_try_inside(merchant, guest.identity.username, address)):
        services.confirm(merchant=merchant, guest=guest, secret=secret)


@contextmanager
def _password_again(merchant: Merchant, guest: SignedInGuest, address: str, password: str) -> Iterator[None]:
    """Around a call that checks a password which is not kept: its failures count as at sign-in."""
    if not (password and isinstance(guest.identity, PasswordIdentity)):
        yield
        return
    with _counted(_try_inside(merchant, guest.identity.username, address)):
        yield


def _try_inside(merchant: Merchant, username: str, address: str) -> Try:
    return tries.begin_password(
        merchant=merchant, address=address, username=username, proven=False, inside=True
    )


def _is_proven(merchant: Merchant, purpose: Purpose, visitor: Visitor) -> bool:
    return proofs.accept(merchant=merchant, purpose=purpose, given=visitor.given, address=visitor.address)


@contextmanager
def _counted(attempt: Try, *, proves_secret: bool = True) -> Iterator[None]:
    """Tell the counters how the try ended.

    Paytronix says `invalid_status` of a card whose code nobody has checked, but only to a right password:
    `proves_secret` tells the two apart. An end that nobody foresaw stays counted.
    """
    try:
        yield
    except Refused as error:
        attempt.fail()
        _log(attempt, "limited" if attempt.is_limited else "refused", error)
        raise
    except (InvalidStatus, AccountWithoutCard) as error:
        if proves_secret:
            attempt.succeed()
        else:
            attempt.fail()
        _log(attempt, "no_usable_card", error)
        raise
    except TriesUsedUp as error:
        attempt.fail()
        _log(attempt, "refused", error)
        raise
    except SignInEnded as error:
        attempt.forget()
        _log(attempt, "ended", error)
        raise
    except PaytronixError as error:
        attempt.forget()
        _log(attempt, "unavailable", error)
        raise
    attempt.succeed()
    _log(attempt, "success")


def _log(attempt: Try, outcome: str, error: Exception | None = None) -> None:
    _log_end(attempt.merchant, way=attempt.purpose.value, outcome=outcome, error=error)


def _log_end(merchant: Merchant, *, way: str, outcome: str, error: Exception | None) -> None:
    """One line with the reference that the guest is shown, for the calls that Paytronix was not asked too."""
    reference = error.reference if isinstance(error, PaytronixError) else ""
    fields = {"event": "sign_in", "merchant": merchant.slug, "way": way, "outcome": outcome}
    log.info("sign_in", extra={"fields": {**fields, "reference": reference}})
