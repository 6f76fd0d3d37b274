"""Who is signed in: keys that change, limits to the second, and two merchants apart."""

import dataclasses
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED
from guestportal.web.models import Session
from guestportal.web.sessions import key_hash
from tests.conftest import serving
from tests.support.pages import parse_page
from tests.support.plain_browser import csrf_token, enter_card, sign_in_with_card, submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
SESSION, TOKEN = "sessionid", "csrftoken"


def is_signed_in(client: Client, **extra: str) -> bool:
    return client.get("/balance/", headers=extra).status_code == 200


def sign_out(client: Client) -> object:
    return submit(client, "/sign-out/", {})


def with_cookies_of(client: Client) -> Client:
    """Another browser that holds a copy of this one's cookies."""
    other = Client(enforce_csrf_checks=True)
    for name, cookie in client.cookies.items():
        other.cookies[name] = cookie.value
    return other


def test_gives_a_new_session_key_and_token_at_sign_in(guest_client: Client) -> None:
    guest_client.cookies[SESSION] = "chosenbyanattacker0chosenbyanatt"
    before = csrf_token(guest_client)
    cookie_before = guest_client.cookies[TOKEN].value
    enter_card(guest_client)
    first_key = guest_client.cookies[SESSION].value
    enter_card(guest_client, RICH.number, RICH.code)

    assert first_key != "chosenbyanattacker0chosenbyanatt"
    assert guest_client.cookies[SESSION].value not in {first_key, "chosenbyanattacker0chosenbyanatt"}
    assert guest_client.cookies[TOKEN].value != cookie_before
    assert Session.objects.count() == 1
    old_token = guest_client.post("/balance/refresh/", {"csrfmiddlewaretoken": before})
    assert old_token.status_code == 403


def test_makes_no_session_before_sign_in(guest_client: Client) -> None:
    for path in ("/", "/balance/", "/help/", "/nowhere/", "/sign-out/"):
        guest_client.get(path)
    enter_card(guest_client, SEED.number, "999999")

    assert SESSION not in guest_client.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["/", "/sign-in/"])
def test_tells_a_guest_who_comes_back_to_the_way_in_that_they_are_signed_in(
    guest_client: Client, sandbox: SandboxProcess, path: str
) -> None:
    assert "You are signed in" not in parse_page(guest_client.get(path).content).text
    sign_in_with_card(guest_client)
    main = parse_page(guest_client.get(path).content).one("main")

    assert "You are signed in with card ending 418000." in main.text
    assert main.one("a", href="/balance/").text == "See your balance"
    assert main.all("form", method="post"), "another card can still be entered"
    assert len(sandbox.requests()) == 1, "the sign-in alone"
    guest_client.cookies.pop("sessionid")
    assert "You are signed in" not in parse_page(guest_client.get(path).content).text


def test_leads_by_the_logo_to_the_balance_while_signed_in(guest_client: Client) -> None:
    def target(path: str) -> str:
        header = parse_page(guest_client.get(path).content).one("header")
        return header.all("a", class_="brand")[0].attributes["href"]

    assert target("/") == "/"
    sign_in_with_card(guest_client)
    assert target("/balance/") == "/balance/"


def test_drops_the_first_credential_when_a_second_card_is_entered(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    copy = with_cookies_of(guest_client)
    first = Credential.objects.get().id
    sign_in_with_card(guest_client, RICH.number, RICH.code)

    assert Credential.objects.get().id != first
    assert "ending 731206" in guest_client.get("/balance/").content.decode()
    assert not is_signed_in(copy)


def test_ends_with_the_row_gone_and_the_old_cookie_dead(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    copy = with_cookies_of(guest_client)
    assert is_signed_in(copy)

    sign_out(guest_client)

    assert not Credential.objects.exists()
    assert not Session.objects.exists()
    assert not is_signed_in(copy)
    assert not is_signed_in(guest_client)


def test_clears_the_browser_at_sign_out(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    response = submit(guest_client, "/sign-out/", {})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/?")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.cookies[SESSION].value == ""
    assert response.cookies[SESSION]["max-age"] == 0
    page = parse_page(guest_client.get(response.headers["Location"]).content)
    assert "418000" not in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_does_not_sign_out_on_anything_but_post(guest_client: Client, method: str) -> None:
    sign_in_with_card(guest_client)

    response = guest_client.generic(method, "/sign-out/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "Clear-Site-Data" not in response.headers
    assert Credential.objects.count() == 1
    assert is_signed_in(guest_client)


def test_does_not_sign_out_for_another_site(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert guest_client.post("/sign-out/").status_code == 403
    assert is_signed_in(guest_client)


def test_signs_out_twice_without_complaint(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    sign_out(guest_client)

    assert submit(guest_client, "/sign-out/", {}).status_code == 302


@pytest.mark.parametrize(("seconds", "alive"), [(-1, True), (0, False), (1, False)])
def test_ends_after_the_idle_limit(
    guest_client: Client, merchant: Merchant, seconds: int, alive: bool
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in_with_card(guest_client)
    with time_machine.travel(
        NOON + timedelta(seconds=merchant.limits.card_idle_seconds + seconds), tick=False
    ):
        assert is_signed_in(guest_client) is alive
        assert Credential.objects.exists() is alive
        assert Session.objects.exists() is alive


def test_a_new_guest_sweeps_those_whose_time_is_over(guest_client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in_with_card(Client())
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        sign_in_with_card(guest_client)

    assert Credential.objects.count() == 1


@pytest.mark.parametrize(("seconds", "alive"), [(-1, True), (0, False), (1, False)])
def test_ends_after_the_absolute_limit_however_busy_the_guest(
    guest_client: Client, merchant: Merchant, seconds: int, alive: bool
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_with_card(guest_client)
        for _visit in range(3):
            clock.shift(merchant.limits.card_idle_seconds - 1)
            if clock_is_before(merchant):
                assert is_signed_in(guest_client)
        clock.move_to(NOON + timedelta(seconds=merchant.limits.card_absolute_seconds + seconds))
        assert is_signed_in(guest_client) is alive
        assert Credential.objects.exists() is alive


def clock_is_before(merchant: Merchant) -> bool:
    """Whether the frozen clock has not yet passed the absolute limit."""
    return datetime.now(UTC) < NOON + timedelta(seconds=merchant.limits.card_absolute_seconds)


def test_counts_idle_time_from_the_last_page(guest_client: Client, merchant: Merchant) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in_with_card(guest_client)
        clock.shift(merchant.limits.card_idle_seconds - 1)
        assert is_signed_in(guest_client)
        clock.shift(merchant.limits.card_idle_seconds - 1)
        assert is_signed_in(guest_client)


def test_says_calmly_that_time_has_passed(guest_client: Client, merchant: Merchant) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in_with_card(guest_client)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        response = guest_client.get("/balance/", follow=True)
    page = parse_page(response.content)

    assert response.status_code == 200
    assert page.one(role="status").text.endswith(".")
    assert page.one("form", action="/").one("input", name="next").attributes["value"] == "/balance/"


def test_is_anonymous_at_another_merchant(
    merchant: Merchant, sandbox: SandboxProcess, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    first = dataclasses.replace(merchant, slug="first", hosts=("a.example",), name="First Cafe")
    second = dataclasses.replace(merchant, slug="second", hosts=("b.example",), name="Second Cafe")
    with serving(first, second):
        client = Client(headers={"Host": "a.example"})
        sign_in_with_card(client)
        calls = len(sandbox.requests())
        assert is_signed_in(client)
        stolen = Client(headers={"Host": "b.example"})
        stolen.cookies[SESSION] = client.cookies[SESSION].value
        answer = stolen.get("/balance/")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/?next=")
        assert "Second Cafe" in stolen.get("/").content.decode()
        assert "First Cafe" not in stolen.get("/").content.decode()
        assert Credential.objects.get().merchant == "first"
        assert len(sandbox.requests()) == calls


def test_keeps_two_merchants_guests_apart_in_one_process(merchant: Merchant, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    first = dataclasses.replace(merchant, slug="first", hosts=("a.example",), name="First Cafe")
    second = dataclasses.replace(merchant, slug="second", hosts=("b.example",), name="Second Cafe")
    with serving(first, second):
        one, two = Client(headers={"Host": "a.example"}), Client(headers={"Host": "B.EXAMPLE:8443"})
        sign_in_with_card(one)
        sign_in_with_card(two, RICH.number, RICH.code)
        pages = [client.get("/balance/").content.decode() for client in (one, two)]

    assert [row.merchant for row in Credential.objects.order_by("merchant")] == ["first", "second"]
    assert "First Cafe" in pages[0]
    assert "418000" in pages[0]
    assert "731206" not in pages[0]
    assert "Second Cafe" in pages[1]
    assert "731206" in pages[1]
    assert "418000" not in pages[1]


def test_is_anonymous_with_an_id_that_no_credential_has(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.update(id=uuid4())

    assert not is_signed_in(guest_client)
    assert not is_signed_in(guest_client)


def test_is_anonymous_with_a_cookie_nobody_gave_out(merchant: Merchant) -> None:
    for value in ("", "x", "0" * 32, "../../etc/passwd", "a" * 5000, "\"';--", str(uuid4())):
        client = Client()
        client.cookies[SESSION] = value
        assert client.get("/balance/").status_code == 302
        assert client.get("/").status_code == 200


def test_is_anonymous_with_a_damaged_session(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    other = Client()
    sign_in_with_card(other, RICH.number, RICH.code)
    own = Session.objects.filter(key_hash=key_hash(guest_client.cookies[SESSION].value))
    assert own.update(session_data="gAAAAbroken") == 1

    assert not is_signed_in(guest_client)
    assert is_signed_in(other)


@pytest.mark.parametrize("path", ["/balance/", "/"])
def test_stores_no_private_page_anywhere(guest_client: Client, path: str) -> None:
    sign_in_with_card(guest_client)
    cache_control = guest_client.get(path).headers["Cache-Control"]

    assert "no-store" in cache_control
    assert "private" in cache_control


def test_a_page_that_looks_again_by_itself_does_not_keep_the_guest_signed_in(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    seen_at = Credential.objects.get().seen_at

    assert guest_client.get("/balance/", headers={"X-Background": "1"}).status_code == 200
    assert Credential.objects.get().seen_at == seen_at
    with time_machine.travel(seen_at + timedelta(seconds=601), tick=False):
        ended = guest_client.get("/balance/", headers={"X-Background": "1"})

    assert ended.status_code == 302
    assert not Credential.objects.exists()
