"""Markup in every text of a transfer stays text on every page and in every fragment; Chromium has its own test."""

import json

import pytest
from django.test import Client

from tests.support.answering_steps import ANA_ACCOUNT, HTMX, ROSA, answer, shown_gifts
from tests.support.pages import Element, parse
from tests.support.sandbox import SandboxProcess

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(3)>',
    "'\"--><iframe srcdoc='<script>alert(4)</script>'></iframe>",
    "</title></textarea><script>alert(6)</script>",
    "{{ 7|add:7 }}{% csrf_token %}",
    "<div hx-get=/help/ hx-trigger=load hx-target=body>",
    "<form action=https://evil.example><input name=card_number>",
    '<a href="javascript:alert(5)">x</a> https://evil.example',
)
CODE = "MARKUPG1FT000001"


def full_of(payload: str) -> dict[str, object]:
    """Members of TransferInfo in which every text is the payload."""
    names = {"salutation": payload, "firstName": payload, "lastName": payload}
    return {
        "fromUserInformation": names,
        "toUserInformation": names,
        "externalTarget": {
            "integration": {
                "identifier": payload,
                "name": payload,
                "reportingName": payload,
                "detail": payload,
            },
            "identifier": payload,
            "name": payload,
        },
        "balance": {
            "sourceWalletCode": 5,
            "sourceWalletName": payload,
            "sourceAmount": payload,
            "destinationWalletCode": 77,
            "destinationWalletName": payload,
            "destinationWalletPluralName": payload,
            "destinationAmount": payload,
            "expirationDate": payload,
            "destinationWalletNameTiny": payload,
            "destinationWalletNameShort": payload,
            "destinationWalletNameLong": f"{payload} long",
        },
        "transferDatetime": payload,
        "responseDatetime": payload,
        "transferMessage": payload,
        "responseMessage": payload,
        "externalTargetLink": payload,
    }


def assert_is_text(root: Element, payload: str) -> None:
    """The payload can be read as it was sent, and nothing of it became an element or an attribute."""
    assert " ".join(payload.split()) in root.text
    outside = [each for each in root.all() if "evil.example" in str(list(each.attributes.values()))]
    assert not [each for each in outside if each.name not in {"option", "input", "textarea"}]
    for element in root.all():
        assert element.name not in {"iframe", "base"}
        assert not (element.name == "script" and "src" not in element.attributes)
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.attributes.get("hx-get") != "/help/"
        assert not element.attributes.get("href", "").startswith("javascript:")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_shows_a_payload_in_every_field_as_text(ana: Client, sandbox: SandboxProcess, payload: str) -> None:
    sandbox.clear_transfers()
    sandbox.add_gift(
        from_card=ROSA.number, wallet_code=21, to_account=ANA_ACCOUNT, code=CODE, members=full_of(payload)
    )
    (gift,) = shown_gifts(ana.get("/gifts/").content)
    nobody = Client()
    ana.get(f"/g/{CODE}/")
    nobody.get(f"/g/{CODE}/")
    pages = [
        ana.get("/gifts/"),
        ana.get("/gifts/", headers=HTMX),
        ana.get("/gifts/waiting/", headers=HTMX),
        ana.get(f"/gifts/{gift.handle}/decline/"),
        ana.get(f"/gifts/{gift.handle}/decline/", headers=HTMX),
        ana.get("/g/"),
        nobody.get("/g/"),
        ana.get("/history/"),
    ]
    for page in pages:
        assert_is_text(parse(page.content), payload)

    refusal = {"result": "failure", "errorCode": payload, "errorMessage": payload}
    fault = {"kind": "replace", "body": json.dumps(refusal), "work": False}
    for headers in ({}, HTMX):
        sandbox.queue_fault("gifttransfer/acceptTransferIn", fault)
        assert_is_text(parse(answer(ana, "accept", gift.handle, **headers).content), payload)
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", fault)
    assert_is_text(parse(ana.get("/gifts/").content), payload)
    answered = answer(ana, "accept", gift.handle, **HTMX)
    assert_is_text(parse(answered.content), payload)
