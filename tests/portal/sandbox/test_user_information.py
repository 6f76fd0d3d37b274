"""userInformation: the cards and names of a guest, in each style and carriage."""

import pytest

from guestportal.sandbox.cards import INVALID_STATUS, RICH, SECOND, SEED, SHORT
from guestportal.sandbox.guests import SEED_ACCESS_TOKEN
from guestportal.sandbox.identity import MERCHANT_ID
from tests.support.raw_http import ask
from tests.support.sandbox import SandboxProcess
from tests.support.sandbox_guest_calls import GUEST, USER_PATH, oauth_parameters, password_parameters

B2B = {"merchantId": MERCHANT_ID, "authentication": "b2b"}
GUEST_STYLE = password_parameters(GUEST["GuestREST"], authentication="guest", grant_type=None, scope=None)


def test_answers_with_the_documented_shape(sandbox: SandboxProcess) -> None:
    reply = ask(sandbox, path=USER_PATH, query=oauth_parameters(SEED_ACCESS_TOKEN, username="GuestREST")).json
    address = {
        "address1": "1 Harbour Street",
        "address2": "Floor 2",
        "city": "Springfield",
        "country": "US",
        "postalCode": "01101",
    }
    assert reply == {
        "result": "success",
        "accountIds": [900001],
        "addresses": [{**address, "addressId": 5001, "label": "Primary Address"}],
        "fields": {
            **address,
            "addressLabel": "Primary Address",
            "email": "ana@example.com",
            "emailVerified": False,
            "firstName": "Ana",
            "lastName": "Example",
            "mobilePhone": "5550100",
            "optIn": True,
            "smsOptInVerified": False,
            "textCampaignOptIn": False,
            "username": "GuestREST",
        },
        "primaryCardNumbers": [SEED.number],
    }


@pytest.mark.parametrize(
    ("username", "cards"),
    [
        ("GuestREST", [SEED.number]),
        ("gold.rosa", [RICH.number]),
        ("corner.table", [SHORT.number, SECOND.number]),
        ("no.card.nia", []),
        ("sleepy.ivo", [INVALID_STATUS.number]),
    ],
)
def test_names_the_cards_of_each_guest(sandbox: SandboxProcess, username: str, cards: list[str]) -> None:
    reply = ask(sandbox, path=USER_PATH, query={**B2B, "username": username}).json
    assert reply["primaryCardNumbers"] == cards
    assert len(reply["accountIds"]) == len(cards)


def test_an_unknown_guest_is_a_failure_with_http_200(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, path=USER_PATH, query={**B2B, "username": "nobody"})
    assert answer.status == 200
    assert answer.json == {
        "result": "failure",
        "errorCode": "user_info.not_found",
        "errorMessage": "The user was not found",
    }


def test_refuses_a_password_in_a_query_string(sandbox: SandboxProcess) -> None:
    assert (
        ask(sandbox, path=USER_PATH, query=GUEST_STYLE).json["errorCode"] == "authentication.guest_in_query"
    )
