"""What is asked of Paytronix about an account, without any limit on the tries: for `accounts.services` alone.

Nothing here counts who asks how often. Views call the verbs of these names in `services`, which do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts import credentials
from accounts.credentials import SignedInGuest
from accounts.domain import Account
from accounts.errors import (
    AccountWithoutCard,
    Obstacle,
    PasswordNeeded,
    SignInEnded,
    SignInStopped,
    TriesUsedUp,
)
from accounts.identities import CardIdentity, Identity, OAuthIdentity, PasswordIdentity
from accounts.normalisation import normalise, normalise_code
from accounts.reading import read_account
from accounts.tokens import ask_as_guest, identity_from, renew_by_password
from guestportal.merchants.definition import Merchant, SignIn
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.client import client_for
from guestportal.paytronix.errors import (
    CredentialsRefused,
    InvalidStatus,
    Misconfigured,
    PaytronixError,
    Refused,
)
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.scalars import whole_number
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.services.oauth import OAuthService
from guestportal.paytronix.styles import GuestStyle, Style
from guestportal.paytronix.text import clean_line
from guestportal.storage import clock
from guestportal.throttling import own_credentials
from guestportal.throttling.errors import CountersUnreachable

_OF_THE_ACCOUNT = {"account_locked": Obstacle.LOCKED}


@dataclass(frozen=True, slots=True)
class _Password:
    """What a guest typed at sign-in; it lives for one request."""

    username: str
    password: str

    @property
    def style(self) -> GuestStyle:
        return GuestStyle(self.username, self.password)


def open_card(*, merchant: Merchant, identity: CardIdentity) -> UUID:
    """Ask Paytronix for the card and return the id of a new credential that holds the answer.

    One call (docs/paytronix-api.md, section 5). Raises Refused when number and code do not match, InvalidStatus, and
    the other PaytronixErrors.
    """
    return _keep_with_account(merchant, identity, identity.style)


def sign_in_with_password(*, merchant: Merchant, username: str, password: str) -> UUID:
    """Sign in by the merchant's styles in its order and return the new credential's id.

    With one card the account is read as well; with several none is chosen yet. A style that Paytronix does not
    grant this integration gives way to the next one; a refusal is final. Raises Refused, InvalidStatus,
    AccountWithoutCard, SignInStopped and the other PaytronixErrors.
    """
    typed = _Password(username, password)
    refused: Misconfigured | None = None
    for style in merchant.sign_in:
        try:
            if style is SignIn.OAUTH:
                return _sign_in_by_oauth(merchant, typed)
            if style is SignIn.GUEST:
                return _sign_in_as_guest(merchant, typed)
        except Misconfigured as error:
            refused = error
    raise refused or LookupError("this merchant offers no sign-in by user name")


def choose_card(*, merchant: Merchant, guest: SignedInGuest, card_number: str, password: str) -> None:
    """Make one of the guest's own cards the card of this sign-in, and read it.

    `password` is needed by the `guest` style alone. Raises LookupError for a card that is not the guest's,
    SignInEnded, PasswordNeeded, Refused, InvalidStatus and the other PaytronixErrors.
    """
    identity = guest.identity
    if isinstance(identity, CardIdentity) or card_number not in identity.card_numbers:
        raise LookupError("not one of this guest's cards")
    asked_at = clock.now()
    reply = _read(merchant, guest, card_number=card_number, password=password)
    credentials.keep_choice(
        merchant=merchant, credential_id=guest.id, card_number=card_number, reply=reply, read_at=asked_at
    )


def read_account_anew(*, merchant: Merchant, guest: SignedInGuest, password: str = "") -> Account:
    """The account as Paytronix has it now, also kept for the next page. One call, more when tokens are renewed.

    When Paytronix refuses, the earlier reading is withdrawn as well. Raises SignInEnded, PasswordNeeded,
    Refused, InvalidStatus and the other PaytronixErrors.
    """
    asked_at = clock.now()
    try:
        reply = _read(merchant, guest, card_number=guest.card_number, password=password)
    except (Refused, InvalidStatus):
        # A password may be mistyped; what was read before is still true of its time.
        if not isinstance(guest.identity, PasswordIdentity):
            credentials.withdraw_account(credential_id=guest.id)
        raise
    credentials.keep_account(merchant=merchant, guest=guest, reply=reply, read_at=asked_at)
    return read_account(reply, merchant=merchant, card_number=guest.card_number, read_at=asked_at)


def confirm(*, merchant: Merchant, guest: SignedInGuest, secret: str) -> None:
    """Let the guest show again to be the one who signed in, by password or, with a card, by registration code.

    At most one call, for a card none. Raises Refused when it is wrong; TriesUsedUp with the fifth wrong one, which
    ends the sign-in; SignInEnded when none is left or the password belongs to other cards by now; and the other
    PaytronixErrors.
    """
    if not credentials.take_try(credential_id=guest.id):
        credentials.forget(credential_id=guest.id)
        raise SignInEnded
    confirmed_at = timezone.now()
    try:
        _check_secret(merchant, guest, secret)
    except Refused as error:
        if credentials.has_try_left(credential_id=guest.id):
            raise
        credentials.forget(credential_id=guest.id)
        raise TriesUsedUp from error
    except PaytronixError:
        credentials.give_try_back(credential_id=guest.id)
        raise
    credentials.keep_confirmation(credential_id=guest.id, confirmed_at=confirmed_at)


def _check_secret(merchant: Merchant, guest: SignedInGuest, secret: str) -> None:
    identity = guest.identity
    match identity:
        case CardIdentity():
            if not constant_time_compare(
                normalise_code(secret, ignores_case=merchant.card.code_ignores_case),
                identity.registration_code,
            ):
                raise CredentialsRefused(operation="portal/confirm", reference=new_reference(), status=None)
        case OAuthIdentity():
            renew_by_password(merchant=merchant, credential_id=guest.id, identity=identity, password=secret)
        case PasswordIdentity():
            style = GuestStyle(identity.username, secret)
            try:
                card_numbers = _cards_of(merchant, style, identity.username)
            except AccountWithoutCard:
                card_numbers = ()
            if set(card_numbers) != set(identity.card_numbers):
                raise SignInEnded


def _sign_in_by_oauth(merchant: Merchant, typed: _Password) -> UUID:
    """Token, user, account: three calls (docs/paytronix-api.md, sections 4 to 6)."""
    asked_at = clock.now()
    with _stopped_by({"username_migration_required": Obstacle.MIGRATION}):
        token = OAuthService(client_for(merchant.integration)).token_by_password(
            username=typed.username, password=typed.password
        )
    username = clean_line(token.username) or typed.username
    identity = identity_from(token, username=username, card_numbers=(), asked_at=asked_at)
    with _stopped_by({"not_found": Obstacle.NOT_FOUND, **_OF_THE_ACCOUNT}):
        card_numbers = _cards_of(merchant, identity.style, username)
        identity = replace(identity, card_numbers=card_numbers)
        return _keep_unless_ambiguous(merchant, identity, identity.style)


def _sign_in_as_guest(merchant: Merchant, typed: _Password) -> UUID:
    """User, account: two calls, each with the password in its body and nowhere else."""
    card_numbers = _cards_of(merchant, typed.style, typed.username)
    identity = PasswordIdentity(username=typed.username, card_numbers=card_numbers)
    with _stopped_by(_OF_THE_ACCOUNT):  # the password is right: it has opened the user's own data
        return _keep_unless_ambiguous(merchant, identity, typed.style)


@contextmanager
def _stopped_by(obstacles: Mapping[str, Obstacle]) -> Iterator[None]:
    """Turn refusals by these reasons, the last parts of their codes, into SignInStopped."""
    try:
        yield
    except Refused as error:
        obstacle = obstacles.get(error.code.rpartition(".")[2])
        if obstacle is None:
            raise
        raise SignInStopped(obstacle, error) from None


def _cards_of(merchant: Merchant, style: Style, username: str) -> tuple[str, ...]:
    user = GuestService(client_for(merchant.integration)).user_information(style=style, username=username)
    sent = (normalise(number) for number in user.primary_card_numbers)
    card_numbers = tuple(dict.fromkeys(number for number in sent if number))
    if not card_numbers:
        raise AccountWithoutCard
    return card_numbers


def _keep_unless_ambiguous(
    merchant: Merchant, identity: OAuthIdentity | PasswordIdentity, style: Style
) -> UUID:
    if not identity.only_card:
        with suppress(CountersUnreachable):  # noted another time
            own_credentials.note_sign_in(merchant)
        return credentials.keep(merchant=merchant, identity=identity, read_at=clock.now())
    return _keep_with_account(merchant, identity, style)


def _keep_with_account(merchant: Merchant, identity: Identity, style: Style) -> UUID:
    asked_at = clock.now()
    reply = _account_information(merchant, style, identity.only_card)
    with suppress(CountersUnreachable):  # noted another time
        own_credentials.note_sign_in(
            merchant, card_template_code=whole_number(reply.card_template_code.value)
        )
    return credentials.keep(merchant=merchant, identity=identity, reply=reply, read_at=asked_at)


def _read(merchant: Merchant, guest: SignedInGuest, *, card_number: str, password: str) -> AccountInformation:
    identity = guest.identity
    if isinstance(identity, PasswordIdentity):
        if not password:
            raise PasswordNeeded
        style = GuestStyle(identity.username, password)
        return _account_information(merchant, style, card_number)
    return ask_as_guest(
        merchant=merchant,
        credential_id=guest.id,
        identity=identity,
        ask=lambda style: _account_information(merchant, style, card_number),
    )


def _account_information(merchant: Merchant, style: Style, card_number: str) -> AccountInformation:
    return GuestService(client_for(merchant.integration)).account_information(
        style=style, printed_card_number=card_number
    )
