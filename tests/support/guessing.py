"""Guessing without script: browsers at other addresses, made-up cards, and the proofs that they are asked."""

import re

from django.http import HttpResponse
from django.test import Client

from tests.support.pages import Element, parse_page
from tests.support.plain_browser import submit
from tests.support.proof_solving import solve

WRONG = "999999"


def from_address(number: int) -> Client:
    """A browser at another address."""
    return Client(enforce_csrf_checks=True, REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}")


def card_number(number: int) -> str:
    """A card number of the right shape that no card has."""
    return f"{6_099_000_000_000_000 + number}"


def page_of(response: HttpResponse) -> Element:
    return parse_page(response.content)


def asks_proof(response: HttpResponse) -> bool:
    return bool(page_of(response).all("input", name="proof"))


def proof_in(response: HttpResponse) -> dict[str, str]:
    """The form's hidden fields after the browser has done the work."""
    page = page_of(response)
    (box,) = [each for each in page.all("div") if "data-proof" in each.attributes]
    return {
        "proof": solve(box.attributes["data-proof"]),
        "pause": page.one("input", name="pause").attributes["value"],
    }


def pause_in(response: HttpResponse) -> dict[str, str]:
    return {"pause": page_of(response).one("input", name="pause").attributes["value"]}


def enter(client: Client, number: str, code: str = WRONG, **more: str) -> HttpResponse:
    return submit(client, "/", {"card_number": number, "registration_code": code, **more})


def plain(response: HttpResponse) -> tuple[int, str, dict[str, str]]:
    """Everything that is answered, without the token, the reference and the number that was typed."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    body = re.sub(r"Reference\s+[0-9A-Z]{8}", "Reference", body)
    body = re.sub(r'value="\d{6,}"', "", body)
    return response.status_code, body, dict(response.headers.items())
