"""Reading anew: when a reading is too old, on Refresh, page or fragment, and what happens when it fails."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.credentials import keep_account, use
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode
from guestportal.sandbox.cards import SEED
from guestportal.sandbox.guests import Guest
from guestportal.storage.sealing import open_sealed
from guestportal.web.fragments import VARY_ON
from tests.support.pages import Element, check_parts, parse, parse_page
from tests.support.password_sign_in import ROSA, TWO_CARDS, sign_in_with_password
from tests.support.plain_browser import sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
BOOSTED = {**HTMX, "HX-Boosted": "true"}
RESTORE = {**HTMX, "HX-History-Restore-Request": "true"}
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)  # 12:00 in New York
NEW_POINTS = [{"walletCode": 3, "name": "Points", "balance": "777", "giftable": False}]
REFUSAL = '{"result": "failure", "errorCode": "account_info.closed", "errorMessage": "Closed <b>today</b>"}'


def refresh(client: Client, headers: dict[str, str] | None = None) -> HttpResponse:
    return submit(client, "/balance/refresh/", {}, **(headers or {}))


def is_page(content: bytes) -> bool:
    return content.startswith(b"<!doctype html>")


def fragment(response: HttpResponse) -> Element:
    """The one element of a fragment, after the checks that hold for all of them."""
    root = parse(response.content)
    check_parts(root)
    (element,) = [child for child in root.children if isinstance(child, Element)]
    assert element.attributes["id"]
    assert not is_page(response.content)
    return element


@pytest.mark.parametrize(("seconds", "calls"), [(-1, 1), (0, 2), (1, 2)])
def test_reads_anew_when_the_reading_is_older_than_the_merchant_allows(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess, seconds: int, calls: int
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in_with_card(guest_client)
    sandbox.override_fields(SEED.number, pointBalances=NEW_POINTS)
    later = NOON + timedelta(seconds=merchant.limits.account_fresh_seconds + seconds)
    with time_machine.travel(later, tick=False):
        text = parse_page(guest_client.get("/balance/").content).text
        guest_client.get("/balance/")

    assert len(sandbox.requests()) == calls, "what was read anew is kept for the next page"
    assert ("777 Points" in text) is (calls == 2)
    assert ("As of November 20, 2026, 12:00" in text.replace("\u202f", " ")) is (calls == 1)


def test_refreshes_without_script_and_says_so(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)
    sandbox.override_fields(SEED.number, pointBalances=NEW_POINTS)

    response = refresh(guest_client)
    page = parse_page(guest_client.get(response.headers["Location"]).content)

    assert response.status_code == 302
    assert response.headers["Location"] == "/balance/"
    assert len(sandbox.requests()) == 2
    assert "777 Points" in page.text
    said = page.one(role="status").text
    assert said.endswith(".")
    assert said
    assert parse_page(guest_client.get("/balance/").content).one(role="status").text == ""


def test_refreshes_a_fragment_for_htmx_and_says_so(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)
    sandbox.override_fields(SEED.number, pointBalances=NEW_POINTS)

    response = refresh(guest_client, HTMX)
    element = fragment(response)
    said = element.one(hx_swap_oob="innerHTML:#status")

    assert response.status_code == 200
    assert "777 Points" in element.text
    assert said.text.endswith(".")
    assert len(sandbox.requests()) == 2
    page = parse_page(guest_client.get("/balance/").content)
    assert page.one(id=element.attributes["id"]).name == element.name
    assert page.one(role="status").attributes["id"] == "status"
    assert page.one(role="status").text == "", "the sentence was said already"


def test_offers_a_refresh_that_works_alone(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    page = parse_page(guest_client.get("/balance/").content)
    (form,) = [each for each in page.all("form") if each.attributes["action"] == "/balance/refresh/"]

    assert form.attributes["method"] == "post"
    assert form.attributes["hx-post"] == form.attributes["action"]
    assert page.one(id=form.attributes["hx-target"].removeprefix("#")).find_parent("main")
    assert form.one("button", type="submit").text
    assert form.one("input", name="csrfmiddlewaretoken").attributes["value"]


def test_relies_on_no_inherited_htmx_attribute(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    page = parse_page(guest_client.get("/balance/").content)

    for element in page.all():
        names = {name for name in element.attributes if name.startswith("hx-")} - {"hx-swap-oob"}
        if names:
            assert names & {"hx-get", "hx-post"}, element
            assert element.attributes["hx-swap"] == "none" or {"hx-target", "hx-swap"} <= names, element


@pytest.mark.parametrize(("headers", "whole"), [({}, True), (HTMX, False), (BOOSTED, True), (RESTORE, True)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_answers_with_page_or_fragment(
    guest_client: Client, headers: dict[str, str], whole: bool, method: str
) -> None:
    sign_in_with_card(guest_client)
    response = guest_client.generic(method, "/balance/", headers=headers)
    vary = {name.strip() for name in response.headers["Vary"].split(",")}

    assert set(VARY_ON) <= vary
    assert set(VARY_ON) == {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"}
    assert {"no-store", "private"} <= set(response.headers["Cache-Control"].split(", "))
    if method == "GET":
        assert is_page(response.content) is whole


@pytest.mark.parametrize(("headers", "status"), [({}, 302), (HTMX, 200), (BOOSTED, 302), (RESTORE, 302)])
def test_answers_a_refresh_with_a_redirect_or_a_fragment(
    guest_client: Client, headers: dict[str, str], status: int
) -> None:
    sign_in_with_card(guest_client)

    response = refresh(guest_client, headers)

    assert response.status_code == status
    assert not is_page(response.content)


def test_does_not_refresh_on_get(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)

    for method in ("GET", "HEAD", "PUT", "DELETE"):
        assert guest_client.generic(method, "/balance/refresh/").status_code in {403, 405}
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_shows_the_older_figures_with_their_time_when_reading_anew_fails(
    guest_client: Client, sandbox: SandboxProcess, headers: dict[str, str]
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in_with_card(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500})
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        response = refresh(guest_client, headers)
        text = parse(response.content).text.replace("\u202f", " ")

    assert response.status_code == 200
    assert re.search(r"could not read your balance again.* Reference [0-9A-HJKMNP-TV-Z]{8} ", text)
    assert "0 Points" in text
    assert "As of November 20, 2026, 12:00 PM" in text
    assert "read again just now" not in text
    assert is_page(response.content) is (not headers)


def test_leads_nowhere_from_a_page_that_a_failed_refresh_left(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sign_in_with_card(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503}, times=2)
    page = parse_page(refresh(guest_client).content)
    back = page.one("form", action="/language/").one("input", name="next").attributes["value"]

    response = guest_client.post("/language/", {"language": "es", "next": back}, follow=True)

    assert response.status_code == 200


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_shows_paytronix_words_and_code_when_a_later_reading_is_refused(
    guest_client: Client, sandbox: SandboxProcess, headers: dict[str, str]
) -> None:
    sign_in_with_card(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": REFUSAL}, times=2)

    response = refresh(guest_client, headers)
    page = parse_page(response.content)

    assert response.status_code == 200
    assert "Closed <b>today</b>" in page.text
    assert "account_info.closed" in page.text
    assert "0 Points" not in page.text
    if headers:
        assert response.headers["HX-Retarget"] == response.headers["HX-Reselect"] == "#main"
        assert response.headers["HX-Reswap"] == "outerHTML"
    assert set(VARY_ON) <= {name.strip() for name in response.headers["Vary"].split(",")}


@pytest.mark.parametrize(("guest", "offered"), [(ROSA, []), (TWO_CARDS, ["Choose another card"])])
def test_offers_another_card_after_a_refusal_to_guests_who_have_one(
    guest_client: Client, sandbox: SandboxProcess, guest: Guest, offered: list[str]
) -> None:
    sign_in_with_password(guest_client, guest)
    submit(guest_client, "/sign-in/card/", {"card": "1"})
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": REFUSAL})

    page = parse_page(refresh(guest_client).content)

    assert [link.text for link in page.one("main").all("a") if "another" in link.text] == offered


def test_shows_no_figures_again_after_a_refusal_that_a_password_of_no_card_came_with(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    sign_in_with_card(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": REFUSAL})

    submit(guest_client, "/balance/refresh/", {"password": "of no card"})

    assert Credential.objects.get().account == ""


def test_a_slow_reading_begun_before_the_refusal_brings_no_figures_back(
    guest_client: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_with_card(guest_client)
        row = Credential.objects.get()
        clock.shift(60)
        guest = use(merchant=merchant, credential_id=row.id)
        begun_at = timezone.now()
        clock.shift(1)
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": REFUSAL})
        refresh(guest_client)

    assert guest
    earlier = decode(open_sealed(row, "account"), AccountInformation)
    keep_account(merchant=merchant, guest=guest, reply=earlier, read_at=begun_at)
    assert Credential.objects.get().account == ""


def test_offers_a_way_to_try_again_that_exists(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": REFUSAL})
    token = parse_page(guest_client.get("/balance/").content).all("input", name="csrfmiddlewaretoken")[0]
    refresh(guest_client)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 503}, times=2)

    response = guest_client.post("/balance/refresh/", {"csrfmiddlewaretoken": token.attributes["value"]})
    page = parse_page(response.content)
    (again,) = [each for each in page.one("main").all("a") if each.text == "Try again"]

    assert response.status_code == 503
    assert guest_client.get(again.attributes["href"] or "/balance/refresh/").status_code == 200
    assert "what you entered" not in page.text


def test_ignores_what_is_added_to_the_refresh_form(guest_client: Client, sandbox: SandboxProcess) -> None:
    sign_in_with_card(guest_client)

    submit(
        guest_client,
        "/balance/refresh/?printedCardNumber=6000301000731206",
        {"card_number": "6000301000731206", "merchantId": "1", "guest": "x", "next": "//evil.example"},
    )

    assert [dict(request.query)["printedCardNumber"] for request in sandbox.requests()] == [SEED.number] * 2
    assert {dict(request.query)["merchantId"] for request in sandbox.requests()} == {"777777"}
