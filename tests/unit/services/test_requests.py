"""What is sent for every operation: method, path, parameters, where they stand, and whose credentials prove us."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from responses import RequestsMock

from guestportal.paytronix.calls import Operation
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.services import gift_transfer, guest, oauth
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.styles import B2BStyle, CardStyle
from tests.support.builders import CARD_NUMBER, CLIENT_ID, CLIENT_SECRET, MERCHANT_ID, integration
from tests.unit.services.operations import BASE_URL, BY_SERVER, OPERATIONS, Asked, Kind, named, new_client


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_sends_what_is_documented_and_nothing_else(upstream: RequestsMock, asked: Asked) -> None:
    upstream.add(asked.method, asked.url, json=asked.success)

    asked.ask(new_client())

    (call,) = upstream.calls
    target = urlsplit(call.request.url or "")
    parameters = {"merchantId": MERCHANT_ID, **asked.parameters}
    if asked.method == "GET":
        assert sorted(parse_qsl(target.query)) == sorted(
            (name, str(each)) for name, each in parameters.items()
        )
        assert call.request.body is None
    else:
        assert target.query == ""
        assert json.loads(call.request.body or b"") == parameters
    assert call.request.headers["Content-Type"].startswith("application/json")
    assert call.request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_proves_the_integration_by_basic_and_says_nothing_of_the_guest_there(
    upstream: RequestsMock, asked: Asked
) -> None:
    upstream.add(asked.method, asked.url, json=asked.success)

    asked.ask(new_client())

    credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    assert upstream.calls[0].request.headers["Authorization"] == f"Basic {credentials}"
    assert "Cookie" not in upstream.calls[0].request.headers


def test_has_a_row_for_every_operation_that_the_services_know() -> None:
    """A new endpoint gets the whole table of misbehaviours, or this fails."""
    known = {
        value.name: value
        for service in (gift_transfer, guest, oauth)
        for value in vars(service).values()
        if isinstance(value, Operation)
    }

    assert {asked.path for asked in OPERATIONS} == set(known)
    for asked in OPERATIONS:
        assert asked.writes is known[asked.path].writes, asked.name
        by_server = asked.parameters["authentication"] == "b2b"
        assert by_server is (asked.kind in {Kind.SERVER_READ, Kind.WRITE}), asked.name


def test_sends_credentials_outside_latin_1(upstream: RequestsMock) -> None:
    asked = OPERATIONS[0]
    upstream.add(asked.method, asked.url, json=asked.success)

    asked.ask(PaytronixClient(integration(BASE_URL, client_id="café", client_secret="€uro")))

    credentials = base64.b64encode("café:€uro".encode()).decode()
    assert upstream.calls[0].request.headers["Authorization"] == f"Basic {credentials}"


@pytest.mark.parametrize(
    "odd", ["a b+c", "50%", "a&registrationCode=1", "é", "\u202e", "#?/..", "\r\nX-Header: 1"]
)
def test_encodes_what_stands_in_an_address(upstream: RequestsMock, odd: str) -> None:
    asked = OPERATIONS[0]
    upstream.add(asked.method, asked.url, json=asked.success)

    GuestService(new_client()).account_information(style=CardStyle(odd, odd), printed_card_number=odd)

    target = urlsplit(upstream.calls[0].request.url or "")
    assert f"{target.scheme}://{target.netloc}{target.path}" == asked.url
    assert sorted(parse_qsl(target.query, keep_blank_values=True)) == [
        ("authentication", "card"),
        ("merchantId", str(MERCHANT_ID)),
        ("printedCardNumber", odd),
        ("registrationCode", odd),
    ]
    assert "X-Header" not in upstream.calls[0].request.headers


def test_asks_for_a_card_as_the_server_alone(upstream: RequestsMock) -> None:
    """accountInformation takes b2b too (docs/paytronix-api.md, section 3), though no page asks so."""
    asked = OPERATIONS[0]
    upstream.add(asked.method, asked.url, json=asked.success)

    GuestService(new_client()).account_information(style=B2BStyle(), printed_card_number=CARD_NUMBER)

    sent = dict(parse_qsl(urlsplit(upstream.calls[0].request.url or "").query))
    assert sent == {"merchantId": str(MERCHANT_ID), "printedCardNumber": CARD_NUMBER, **BY_SERVER}
