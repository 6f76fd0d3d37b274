"""Forty payloads in every text of every reply: each stays text, nothing runs, and no control character arrives."""

import html
import json
import re
from collections.abc import Sequence
from typing import Final

import pytest
from playwright.sync_api import expect

from guestportal.sandbox import identity
from tests.browser.guest import Guest
from tests.browser.inbox import ANA, ANA_ACCOUNT, ROSA, give
from tests.browser.test_markup import INJECTED, reply_full_of
from tests.browser.test_markup import PAYLOADS as MARKUP
from tests.support.sandbox import REQUEST_GUEST_TOKEN, USER_INFORMATION, SandboxProcess

MORE_MARKUP: Final = (
    "<ScRiPt>alert(13)</sCrIpT>",
    "<scr<script>ipt>alert(14)</scr</script>ipt>",
    "<svg><script>alert(15)</script></svg>",
    "<math><mtext><img src=x onerror=alert(16)></mtext></math>",
    "<details open ontoggle=alert(17)>x</details>",
    "<input autofocus onfocus=alert(18)>",
    "<video><source onerror=alert(19)></video>",
    "<object data=data:text/html,x></object>",
    "<embed src=//evil.example/x>",
    "</time></bdi></article><script>alert(22)</script>",
    "' onmouseover='alert(23)",
    '" onmouseover="alert(24)',
    "javascript:alert(25)",
    "&lt;script&gt;alert(26)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(27)&#62;",
    "\\u003cscript\\u003ealert(28)\\u003c/script\\u003e",
    "<template><script>alert(29)</script></template>",
    "<a hx-post=/sign-out/ hx-trigger=load hx-on:click=alert(30)>x</a>",
    "</p><p hx-swap-oob=true id=status>taken</p>",
    "<script nonce=x src=//evil.example/y.js></script>",
)
# What arrives, and what is shown of it: no control character, no change of direction, nothing invisible.
CONTROLS: Final = {
    "nul\x00 33": "nul 33",
    "bell\x07 34\x1b[31m": "bell 34[31m",
    "delete\x7f 35": "delete 35",
    "c1\x9b 36": "c1 36",
    "\u202eesrever 37\u202c": "esrever 37",
    "\u2066isolated 38\u2069": "isolated 38",
    "mark\ufeff 39": "mark 39",
    "<b\u202e>40</b>\u061c": "<b>40</b>",
}
SHOWN: Final = {**{payload: payload for payload in (*MARKUP, *MORE_MARKUP)}, **CONTROLS}
PAYLOADS: Final = tuple(SHOWN)
UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
PARTS: Final = tuple(PAYLOADS[start : start + 10] for start in range(0, len(PAYLOADS), 10))
ALL_OPEN: Final = "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"


def transfer_full_of(payload: str) -> dict[str, object]:
    """Every text of TransferInfo that a gift can be answered without."""
    return {
        "fromUserInformation": {"salutation": payload, "firstName": payload, "lastName": payload},
        "toUserInformation": {"salutation": payload, "firstName": payload, "lastName": payload},
        "externalTarget": {
            "integration": dict.fromkeys(("identifier", "name", "reportingName", "detail"), payload),
            "identifier": payload,
            "name": payload,
        },
        "externalTargetLink": payload,
        "balance": {
            "sourceWalletCode": payload,
            "sourceWalletName": payload,
            "sourceAmount": payload,
            "destinationWalletCode": payload,
            "destinationWalletName": payload,
            "destinationWalletPluralName": payload,
            "destinationAmount": payload,
            "expirationDate": payload,
            "expirationDays": payload,
            "destinationWalletNameTiny": payload,
            "destinationWalletNameShort": payload,
            "destinationWalletNameLong": payload,
        },
        "transferDatetime": payload,
        "transferMessage": payload,
        "transferExpirationDays": payload,
        "responseDatetime": payload,
        "responseMessage": payload,
    }


def record_full_of(payload: str) -> dict[str, object]:
    """Members of a gift that is over: its state, numbers and code are texts as well."""
    more = dict.fromkeys(
        (
            "status",
            "code",
            "fromPrintedCardNumber",
            "toPrintedCardNumber",
            "transferOutTransactionId",
            "transferInTransactionId",
            "voidTransferOutTransactionId",
        ),
        payload,
    )
    return {**transfer_full_of(payload), **more}


def forms_of(payload: str) -> set[str]:
    """How a payload may read: names and messages with their entities decoded once, everything else as it came."""
    return {SHOWN[payload], html.unescape(SHOWN[payload])}


def expect_text_alone(guest: Guest, payloads: Sequence[str], *, times: int) -> None:
    """Each payload can be read at least so many times, and nothing of it became part of the page."""
    text = " ".join(guest.page.locator("body").inner_text().split())
    missing = {payload: sum(map(text.count, forms_of(payload))) for payload in payloads}
    assert not {payload: count for payload, count in missing.items() if count < times}
    assert UNWANTED.findall(text.replace("\n", " ")) == []
    assert guest.page.locator(INJECTED).count() == 0
    assert (
        guest.page.locator("[onload], [ontoggle], [onfocus], [onmouseover], main object, main embed").count()
        == 0
    )


def test_has_forty_payloads() -> None:
    assert len(PAYLOADS) == 40


def test_shows_gifts_full_of_markup_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    for payload in PAYLOADS:
        give(sandbox, members=transfer_full_of(payload))
    guest.come_with_card(ANA)
    guest.open("/gifts/")
    expect(guest.page.get_by_role("article")).to_have_count(len(PAYLOADS))
    guest.page.evaluate(ALL_OPEN)
    expect_text_alone(guest, PAYLOADS, times=4)  # sender, gift, message and deadline

    guest.page.get_by_role("link", name="Decline").first.click()
    yes = guest.page.get_by_role("button", name="Yes, decline")
    expect(yes).to_be_visible()
    expect_text_alone(guest, PAYLOADS, times=2)
    yes.click()
    expect(guest.status).to_contain_text("You declined the gift")
    guest.page.get_by_role("button", name="Accept").first.click()
    expect(guest.status).to_contain_text("You accepted the gift")
    expect_text_alone(guest, PAYLOADS, times=2)
    assert [request.resource_type for request in guest.requests].count("document") == 1


def test_shows_a_history_full_of_markup_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    for payload in PAYLOADS:
        sandbox.add_gift(
            from_card=ANA.number,
            wallet_code=identity.WALLET_FREE_COFFEE,
            to_external=("jo@example.net", "Jo"),
            status="RETURNED",
            members=record_full_of(payload),
        )
    guest.come_with_card(ANA)
    for page, payloads in ((1, 25), (2, 15)):
        guest.open(f"/history/?page={page}")
        parcels = guest.page.get_by_role("article")
        expect(parcels).to_have_count(payloads)
        guest.page.evaluate(ALL_OPEN)
        text = " ".join(" ".join(parcels.all_inner_texts()).split())
        here = [payload for payload in PAYLOADS if any(form in text for form in forms_of(payload))]
        assert len(here) == payloads
        expect_text_alone(
            guest, here, times=6
        )  # recipient, gift, both messages, state, and moments or numbers
    assert not guest.page.locator("main a[href^='javascript:']").count()


def test_shows_a_gift_link_full_of_markup_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    everything = " ".join(MARKUP)
    give(sandbox, code="MARKUPLINK", members=transfer_full_of(everything))
    guest.open("/g/MARKUPLINK/")

    expect(guest.page.get_by_role("heading", level=1)).to_contain_text(everything)
    expect_text_alone(guest, MARKUP, times=3)


@pytest.mark.parametrize("payloads", PARTS, ids=("1-10", "11-20", "21-30", "31-40"))
def test_shows_an_account_full_of_markup_as_text(
    guest: Guest, sandbox: SandboxProcess, payloads: tuple[str, ...]
) -> None:
    guest.come_with_card(ROSA)
    guest.open("/balance/")
    for payload in payloads:
        sandbox.set_reply(ROSA.number, reply_full_of(payload))
        with guest.page.expect_response("**/balance/refresh/"):
            guest.page.get_by_role("button", name="Refresh").click()
        expect(guest.page.get_by_text(html.unescape(SHOWN[payload]), exact=True).first).to_be_visible()
        guest.page.evaluate(ALL_OPEN)
        expect_text_alone(guest, [payload], times=10)
    assert [request.resource_type for request in guest.requests].count("document") == 1


def test_shows_a_user_full_of_markup_as_text(guest: Guest, sandbox: SandboxProcess) -> None:
    name = " ".join(PAYLOADS)
    token = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 3600,
        "scope": "user_read",
        "username": name,
    }
    user = {
        "accountIds": [ANA_ACCOUNT],
        "primaryCardNumbers": PAYLOADS,
        "addresses": [{"label": name, "city": name}],
        "fields": {"username": name, "firstName": name, "lastName": name, "email": name},
    }
    for operation, reply in ((REQUEST_GUEST_TOKEN, token), (USER_INFORMATION, user)):
        body = json.dumps({"result": "success", **reply})
        sandbox.queue_fault(operation, {"kind": "replace", "body": body})
    guest.open("/sign-in/")
    guest.page.get_by_label("User name").fill("anybody")
    guest.page.get_by_label("Password", exact=True).fill("any word")
    guest.submit("Sign in")

    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Which card?")
    expect(guest.page.get_by_role("radio")).to_have_count(len(PAYLOADS))
    expect_text_alone(guest, PAYLOADS, times=1)
