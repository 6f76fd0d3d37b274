"""What a guest without script does, step by step, through Django's test client with CSRF checks on."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

SEED_CARD = "6000301000418000"
SEED_CODE = "123456"


def csrf_token(client: Client, path: str = "/") -> str:
    """The token of the browser's cookie, else that of the first form on the page."""
    if kept := client.cookies.get(settings.CSRF_COOKIE_NAME):
        return kept.value
    page = client.get(path).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, f"no form on {path}"
    return found.group(1)


def submit(
    client: Client, path: str, fields: Mapping[str, str], *, form_on: str = "/", **headers: str
) -> HttpResponse:
    """POST a form with the browser's token, or with the one that stands on `form_on`."""
    data = {**fields, "csrfmiddlewaretoken": csrf_token(client, form_on)}
    response: HttpResponse = client.post(path, data, headers=headers)  # type: ignore[assignment]
    return response


def enter_card(client: Client, number: str = SEED_CARD, code: str = SEED_CODE) -> HttpResponse:
    """Fill in the entrance and press its button."""
    return submit(client, "/", {"card_number": number, "registration_code": code})


def sign_in_with_card(client: Client, number: str = SEED_CARD, code: str = SEED_CODE) -> None:
    """Come in and expect to land on the balance page."""
    response = enter_card(client, number, code)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert response.headers["Location"] == "/balance/"
