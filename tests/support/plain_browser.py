"""What a guest without script does, step by step, through Django's test client with CSRF checks on."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.utils.crypto import get_random_string

SEED_CARD = "6000301000418000"
SEED_CODE = "123456"


def csrf_token(client: Client) -> str:
    """The token in the browser's cookie; a browser that has none is given one, as any page with a form would."""
    if settings.CSRF_COOKIE_NAME not in client.cookies:
        client.cookies[settings.CSRF_COOKIE_NAME] = get_random_string(CSRF_SECRET_LENGTH)
    return client.cookies[settings.CSRF_COOKIE_NAME].value


def submit(client: Client, path: str, fields: Mapping[str, str], **headers: str) -> HttpResponse:
    """POST what a form would send, with the browser's token unless the fields have one.

    That forms carry a token is checked in `tests.support.pages`.
    """
    data = {"csrfmiddlewaretoken": csrf_token(client), **fields}
    response: HttpResponse = client.post(path, data, headers=headers)  # type: ignore[assignment]
    return response


def enter_card(client: Client, number: str = SEED_CARD, code: str = SEED_CODE) -> HttpResponse:
    """Send what is typed on the entrance."""
    return submit(client, "/", {"card_number": number, "registration_code": code})


def sign_in_with_card(client: Client, number: str = SEED_CARD, code: str = SEED_CODE) -> None:
    """Come in and expect to land on the balance page."""
    response = enter_card(client, number, code)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert response.headers["Location"] == "/balance/"
