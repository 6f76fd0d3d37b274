"""TransferInfo as documented, every field defaulted; a test names only what it is about.

Written from docs/paytronix-api.md, section 7, never from our structs.
"""

import json
from datetime import UTC, datetime

from gifting.gift.domain import Gift
from gifting.gift.reading import read_gift
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.gift_transfer import OneTransfer, TransferReply
from guestportal.paytronix.replies.structs import decode
from tests.support.builders import Payload, demo_merchant, without

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ANA_CARD, ROSA_CARD = "6000301000418000", "6000301000731206"


def balance(**members: object) -> Payload:
    """TransferredBalance: one free coffee."""
    return {
        "sourceWalletCode": 21,
        "sourceWalletName": "Free Coffee",
        "sourceAmount": "1",
        "destinationWalletCode": 21,
        "destinationWalletName": "Free Coffee",
        "destinationWalletPluralName": "Free Coffees",
        "destinationAmount": "1",
        **members,
    }


def person(**members: object) -> Payload:
    """A "limited set of UserFields"."""
    return {"firstName": "Rosa", "lastName": "Lindqvist", **members}


def external(**members: object) -> Payload:
    """TransferTargetExternal by e-mail address."""
    return {
        "integration": {
            "identifier": "email",
            "name": "E-mail",
            "reportingName": "E-mail address",
            "detail": "",
        },
        "identifier": "jo@example.net",
        "name": "Jo from next door",
        **members,
    }


def transfer(**members: object) -> Payload:
    """A waiting gift from Rosa to Ana's account."""
    return {
        "code": "ANAC0FFEE7QK2MZP",
        "inbound": True,
        "status": "PENDING",
        "fromPrintedCardNumber": ROSA_CARD,
        "fromUserInformation": person(),
        "toPrintedCardNumber": ANA_CARD,
        "toUserInformation": person(firstName="Ana", lastName="Example"),
        "balance": balance(),
        "transferOutTransactionId": 9007199254800001,
        "transferDatetime": "2026-11-20 16:29:22 -0500",
        **members,
    }


def sent(**members: object) -> Payload:
    """A gift of Ana's to an address."""
    payload = {
        **transfer(),
        "inbound": False,
        "fromPrintedCardNumber": ANA_CARD,
        "fromUserInformation": person(firstName="Ana", lastName="Example"),
        "externalTarget": external(),
    }
    return {**without(payload, "toPrintedCardNumber", "toUserInformation"), **members}


def reply(payload: Payload) -> TransferReply:
    """The payload as it comes out of the transport."""
    body = json.dumps({"result": "success", "transferInfo": payload}).encode()
    return decode(body, OneTransfer).transfer_info


def gift(payload: Payload | None = None, *, merchant: Merchant | None = None, **members: object) -> Gift:
    """The payload as Ana sees it; without one a received gift with these members."""
    return read_gift(
        reply(transfer(**members) if payload is None else payload),
        merchant=merchant or demo_merchant(),
        card_number=ANA_CARD,
        now=NOW,
    )
