"""Gift links: opened by scanners, by the right guest, by another one, and by somebody with a made-up code."""

import dataclasses
from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.models import Credential
from gifting.receiving.handles import LENGTH
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import Card
from guestportal.web.models import Session
from tests.conftest import serving
from tests.support.answering_steps import (
    ANA,
    ANA_ACCOUNT,
    COFFEE_CODE,
    COFFEE_MESSAGE,
    ROSA,
    THEO,
    URL_BY_ACTION,
    answer,
    handle_of,
    operations,
    shown_gifts,
    signed_in,
    transfer,
    words,
    writes,
)
from tests.support.pages import parse, parse_page
from tests.support.password_sign_in import TWO_CARDS, sign_in_with_password
from tests.support.plain_browser import submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

LINK = f"/g/{COFFEE_CODE}/"
UNKNOWN = [
    "NOSUCHC0DE000000",
    "x",
    "a b",
    "%00",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "é" * 40,
    "A" * 5000,
]


@pytest.fixture
def visitor(merchant: Merchant) -> Client:
    return Client(enforce_csrf_checks=True)


def follow(client: Client, link: str = LINK) -> bytes:
    """Open the link and the clean address behind it."""
    response = client.get(link)
    assert (response.status_code, response.headers["Location"]) == (302, "/g/")
    return client.get("/g/").content


def test_moves_the_code_out_of_the_address_and_asks_nobody(visitor: Client, sandbox: SandboxProcess) -> None:
    response = visitor.get(LINK)

    assert (response.status_code, response.headers["Location"]) == (302, "/g/")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content == b""
    assert sandbox.requests() == []
    assert COFFEE_CODE not in Session.objects.get().session_data


def test_shows_a_small_preview_before_sign_in(visitor: Client, sandbox: SandboxProcess) -> None:
    visitor.get(LINK)
    response = visitor.get("/g/")
    page = parse_page(response.content)

    assert response.status_code == 200
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert operations(sandbox) == ["pendingTransfer"]
    for word in ("Rosa L.", "Free Coffee", COFFEE_MESSAGE):
        assert word in page.text
    assert page.all("time")
    text = response.content.decode()
    for secret in (COFFEE_CODE, ANA.number, ROSA.number, "418000", "Lindqvist", "Ana", "Example"):
        assert secret not in text, secret
    ways_in = [unquote(each.attributes.get("href", "")) for each in page.all("a")]
    assert [address for address in ways_in if address.endswith("next=/g/")]
    assert not [each for each in page.all("form") if "gifts" in each.attributes.get("action", "")]


@pytest.mark.parametrize(
    ("card_form", "chief"), [(True, "Sign in with your card"), (False, "Sign in with a user name")]
)
def test_has_one_chief_way_in(visitor: Client, merchant: Merchant, card_form: bool, chief: str) -> None:
    features = dataclasses.replace(merchant.features, card_form=card_form)
    with serving(dataclasses.replace(merchant, features=features)):
        page = parse_page(follow(visitor))

    assert page.one("main").one("a", class_="button").text == chief


def test_shows_no_address_of_the_recipient_in_the_preview(visitor: Client, sandbox: SandboxProcess) -> None:
    (gift,) = sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_external=("somebody@example.net", "Some Body"),
        code="T0ANADDRESS00001",
    )
    text = follow(visitor, f"/g/{gift.code}/").decode()

    assert "Free Coffee" in text
    for secret in ("somebody", "example.net", "Some Body"):
        assert secret not in text


def test_ten_scanners_leave_the_gift_waiting(merchant: Merchant, sandbox: SandboxProcess) -> None:
    for number in range(10):
        client = Client()
        method = client.head if number % 2 else client.get
        assert method(LINK).status_code == 302
        assert method("/g/").status_code == 200

    assert transfer(sandbox).status == "PENDING"
    assert writes(sandbox) == []


@pytest.mark.parametrize("path", [LINK, "/g/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_takes_no_other_method(visitor: Client, sandbox: SandboxProcess, path: str, method: str) -> None:
    visitor.get(LINK)

    assert getattr(visitor, method)(path).status_code in {403, 405}
    assert writes(sandbox) == []


def test_comes_back_to_the_gift_after_sign_in_and_accepts_it(
    visitor: Client, sandbox: SandboxProcess
) -> None:
    follow(visitor)
    response = submit(visitor, "/", {"card_number": ANA.number, "registration_code": ANA.code, "next": "/g/"})
    assert response.headers["Location"] == "/g/"
    sandbox.clear_requests()
    page = parse_page(visitor.get("/g/").content)
    (card,) = shown_gifts(page)

    assert operations(sandbox) == ["pendingTransfersToAccount"]
    assert COFFEE_MESSAGE in card.text
    assert COFFEE_CODE not in visitor.get("/g/").content.decode()
    answer(visitor, "accept", card.handle)
    assert transfer(sandbox).status == "ACCEPTED"
    after = visitor.get("/g/")
    assert after.status_code == 410
    assert "accept" in words_of(after.content).lower() or "answered" in words_of(after.content).lower()


@pytest.mark.parametrize("ends", ["before the link", "on the preview"])
def test_survives_a_sign_in_that_has_ended(merchant: Merchant, sandbox: SandboxProcess, ends: str) -> None:
    browser = signed_in(THEO)
    if ends == "on the preview":
        browser.get(LINK)
    Credential.objects.all().delete()
    if ends == "before the link":
        browser.get(LINK)

    assert COFFEE_MESSAGE in words_of(browser.get("/g/").content)
    submit(browser, "/", {"card_number": ANA.number, "registration_code": ANA.code, "next": "/g/"})
    assert len(shown_gifts(browser.get("/g/").content)) == 1


def test_survives_a_lost_slash(visitor: Client) -> None:
    assert visitor.get(LINK.rstrip("/")).headers["Location"] == "/g/"


def test_signing_out_leaves_nothing_of_the_link(ana: Client) -> None:
    assert COFFEE_MESSAGE in words_of(follow(ana))
    submit(ana, "/sign-out/", {})

    assert ana.get("/g/").status_code == 404


def test_a_malformed_link_shows_nothing_of_an_earlier_one(visitor: Client) -> None:
    assert COFFEE_MESSAGE in words_of(follow(visitor))
    visitor.get("/g/a b/")

    assert visitor.get("/g/").status_code == 404


def test_tells_the_wrong_account_so_and_offers_another_card(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    (gift,) = sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_external=("ana@example.com", "Ana Banana"),
        code="F0RANASADDRESS01",
    )
    theo = signed_in(THEO)
    text = follow(theo, f"/g/{gift.code}/").decode()
    page = parse_page(text)

    assert "a…@example.com" in page.text
    assert "ana@example.com" not in text
    assert "Banana" not in text
    assert shown_gifts(page) == []
    assert not [each for each in page.all("form") if "accept" in each.attributes.get("action", "")]
    assert any("next=%2Fg%2F" in each.attributes.get("href", "") for each in page.all("a"))
    assert writes(sandbox) == []


def test_says_only_the_kind_of_account_where_there_is_no_address(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    text = follow(signed_in(THEO)).decode()

    assert "another card" in text
    assert ANA.number[-6:] not in text


def test_another_card_entered_in_the_same_browser_finds_the_gift(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    browser = signed_in(THEO)
    assert shown_gifts(follow(browser)) == []
    submit(browser, "/", {"card_number": ANA.number, "registration_code": ANA.code, "next": "/g/"})

    assert len(shown_gifts(browser.get("/g/").content)) == 1


def test_asks_for_the_card_first_when_the_guest_has_several(visitor: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_password(visitor, TWO_CARDS)
    visitor.get(LINK)

    assert visitor.get("/g/").headers["Location"] == "/sign-in/card/?next=%2Fg%2F"


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_a_link_has_the_code_that_the_list_leaves_out(
    ana: Client, sandbox: SandboxProcess, action: str
) -> None:
    sandbox.show_codes(False)
    follow(ana)
    (card,) = shown_gifts(ana.get("/g/").content)
    sandbox.clear_requests()
    answer(ana, action, card.handle)

    assert operations(sandbox) == sorted(
        [
            "pendingTransfersToAccount",
            "pendingTransfer",
            URL_BY_ACTION[action].partition("/")[2],
        ]
    )
    assert transfer(sandbox).status == {"accept": "ACCEPTED", "decline": "REJECTED"}[action]


@pytest.mark.parametrize("note", ["", "see evil.example"])
def test_a_gift_without_a_code_and_without_a_link_has_no_form_to_decline_it(
    ana: Client, sandbox: SandboxProcess, note: str
) -> None:
    sandbox.show_codes(False)
    handle = handle_of(ana)
    pages = [ana.get(f"/gifts/{handle}/decline/").content]
    pages += [answer(ana, action, handle, note).content for action in URL_BY_ACTION]

    for page in pages:
        assert "open the link" in parse(page).text.lower()
        assert not [
            each for each in parse(page).all("form") if "decline" in each.attributes.get("action", "")
        ]
    assert writes(sandbox) == []


def test_keeps_a_note_that_is_not_taken_beside_a_link(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.show_codes(False)
    follow(ana)
    (card,) = shown_gifts(ana.get("/g/").content)
    response = answer(ana, "accept", card.handle, "see evil.example")

    assert response.status_code == 422
    assert "see evil.example" in [each.text for each in parse(response.content).all("textarea")]


def test_a_link_is_no_code_for_another_gift(ana: Client, sandbox: SandboxProcess) -> None:
    """A link to one gift of this card must not open another one, nor somebody else's link any."""
    sandbox.show_codes(False)
    for link in (LINK, "/g/R0SATREAT9XW4HDK/", "/g/NOSUCHC0DE000000/"):
        ana.get(link)
        response = answer(ana, "accept", handle_of(ana, "No hurry"))
        assert response.status_code == 409
        assert "open the link" in words(response).lower()
    assert writes(sandbox) == []


@pytest.mark.parametrize("code", UNKNOWN)
@pytest.mark.parametrize("guest", [None, ANA], ids=["nobody", "guest"])
def test_unknown_and_malformed_codes_look_the_same(
    merchant: Merchant, sandbox: SandboxProcess, code: str, guest: Card | None
) -> None:
    client = signed_in(guest) if guest else Client()
    client.get("/g/NOSUCHC0DE999999/")
    expected = client.get("/g/")
    client.get(f"/g/{code}/")
    found = client.get("/g/")

    assert found.status_code == expected.status_code == 404
    assert words_of(found.content) == words_of(expected.content)


@pytest.mark.parametrize("guest", [None, ANA, THEO], ids=["nobody", "recipient", "stranger"])
@pytest.mark.parametrize(
    ("ending", "word"), [("EXPIRED", "expired"), ("ACCEPTED", "answered"), ("REJECTED", "answered")]
)
def test_tells_what_became_of_a_gift_that_is_over(
    merchant: Merchant, sandbox: SandboxProcess, guest: Card | None, ending: str, word: str
) -> None:
    (gift,) = sandbox.add_gift(
        from_card=ROSA.number, wallet_code=21, to_account=ANA_ACCOUNT, status=ending, code="0VERAND0NE000001"
    )
    client = signed_in(guest) if guest else Client()
    client.get(f"/g/{gift.code}/")
    response = client.get("/g/")

    assert response.status_code == 410
    assert word in words_of(response.content).lower()
    assert "Rosa" not in words_of(response.content) or guest is ANA


@pytest.mark.parametrize(
    ("guest", "words"), [(None, "Sign in to see it"), (ANA, "See the history")], ids=["nobody", "guest"]
)
def test_leads_from_an_answered_gift_to_the_history(
    merchant: Merchant, sandbox: SandboxProcess, guest: Card | None, words: str
) -> None:
    (gift,) = sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_account=ANA_ACCOUNT,
        status="ACCEPTED",
        code="0VERAND0NE000001",
    )
    page = parse_page(follow(signed_in(guest) if guest else Client(), f"/g/{gift.code}/"))

    assert page.one("main").one("a", class_="button", href="/history/").text == words


@pytest.mark.parametrize("guest", [None, ANA], ids=["nobody", "guest"])
def test_keeps_the_link_while_paytronix_cannot_be_asked(
    merchant: Merchant, sandbox: SandboxProcess, guest: Card | None
) -> None:
    client = signed_in(guest) if guest else Client()
    client.get(LINK)
    for operation in ("gifttransfer/pendingTransfer", "gifttransfer/pendingTransfersToAccount"):
        sandbox.queue_fault(operation, {"kind": "status", "status": 503}, times=2)

    assert client.get("/g/").status_code == 503
    sandbox.clear_faults()
    assert client.get("/g/").status_code == 200


def test_without_a_link_there_is_no_gift(visitor: Client, sandbox: SandboxProcess) -> None:
    assert visitor.get("/g/").status_code == 404
    assert sandbox.requests() == []
    assert not Session.objects.exists()


def test_a_merchant_without_gifts_has_no_such_addresses(merchant: Merchant, sandbox: SandboxProcess) -> None:
    features = dataclasses.replace(merchant.features, gifting=False)
    client = signed_in(ANA)
    sandbox.clear_requests()
    with serving(dataclasses.replace(merchant, features=features)):
        paths = [
            "/gifts/",
            "/gifts/waiting/",
            "/history/",
            "/history.csv",
            "/g/",
            LINK,
            f"/gifts/{'x' * LENGTH}/decline/",
        ]
        assert [client.get(path).status_code for path in paths] == [404] * len(paths)
        assert answer(client, "accept", "x" * LENGTH).status_code == 404
    assert [request for request in sandbox.requests() if "gifttransfer" in request.operation] == []


def words_of(page: bytes) -> str:
    """The page's text below its landmarks, without what differs from page to page."""
    return parse(page).one("main").text
