"""What a guest can do with an account: open a card, read it anew. The only callers of Paytronix in this app."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts.credentials import CardSecret, SignedInGuest, keep_account, keep_card, withdraw_account
from accounts.domain import Account
from accounts.reading import read_account
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import client_for
from guestportal.paytronix.errors import InvalidStatus, Refused
from guestportal.paytronix.guest import GuestService


def open_card(*, merchant: Merchant, card_number: str, registration_code: str) -> UUID:
    """Ask Paytronix for the card and return the id of a new credential that holds the answer.

    One call. Raises Refused when number and code do not match, InvalidStatus, and the other PaytronixErrors
    (seeds/account-balance.txt, Flow).
    """
    secret = CardSecret(card_number=card_number, registration_code=registration_code)
    reply = GuestService(client_for(merchant.integration)).account_information(
        style=secret.style, printed_card_number=card_number
    )
    return keep_card(merchant=merchant, secret=secret, reply=reply)


def read_account_anew(*, merchant: Merchant, guest: SignedInGuest) -> Account:
    """The account as Paytronix has it now, also kept for the next page. One call; raises as `open_card`.

    When Paytronix refuses, the earlier reading is withdrawn as well.
    """
    asked_at = timezone.now()
    try:
        reply = GuestService(client_for(merchant.integration)).account_information(
            style=guest.secret.style, printed_card_number=guest.secret.card_number
        )
    except (Refused, InvalidStatus):
        withdraw_account(credential_id=guest.id)
        raise
    keep_account(credential_id=guest.id, reply=reply, read_at=asked_at)
    return read_account(reply, merchant=merchant, card_number=guest.secret.card_number, read_at=asked_at)


def is_fresh(account: Account, *, merchant: Merchant) -> bool:
    """Whether the account may be shown without asking again (the merchant's limit)."""
    age = timezone.now() - account.read_at
    return age < timedelta(seconds=merchant.limits.account_fresh_seconds)
