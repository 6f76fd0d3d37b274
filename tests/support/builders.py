"""Payloads of the vendor's API and the values around them, every field defaulted; a test names only what it is about.

Written from docs/paytronix-api.md, never from our structs.
"""

from functools import cache

from django.conf import settings

from guestportal.merchants.definition import Merchant
from guestportal.merchants.loading import load_merchants
from guestportal.paytronix.integration import Integration

Payload = dict[str, object]

CARD_NUMBER = "6000301000418000"
CLIENT_ID = "sandbox-portal"
CLIENT_SECRET = "sandbox-secret-opens-nothing-real"
MERCHANT_ID = 777777


def wallet(**members: object) -> Payload:
    """One wallet balance, as the vendor's example has it."""
    return {"balance": "1", "giftable": False, "name": "Visits", "walletCode": 5, **members}


def expiration(**members: object) -> Payload:
    """A part of a wallet that ends on a day."""
    return {"amount": "1", "expirationDate": "2031-12-31", **members}


def card(number: str = CARD_NUMBER, **members: object) -> Payload:
    """A card in a list of cards, or the primary one."""
    return {"maskedCardNumber": number[-6:], "printedCardNumber": number, "status": "ACTIVE", **members}


def store(**members: object) -> Payload:
    """A store."""
    return {"code": "corp", "label": "Corporate", **members}


def fields(**members: object) -> Payload:
    """The free fields of an account."""
    return {
        "enrollDate": "2014-07-29",
        "externalAccounts": [],
        "favoriteStore": store(),
        "perks": [],
        **members,
    }


def account_information(**members: object) -> Payload:
    """A success of accountInformation: the vendor's own example unless told otherwise."""
    return {
        "result": "success",
        "accountStatus": "ACTIVE",
        "additionalCards": [],
        "cardTemplateCode": 3,
        "cardTemplateLabel": "Loyalty Card",
        "enrollmentStore": store(),
        "fields": fields(),
        "isRegistered": True,
        "pointBalances": [wallet(), wallet(balance="0", name="Points", walletCode=3)],
        "primaryCard": card(),
        "queryCardStatus": "ACTIVE",
        "rewardBalances": [],
        "tierCode": 1,
        "tierLabel": "REGISTERED",
        "username": "GuestREST",
        **members,
    }


def without(payload: Payload, *names: str) -> Payload:
    """The payload with some members left out."""
    return {name: value for name, value in payload.items() if name not in names}


def failure(**members: object) -> Payload:
    """A documented refusal."""
    return {
        "result": "failure",
        "errorCode": "account_info.card_not_found",
        "errorMessage": "The card was not found",
        **members,
    }


def integration(base_url: str, **changes: object) -> Integration:
    """How a test's server is reached, with short time limits."""
    settings_of_it: Payload = {
        "slug": "demo",
        "base_url": base_url,
        "merchant_id": MERCHANT_ID,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "connect_timeout_seconds": 0.6,
        "read_timeout_seconds": 0.6,
        "deadline_seconds": 1.2,
        **changes,
    }
    return Integration(**settings_of_it)  # type: ignore[arg-type]  # defaults above, overrides by the test


@cache
def demo_merchant() -> Merchant:
    """The demo merchant as its file has it. Nothing answers behind its address."""
    languages = tuple(code for code, _name in settings.LANGUAGES)
    environment = {"PAYTRONIX_DEMO_BASE_URL": "http://127.0.0.1:9/rest/26.6"}
    (merchant,) = load_merchants(settings.MERCHANTS_DIR, environment, languages=languages)
    return merchant
