"""Parts of pages whose figures depend on settings that the demo merchant does not have."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import SEED
from guestportal.throttling.proofs import Challenge
from tests.conftest import serving
from tests.support.pages import parse, parse_page
from tests.support.plain_browser import sign_in_with_card


@pytest.mark.parametrize(("seconds", "words"), [(60, "1 minute "), (119, "1 minute "), (3600, "60 minutes ")])
def test_promises_no_minute_more_than_the_session_lasts(
    guest_client: Client, merchant: Merchant, seconds: int, words: str
) -> None:
    limits = replace(merchant.limits, card_idle_seconds=seconds, card_absolute_seconds=3600)
    with serving(replace(merchant, limits=limits)):
        sign_in_with_card(guest_client, SEED.number, SEED.code)
        page = parse_page(guest_client.get("/balance/").content)

    assert f"signed out after {words}without activity" in page.text


def test_tells_a_browser_a_number_and_not_its_words() -> None:
    proof = Challenge(work="", pause="", pause_seconds=20, most_rounds=1000)

    bar = parse(render_to_string("components/_proof.html", {"proof": proof})).one("progress")

    assert (bar.attributes["max"], bar.attributes["value"]) == ("1000", "0")
