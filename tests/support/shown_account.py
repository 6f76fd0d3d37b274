"""The balance as a guest sees it, rendered from a reply of Paytronix without sandbox, session or database."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.credentials import SessionWarning, SignedInGuest
from accounts.identities import CardIdentity
from accounts.reading import read_account
from accounts.verdict import judge
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode
from guestportal.web.locales import in_territory
from tests.support.builders import CARD_NUMBER, demo_merchant
from tests.support.pages import Element, check_parts, parse

READ_AT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # 10:30 in New York


def shown(
    reply: object, *, merchant: Merchant | None = None, card_number: str = CARD_NUMBER, language: str = "en"
) -> Element:
    """The account part of the balance page for this reply: JSON as text, or what is to be made JSON."""
    return parse(markup(reply, merchant=merchant, card_number=card_number, language=language))


def markup(
    reply: object, *, merchant: Merchant | None = None, card_number: str = CARD_NUMBER, language: str = "en"
) -> str:
    """The HTML that `shown` reads, after the checks that hold for every part of a page."""
    merchant = merchant or demo_merchant()
    body = reply if isinstance(reply, str) else json.dumps(reply)
    request = RequestFactory().get("/balance/")
    request.merchant = merchant  # type: ignore[attr-defined]  # as the middleware does
    with (
        translation.override(language),
        in_territory(merchant.locale.territory),
        timezone.override(merchant.locale.time_zone),
    ):
        account = read_account(
            decode(body.encode(), AccountInformation),
            merchant=merchant,
            card_number=card_number,
            read_at=READ_AT,
        )
        guest = SignedInGuest(
            id=UUID(int=0),
            identity=CardIdentity(card_number, "123456"),
            sealed_card="",
            card_number=card_number,
            open_account=lambda: account,
            warning=SessionWarning(600, READ_AT + timedelta(hours=1)),
            confirmed_at=READ_AT,
        )
        verdict = judge(account=account, merchant=merchant, language=language)
        context = {"guest": guest, "account": account, "verdict": verdict, "unread": ""}
        html = render_to_string("accounts/_account.html", context, request=request)
    check_parts(parse(html))
    return html


def text_of(reply: object, *, merchant: Merchant | None = None, card_number: str = CARD_NUMBER) -> str:
    """The words of the account part in English."""
    return shown(reply, merchant=merchant, card_number=card_number).text
