"""Forms that anybody may send before they have signed in: 64 KiB of any characters cost steps in proportion."""

from typing import Final

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.support.counted_steps import count_steps

pytestmark = pytest.mark.django_db

FORMS: Final = (
    ("/", ("card_number", "registration_code", "next", "proof", "pause")),
    ("/sign-in/", ("username", "password", "next", "proof", "pause")),
    ("/language/", ("language", "next")),
)
BODY_BYTES: Final = 64 * 1024
TEXTS: Final = ("⒈㏠", "\u0315\u0300", "\ufdfa", "1 ", "' \"<")


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, fields in FORMS for field in fields], ids=str
)
def test_takes_steps_in_proportion_to_what_is_sent(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch, path: str, field: str, text: str
) -> None:
    client, sent = Client(), dict.fromkeys(dict(FORMS)[path], "1")
    sent[field] = f"//{text}" + text * (
        (BODY_BYTES - 2000) // len(text.encode())
    )  # an address with a long host

    def post() -> None:
        assert client.post(path, sent).status_code in {302, 422}

    assert count_steps(monkeypatch, post) < 20 * BODY_BYTES
