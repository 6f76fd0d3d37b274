"""What a guest reads out of an answer of accountInformation: the account's part of the balance page, as lines."""

import json
from datetime import UTC, datetime

from django.template.loader import render_to_string

from accounts.reading import read_account
from accounts.verdict import judge
from guestportal.paytronix.calls import Answer, Call
from guestportal.paytronix.meaning import read_success
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode, encode
from guestportal.paytronix.services.guest import ACCOUNT_INFORMATION
from guestportal.paytronix.styles import CardStyle
from tests.support.builders import CARD_NUMBER, demo_merchant
from tests.support.pages import parse

READ_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def lines_of(payload: object) -> list[str]:
    """The page's paragraphs, headings and list items, top to bottom, for the holder of CARD_NUMBER."""
    call = Call(ACCOUNT_INFORMATION, CardStyle(CARD_NUMBER, "123456"), {})
    reply = read_success(call, Answer(200, json.dumps(payload).encode()), AccountInformation)
    kept = decode(encode(reply), AccountInformation)  # as it rests until the page is shown
    merchant = demo_merchant()
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


def words_of(payload: object) -> str:
    """The page as one text."""
    return "\n".join(lines_of(payload))
