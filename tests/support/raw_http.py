"""Speaks HTTP to the sandbox with the standard library alone, so that nothing of the portal takes part."""

import base64
import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from guestportal.sandbox.cards import Card
from guestportal.sandbox.identity import CLIENT_ID, CLIENT_SECRET, MERCHANT_ID
from tests.support.sandbox import SandboxProcess

PATH = "/rest/26.6/guest/accountInformation.json"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, its body unread by any parser."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, numbers with a point as text so that each digit can be compared."""
        return json.loads(self.body, parse_float=str)

    def header(self, name: str) -> str | None:
        """One header's value, None when it is absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def basic(identifier: str = CLIENT_ID, secret: str = CLIENT_SECRET) -> str:
    """Return an Authorization header's value."""
    return "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()


def connect(sandbox: SandboxProcess) -> http.client.HTTPConnection:
    """Return a connection of its own; close it, or use it in `closing`."""
    return http.client.HTTPConnection(sandbox.host, sandbox.port, timeout=10)


def exchange(
    connection: http.client.HTTPConnection,
    *,
    method: str = "GET",
    path: str = PATH,
    query: Mapping[str, object] | None = None,
    body: Mapping[str, object] | bytes | None = None,
    content_type: str = JSON,
    authorization: str | None = None,
) -> Answer:
    """Send one request over a connection and read the whole answer."""
    headers = {"Authorization": basic() if authorization is None else authorization}
    data = None
    if body is not None:
        headers["Content-Type"] = content_type
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
    target = f"{path}?{urlencode(query)}" if query else path
    connection.request(method, target, body=data, headers=headers)
    response = connection.getresponse()
    return Answer(response.status, tuple(response.getheaders()), response.read())


def ask(sandbox: SandboxProcess, **request: Any) -> Answer:
    """Send one request over a fresh connection; the keywords are those of `exchange`."""
    with closing(connect(sandbox)) as connection:
        return exchange(connection, **request)


def card_parameters(card: Card, **changes: object) -> dict[str, object]:
    """Return the parameters of the card style; a change to None leaves a parameter out."""
    parameters: dict[str, object] = {
        "merchantId": MERCHANT_ID,
        "authentication": "card",
        "printedCardNumber": card.number,
        "registrationCode": card.code,
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}
