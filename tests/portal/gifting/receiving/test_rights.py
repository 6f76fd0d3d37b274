"""Who may see and move what: every kind of visitor and every address, with what Paytronix heard (checks 19 to 22)."""

import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from gifting.receiving.handles import LENGTH
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import CARDS, Card
from tests.support.answering_steps import (
    ANA,
    COFFEE_CODE,
    COFFEE_MESSAGE,
    HTMX,
    ROSA,
    SOFIA,
    THEO,
    TREAT_CODE,
    answer,
    handle_of,
    operations,
    sent_fields,
    signed_in,
    transfer,
    waiting,
    words,
    writes,
)
from tests.support.pages import parse
from tests.support.password_sign_in import ROSA as ROSA_BY_NAME
from tests.support.password_sign_in import sign_in_with_password
from tests.support.plain_browser import submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

EMAIL_MESSAGE = "drew a fern"  # Théo's gift for ana@example.com
ACTIONS = ("accept", "decline")


@pytest.fixture
def nobody(merchant: Merchant) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    "path",
    [
        "/gifts/",
        "/gifts/waiting/",
        "/history/",
        "/history.csv",
        f"/gifts/{'x' * LENGTH}/decline/",
        f"/gifts/{'x' * LENGTH}/deadline.ics",
    ],
)
def test_nobody_sees_anything_before_sign_in(
    nobody: Client, sandbox: SandboxProcess, path: str, headers: dict[str, str]
) -> None:
    response = nobody.get(path, headers=headers)
    target = response.headers.get("HX-Redirect") or response.headers["Location"]

    assert target.startswith("/?next=")
    assert response.content == b""
    assert "no-store" in response.headers["Cache-Control"]
    assert sandbox.requests() == []


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_answers_before_sign_in(nobody: Client, sandbox: SandboxProcess, action: str) -> None:
    handle = handle_of(signed_in(ANA))
    sandbox.clear_requests()
    response = answer(nobody, action, handle)

    assert response.headers["Location"].startswith("/?next=")
    assert sandbox.requests() == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("message", [COFFEE_MESSAGE, EMAIL_MESSAGE], ids=["by account", "by address"])
@pytest.mark.parametrize(
    "visitor", [ROSA, THEO, SOFIA], ids=["sender of one", "sender of the other", "stranger"]
)
def test_the_handle_of_another_sign_in_is_nothing(
    merchant: Merchant, sandbox: SandboxProcess, visitor: Card, message: str, action: str
) -> None:
    handle = handle_of(signed_in(ANA), message)
    other = signed_in(visitor)
    sandbox.clear_requests()
    for headers, status in (({}, 404), (HTMX, 200)):
        response = answer(other, action, handle, **headers)
        assert response.status_code == status
        assert (
            "Rosa" not in parse(response.content).one("main").text.replace("Rosa L.", "") or visitor is ROSA
        )
        assert COFFEE_MESSAGE not in response.content.decode()
    assert other.get(f"/gifts/{handle}/decline/").status_code == 404
    assert other.get(f"/gifts/{handle}/deadline.ics").status_code == 404

    assert writes(sandbox) == []
    assert transfer(sandbox).status == "PENDING"


def test_a_handle_dies_with_its_sign_in(merchant: Merchant, sandbox: SandboxProcess) -> None:
    old = handle_of(signed_in(ANA))
    again = signed_in(ANA)

    assert old != handle_of(again)
    assert answer(again, "accept", old).status_code == 404
    assert writes(sandbox) == []


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("message", [COFFEE_MESSAGE, EMAIL_MESSAGE], ids=["by account", "by address"])
def test_the_recipient_may_answer_by_account_and_by_address(
    ana: Client, sandbox: SandboxProcess, message: str, action: str
) -> None:
    response = answer(ana, action, handle_of(ana, message), **HTMX)

    assert response.status_code == 200
    (write,) = writes(sandbox)
    field = "acceptingPrintedCardNumber" if action == "accept" else "rejectingPrintedCardNumber"
    assert sent_fields(write)[field] == ANA.number


def test_the_sender_never_finds_a_sent_gift_among_those_that_wait(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    rosa = signed_in(ROSA)

    assert COFFEE_MESSAGE not in " ".join(each.text for each in waiting(rosa))
    history = parse(rosa.get("/history/").content).text
    assert COFFEE_MESSAGE in history
    assert COFFEE_CODE not in rosa.get("/history/").content.decode()


def test_a_guest_with_a_user_name_answers_for_their_own_card(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    rosa = Client(enforce_csrf_checks=True)
    sign_in_with_password(rosa, ROSA_BY_NAME)
    answer(rosa, "accept", handle_of(rosa, "Happy birthday, Rosa!"))

    assert sent_fields(writes(sandbox)[0])["acceptingPrintedCardNumber"] == ROSA.number
    assert transfer(sandbox, TREAT_CODE).status == "ACCEPTED"


@pytest.mark.parametrize("action", ACTIONS)
def test_ignores_cards_codes_and_amounts_from_the_browser(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    handle = handle_of(ana)
    forged = {
        "printedCardNumber": ROSA.number,
        "acceptingPrintedCardNumber": ROSA.number,
        "rejectingPrintedCardNumber": ROSA.number,
        "card_number": ROSA.number,
        "merchantId": "1",
        "code": TREAT_CODE,
        "walletCode": "1",
        "amount": "1000",
        "quantity": "1000",
        "message": "",
    }
    submit(ana, f"/gifts/{handle}/{action}/?code={TREAT_CODE}&card_number={ROSA.number}", forged)
    (write,) = writes(sandbox)
    fields = sent_fields(write)

    assert set(fields) == {
        "merchantId",
        "authentication",
        "code",
        "acceptingPrintedCardNumber" if action == "accept" else "rejectingPrintedCardNumber",
    }
    assert fields["merchantId"] == merchant_id(sandbox)
    assert ROSA.number not in write.body
    assert fields["code"] == COFFEE_CODE
    assert transfer(sandbox, TREAT_CODE).status == "PENDING"


def merchant_id(sandbox: SandboxProcess) -> int:
    return int(
        next(value for request in sandbox.requests() for name, value in request.query if name == "merchantId")
    )


def test_no_page_of_the_recipient_holds_a_code_or_a_card_number_of_the_other_side(
    ana: Client, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    numbers = [card.number for card in CARDS if card.number != ANA.number]
    codes = [gift.code for gift in sandbox.transfers()]
    pages: list[HttpResponse] = [
        ana.get(path, headers=headers)  # type: ignore[misc]  # the test client's response
        for path in (
            "/gifts/",
            "/gifts/waiting/",
            f"/gifts/{handle}/decline/",
            f"/gifts/{handle}/deadline.ics",
            "/history/",
            "/history/?direction=in",
            "/history/?page=2",
            "/history.csv",
        )
        for headers in ({}, HTMX)
    ]
    pages += [answer(ana, "accept", handle, **HTMX), answer(ana, "accept", handle)]
    for page in pages:
        text = page.content.decode() + str(page.headers)
        for secret in (*numbers, *codes, "Lindqvist", "Marchetti", "jo@example.net"):
            assert secret not in text, secret
        for number in numbers:
            assert not re.search(rf"(?<!\d){number[-6:]}(?!\d)", text), number


def test_every_rejection_names_the_sessions_card(ana: Client, sandbox: SandboxProcess) -> None:
    for gift in waiting(ana):
        answer(ana, "decline", gift.handle)
    rejections = writes(sandbox)

    assert len(rejections) == 4, "the one without a code was not sent"
    assert {json.loads(request.body)["rejectingPrintedCardNumber"] for request in rejections} == {ANA.number}
    assert operations(sandbox).count("rejectTransferIn") == 4


def test_says_nothing_about_why_a_handle_is_nothing(ana: Client, sandbox: SandboxProcess) -> None:
    others = handle_of(signed_in(ROSA), "Happy birthday, Rosa!")
    made_up = answer(ana, "accept", "A" * LENGTH)
    real = answer(ana, "accept", others)

    assert words(made_up) == words(real)
    assert made_up.status_code == real.status_code == 404
