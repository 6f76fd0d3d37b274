"""What a guest reads out of an answer of accountInformation: the account's part of the balance page, as lines."""

import json
from datetime import UTC, datetime

from django.template.loader import render_to_string
from responses import RequestsMock

from accounts import refusals
from accounts.reading import read_account
from accounts.refusals import Typed
from accounts.verdict import judge
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode, encode
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.styles import CardStyle
from tests.support.builders import CARD_NUMBER, demo_merchant
from tests.support.pages import parse

READ_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def lines_of(payload: object, *, status: int = 200) -> list[str]:
    """The page's paragraphs, headings and list items, top to bottom, for the holder of CARD_NUMBER.

    `payload` is served as JSON, or as it is where it is bytes. Of an answer that is no balance the lines are the
    sentences that take the page's place.
    """
    merchant = demo_merchant()
    try:
        reply = _served(payload, status)
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language="en")
        return [line for line in (refusal.text, refusal.state) if line]
    except Refused as error:
        return [refusals.refusal(error, merchant=merchant, language="en", show_vendor_text=True).text]
    except PaytronixError as error:
        alert = refusals.unavailable(error, typed=Typed.NOTHING)
        return [alert.title, alert.text]
    kept = decode(encode(reply), AccountInformation)  # as it rests until the page is shown
    account = read_account(kept, merchant=merchant, card_number=CARD_NUMBER, read_at=READ_AT)
    context = {
        "account": account,
        "merchant": merchant,
        "csrf_token": "for the form that reads anew",
        "verdict": judge(account=account, merchant=merchant, language="en"),
    }
    page = parse(render_to_string("accounts/_account.html", context).encode())
    parts = ("h1", "h2", "p", "li", "dt", "dd", "summary")
    return [each.text for each in page.all() if each.name in parts and each.text]


def words_of(payload: object, *, status: int = 200) -> str:
    """The page as one text."""
    return "\n".join(lines_of(payload, status=status))


def _served(payload: object, status: int) -> AccountInformation:
    """What the client makes of an answer with this body."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    merchant = demo_merchant()
    address = f"{merchant.integration.base_url}/guest/accountInformation.json"
    with RequestsMock() as served:
        served.add("GET", address, body=body, status=status, content_type="application/json")
        service = GuestService(
            PaytronixClient(merchant.integration)
        )  # a new one, whose breaker knows of no other
        style = CardStyle(CARD_NUMBER, "123456")
        return service.account_information(style=style, printed_card_number=CARD_NUMBER)
