"""Files that nobody asked for."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.support.pages import parse_page
from tests.support.plain_browser import SEED_CARD, csrf_token

pytestmark = pytest.mark.django_db
MANY_BYTES = 4 * 1024 * 1024


def multipart(fields: dict[str, str]) -> bytes:
    file = SimpleUploadedFile("card.png", b"x" * MANY_BYTES)
    return encode_multipart(BOUNDARY, {**fields, "file": file})


def test_reads_no_more_of_a_request_than_up_to_its_first_file() -> None:
    content = multipart({"card_number": SEED_CARD})
    body = BytesIO(content)
    environ: dict[str, Any] = {
        "wsgi.input": body,
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": len(content),
    }
    request = RequestFactory().generic("POST", "/", **environ)

    assert request.POST["card_number"] == SEED_CARD
    assert not request.FILES
    assert body.tell() < MANY_BYTES / 10


def test_answers_as_if_there_were_no_file(guest_client: Client) -> None:
    fields = {"csrfmiddlewaretoken": csrf_token(guest_client), "card_number": SEED_CARD}
    response = guest_client.generic("POST", "/", multipart(fields), MULTIPART_CONTENT)

    assert response.status_code == 422
    assert parse_page(response.content).one("input", name="card_number").attributes["value"] == SEED_CARD
