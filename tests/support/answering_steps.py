"""What guests do with gifts, step by step, through Django's test client; and what Paytronix heard of it."""

import json
import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from gifting.receiving.handles import LENGTH
from guestportal.sandbox.cards import REPLACEMENT, RICH, SEED, SHORT, Card
from tests.support.pages import Element, parse
from tests.support.plain_browser import sign_in_with_card, submit
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    REJECT_TRANSFER_IN,
    TRANSFER_OUT,
    SandboxProcess,
    SandboxRequest,
    SandboxTransfer,
)

ANA, ROSA, THEO, SOFIA = SEED, RICH, SHORT, REPLACEMENT
ANA_ACCOUNT, ROSA_ACCOUNT = 900001, 900002
COFFEE_CODE = "ANAC0FFEE7QK2MZP"  # Rosa's coffee for Ana's account
TREAT_CODE = "R0SATREAT9XW4HDK"  # Ana's treat for Rosa's account
COFFEE_MESSAGE = "Thank you for the lift on Tuesday!"
FREE_COFFEE, STORED_VALUE = 21, 1
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/gifts/"}
WRITES = (ACCEPT_TRANSFER_IN, REJECT_TRANSFER_IN, TRANSFER_OUT)
URL_BY_ACTION = {"accept": ACCEPT_TRANSFER_IN, "decline": REJECT_TRANSFER_IN}
_HANDLE = re.compile(rf"gift-([A-Za-z0-9_-]{{{LENGTH}}})")


@dataclass(frozen=True, slots=True)
class ShownGift:
    """One gift as a page shows it."""

    handle: str
    text: str


def signed_in(card: Card = ANA) -> Client:
    """A browser of its own, signed in with one of the sandbox's cards."""
    client = Client(enforce_csrf_checks=True)
    sign_in_with_card(client, card.number, card.code)
    return client


def shown_gifts(page: bytes | str | Element) -> list[ShownGift]:
    """The gifts of a page or fragment in their order."""
    root = page if isinstance(page, Element) else parse(page)
    found = []
    for article in root.all("article"):
        named = _HANDLE.fullmatch(article.attributes.get("id", ""))
        if named:
            found.append(ShownGift(named[1], article.text))
    return found


def waiting(client: Client) -> list[ShownGift]:
    """What the page of gifts shows."""
    return shown_gifts(client.get("/gifts/").content)


def handle_of(client: Client, text: str = COFFEE_MESSAGE) -> str:
    """The handle of the one waiting gift whose card holds these words."""
    (found,) = [each for each in waiting(client) if text in each.text]
    return found.handle


def answer(client: Client, action: str, handle: str, message: str = "", **headers: str) -> HttpResponse:
    """Press the button of an answer."""
    return submit(client, f"/gifts/{handle}/{action}/", {"message": message}, **headers)


def transfer(sandbox: SandboxProcess, code: str = COFFEE_CODE) -> SandboxTransfer:
    """A transfer as it truly is."""
    (found,) = [each for each in sandbox.transfers() if each.code == code]
    return found


def writes(sandbox: SandboxProcess) -> list[SandboxRequest]:
    """The calls that can change a gift."""
    return [request for request in sandbox.requests() if request.operation in WRITES]


def operations(sandbox: SandboxProcess) -> list[str]:
    """The endpoints called since the last `clear_requests`, sorted, without the service's name."""
    return sorted(request.operation.partition("/")[2] for request in sandbox.requests())


def sent_fields(request: SandboxRequest) -> dict[str, object]:
    """The parameters of a POST."""
    fields: dict[str, object] = json.loads(request.body)
    return fields


def read_page(client: Client, path: str = "/gifts/") -> str:
    """The text of a page."""
    return parse(client.get(path).content).text


def words(response: HttpResponse) -> str:
    """The text of a page or fragment."""
    return parse(response.content).text
