"""Who may send: what a card, a stranger and an old sign-in are shown instead of the steps."""

from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from tests.support.changed_merchant import features
from tests.support.pages import parse_page
from tests.support.password_sign_in import ROSA
from tests.support.sandbox import SandboxProcess
from tests.support.sending_pages import (
    CHECK,
    STEPS,
    WHAT,
    Visitor,
    facts,
    wish_on,
)
from tests.support.sending_steps import posts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", STEPS)
def test_a_card_is_sent_to_sign_in(ana: Client, sandbox: SandboxProcess, path: str) -> None:
    for response in (ana.get(path), ana.head(path)):
        assert response.status_code == 200
    page = parse_page(ana.get(path).content)

    assert page.one("h1").text == "Sign in with a user name to send a gift"
    assert page.one("main").all("a", href="/sign-in/?next=/gifts/send/")
    assert sandbox.requests() == []


def test_a_card_may_send_where_the_merchant_allows_it(ana: Client, merchant: Merchant) -> None:
    with features(merchant, send_with_card=True):
        assert ana.get(WHAT).status_code == 200
        assert b'href="/gifts/send/"' in ana.get("/balance/").content


def test_navigation_offers_sending_to_whoever_may(rosa: Visitor, ana: Client) -> None:
    assert rosa.page("/balance/").one("nav", aria_label="Your card").all("a", href=WHAT)
    page = parse_page(ana.get("/balance/").content)
    assert not page.one("nav", aria_label="Your card").all("a", href=WHAT)


@pytest.mark.parametrize("path", STEPS)
def test_nobody_finds_it_where_gifting_is_off(rosa: Visitor, merchant: Merchant, path: str) -> None:
    with features(merchant, gifting=False):
        assert rosa.get(path).status_code == 404


@pytest.mark.parametrize("path", STEPS)
def test_leads_to_sign_in_and_back(guest_client: Client, path: str) -> None:
    way_in = f"/sign-in/?next={quote(path, safe='')}"
    assert guest_client.get(path).headers["Location"].startswith(way_in), "cards may not send here"


def test_leads_to_the_first_step_when_the_sign_in_ends_under_a_form(rosa: Visitor) -> None:
    rosa.decide()
    Credential.objects.all().delete()
    left = rosa.send(wish=str(uuid4()))
    assert left.headers["Location"].startswith("/sign-in/?next=%2Fgifts%2Fsend%2F&")


def test_leads_card_holders_to_the_card_where_that_may_send(guest_client: Client, merchant: Merchant) -> None:
    with features(merchant, send_with_card=True):
        assert guest_client.get(WHAT).headers["Location"].startswith("/?next=%2Fgifts%2Fsend%2F")


def test_an_old_sign_in_gives_the_password_again(rosa: Visitor, sandbox: SandboxProcess) -> None:
    rosa.decide()
    wish = wish_on(rosa.get(CHECK))
    Credential.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))

    asked = "/sign-in/again/?next=%2Fgifts%2Fsend%2Fcheck%2F"
    assert rosa.get(CHECK).headers["Location"] == asked
    assert rosa.send(wish=wish).headers["Location"] == asked
    assert posts(sandbox) == []
    confirmed = rosa.post("/sign-in/again/", password=ROSA.password, next=CHECK)
    assert confirmed.headers["Location"] == CHECK
    assert facts(rosa.page(CHECK))["For"].startswith("Mira Okafor")
    assert rosa.send(wish=wish).status_code == 302
