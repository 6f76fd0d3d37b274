"""The authentication styles: what each proves, and where its secrets may stand."""

from guestportal.sandbox.cards import RICH, SEED
from guestportal.sandbox.guests import GUESTS, SEED_ACCESS_TOKEN
from guestportal.sandbox.identity import MERCHANT_ID
from tests.support.raw_http import ask
from tests.support.sandbox import SandboxProcess

SEED_REQUEST = {
    "printedCardNumber": "6000301000418000",
    "merchantId": 777777,
    "authentication": "oauth",
    "access_token": "rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP",
}
GUEST = GUESTS[0]


def guest_parameters(**changes: object) -> dict[str, object]:
    return {
        "merchantId": MERCHANT_ID,
        "authentication": "guest",
        "username": GUEST.username,
        "password": GUEST.password,
        "printedCardNumber": SEED.number,
        **changes,
    }


def test_answers_the_seeds_own_sample_request_in_both_carriages(sandbox: SandboxProcess) -> None:
    assert SEED_REQUEST["access_token"] == SEED_ACCESS_TOKEN
    assert ask(sandbox, body=SEED_REQUEST).json["username"] == "GuestREST"
    assert ask(sandbox, query=SEED_REQUEST).json["username"] == "GuestREST"


def test_a_token_that_is_not_known_is_a_401_without_body(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, query={**SEED_REQUEST, "access_token": "expired"})
    assert (answer.status, answer.body) == (401, b"")


def test_a_token_does_not_show_another_guests_card(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, query={**SEED_REQUEST, "printedCardNumber": RICH.number})
    assert answer.json["errorCode"] == "account_info.card_not_found"


def test_the_guest_style_works_in_a_body(sandbox: SandboxProcess) -> None:
    assert ask(sandbox, method="POST", body=guest_parameters()).json["result"] == "success"


def test_the_guest_style_is_refused_when_its_password_stands_in_a_query_string(
    sandbox: SandboxProcess,
) -> None:
    answer = ask(sandbox, query=guest_parameters())
    assert answer.json["result"] == "failure"
    assert answer.json["errorCode"] == "authentication.guest_in_query"
    assert sandbox.requests()[0].worked is False


def test_b2b_shows_any_card_and_says_when_there_is_none(sandbox: SandboxProcess) -> None:
    parameters = {"merchantId": MERCHANT_ID, "authentication": "b2b", "printedCardNumber": RICH.number}
    assert ask(sandbox, query=parameters).json["username"] == "gold.rosa"
    missing = ask(sandbox, query={**parameters, "printedCardNumber": "1"})
    assert missing.json["errorCode"] == "account_info.card_not_found"
