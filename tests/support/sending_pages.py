"""What a guest does on the pages of sending, step by step, through Django's test client."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from guestportal.sandbox.guests import Guest
from tests.support.pages import Element, parse, parse_page
from tests.support.password_sign_in import ROSA, sign_in_with_password
from tests.support.plain_browser import submit
from tests.support.sending_steps import FREE_COFFEE

WHAT, WHO, MESSAGE, CHECK = "/gifts/send/", "/gifts/send/who/", "/gifts/send/message/", "/gifts/send/check/"
STEPS = (WHAT, WHO, MESSAGE, CHECK)
MIRA = {"recipient_email": "mira@example.net", "recipient_name": "Mira Okafor"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in browser without script."""

    client: Client

    def get(self, path: str, **headers: str) -> HttpResponse:
        response: HttpResponse = self.client.get(path, headers=headers)  # type: ignore[assignment]
        return response

    def page(self, path: str) -> Element:
        return parse_page(self.get(path).content)

    def post(self, path: str, **fields: str) -> HttpResponse:
        return submit(self.client, path, fields)

    def choose(self, wallet_code: int = FREE_COFFEE) -> None:
        """Take the first step."""
        self.get(WHAT)
        response = self.post(WHAT, wallet_code=str(wallet_code))
        assert response.headers.get("Location") == WHO, main(response).text

    def decide(self, *, wallet_code: int = FREE_COFFEE, message: str = "", **who: str) -> None:
        """Walk as far as the check page; every step must lead to the next one."""
        self.choose(wallet_code)
        for path, fields, following in (
            (WHO, who or MIRA, MESSAGE),
            (MESSAGE, {"message": message}, CHECK),
        ):
            response = self.post(path, **fields)
            assert response.headers.get("Location") == following, main(response).text

    def send(self, *, another: bool = False, wish: str = "") -> HttpResponse:
        """Press the button of the check page, with its key unless another one is given."""
        fields = {"wish": wish or wish_on(self.get(CHECK))}
        return self.post(CHECK, **fields, **({"another": "1"} if another else {}))

    def sent(self) -> str:
        """Send what has been decided; returns the receipt's address."""
        response = self.send()
        assert response.status_code == 302, main(response).text
        return response.headers["Location"]


def visitor(client: Client, guest: Guest = ROSA) -> Visitor:
    """A browser in which a guest is signed in with a password."""
    sign_in_with_password(client, guest)
    return Visitor(client)


def main(response: HttpResponse) -> Element:
    """The main part of a page, or the fragment."""
    root = parse(response.content)
    return next(iter(root.all("main")), root)


def wish_on(response: HttpResponse) -> str:
    """The one-time key of a check page."""
    return main(response).one("input", name="wish").attributes["value"]


def wish_of(address: str) -> UUID:
    """The wish that a receipt is about."""
    found = re.fullmatch(r"/gifts/sent/([0-9a-f-]{36})/", address)
    assert found, address
    return UUID(found[1])


def facts(root: Element) -> dict[str, str]:
    """The list of the check page or the receipt: what stands behind each label."""
    return {
        row.one("dt").text: " ".join(
            value.text for value in row.all("dd") if value.attributes.get("class") != "change"
        )
        for row in root.one("dl").children
        if isinstance(row, Element)
    }
