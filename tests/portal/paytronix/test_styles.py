"""The authentication styles: what travels, where it travels, and that nothing of it shows in a repr."""

import json
from urllib.parse import parse_qsl

import pytest

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import PaytronixError
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.styles import B2BStyle, CardStyle, GuestStyle, OAuthStyle, Style
from tests.support.builders import CARD_NUMBER, integration
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import ScriptedServer, answering

SEED_TOKEN = "rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP"


def test_sends_a_card_in_the_query_string_and_each_parameter_once(
    client: PaytronixClient, sandbox: SandboxProcess
) -> None:
    GuestService(client).account_information(
        style=CardStyle(CARD_NUMBER, "123456"), printed_card_number=CARD_NUMBER
    )

    (request,) = sandbox.requests(ACCOUNT_INFORMATION)
    assert request.method == "GET"
    assert request.body == ""
    assert sorted(request.query) == [
        ("authentication", "card"),
        ("merchantId", "777777"),
        ("printedCardNumber", CARD_NUMBER),
        ("registrationCode", "123456"),
    ]
    assert request.outcome == "success"


def test_sends_a_token_as_a_parameter_and_never_as_a_header(
    client: PaytronixClient, sandbox: SandboxProcess
) -> None:
    GuestService(client).account_information(style=OAuthStyle(SEED_TOKEN), printed_card_number=CARD_NUMBER)

    (request,) = sandbox.requests(ACCOUNT_INFORMATION)
    assert sorted(request.query) == [
        ("access_token", SEED_TOKEN),
        ("authentication", "oauth"),
        ("merchantId", "777777"),
        ("printedCardNumber", CARD_NUMBER),
    ]
    assert request.basic_ok
    assert request.outcome == "success"


def test_sends_b2b_with_nothing_but_the_endpoints_own_parameters(
    client: PaytronixClient, sandbox: SandboxProcess
) -> None:
    GuestService(client).account_information(style=B2BStyle(), printed_card_number=CARD_NUMBER)

    (request,) = sandbox.requests(ACCOUNT_INFORMATION)
    assert sorted(request.query) == [
        ("authentication", "b2b"),
        ("merchantId", "777777"),
        ("printedCardNumber", CARD_NUMBER),
    ]
    assert request.outcome == "success"


def test_never_puts_a_guests_password_or_user_name_in_the_address() -> None:
    password = " pä ss&word=1?#%20\u2028 "
    with ScriptedServer(answering(b'{"result": "success"}')) as server:
        GuestService(PaytronixClient(integration(server.base_url))).account_information(
            style=GuestStyle("ana@example.com", password), printed_card_number=CARD_NUMBER
        )
    (request,) = server.requests

    assert request.method == "POST"
    assert request.target == "/rest/26.6/guest/accountInformation.json"
    assert json.loads(request.body) == {
        "merchantId": 777777,
        "authentication": "guest",
        "username": "ana@example.com",
        "password": password,  # not stripped, not normalised: what the guest typed
        "printedCardNumber": CARD_NUMBER,
    }
    assert (request.header("Content-Type") or "").startswith("application/json")


@pytest.mark.parametrize(
    "odd", ["a b+c", "50%", "a&registrationCode=1", "é", "\u202e", "#?/..", "\r\nX-Header: 1"]
)
def test_encodes_what_stands_in_an_address(odd: str) -> None:
    with ScriptedServer(answering(b'{"result": "success"}')) as server:
        GuestService(PaytronixClient(integration(server.base_url))).account_information(
            style=CardStyle(odd, odd), printed_card_number=odd
        )
    (request,) = server.requests
    path, _, query = request.target.partition("?")

    assert path == "/rest/26.6/guest/accountInformation.json"
    assert sorted(parse_qsl(query, keep_blank_values=True)) == [
        ("authentication", "card"),
        ("merchantId", "777777"),
        ("printedCardNumber", odd),
        ("registrationCode", odd),
    ]
    assert request.header("X-Header") is None


@pytest.mark.parametrize(
    "style",
    [
        CardStyle("6000309182736450", "CANARY"),
        GuestStyle("CANARY-name", "CANARY-password"),
        OAuthStyle("CANARY-token"),
        B2BStyle(),
    ],
    ids=lambda style: style.name,
)
def test_shows_no_credential_in_its_repr(style: Style) -> None:
    assert "CANARY" not in repr(style)
    assert "6000309182736450" not in repr(style)


@pytest.mark.parametrize(
    ("style", "kind"),
    [
        (CardStyle(CARD_NUMBER, "000000"), "CredentialsRefused"),
        (OAuthStyle("not-a-token"), "CredentialsRefused"),
        (B2BStyle(), "Misconfigured"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_blames_a_401_on_whose_credentials_were_sent(
    client: PaytronixClient, sandbox: SandboxProcess, style: Style, kind: str
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 401})

    with pytest.raises(PaytronixError) as caught:
        GuestService(client).account_information(style=style, printed_card_number=CARD_NUMBER)

    assert type(caught.value).__name__ == kind
    assert len(sandbox.requests()) == 1
