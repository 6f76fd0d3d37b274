"""Who may call at all, and which addresses exist."""

import pytest

from guestportal.sandbox.cards import SEED
from tests.support.raw_http import ask, basic, card_parameters
from tests.support.sandbox import SandboxProcess


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic %%%",
        basic(secret="wrong"),
        basic(identifier="other"),
        basic().replace("Basic", "Bearer"),
    ],
)
def test_refuses_wrong_integration_credentials_without_json(
    sandbox: SandboxProcess, authorization: str
) -> None:
    answer = ask(sandbox, query=card_parameters(SEED), authorization=authorization)
    assert answer.status == 401
    assert answer.body == b""
    assert answer.header("WWW-Authenticate") == 'Basic realm="Paytronix"'
    [request] = sandbox.requests()
    assert (request.basic_ok, request.worked, request.outcome) == (False, False, "HTTP 401")


def test_refuses_a_foreign_merchant(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, query=card_parameters(SEED, merchantId=777778))
    assert (answer.status, answer.body) == (403, b"")
    assert sandbox.requests()[0].worked is False


def test_wrong_code_and_unknown_card_are_the_same_401_without_body(sandbox: SandboxProcess) -> None:
    wrong = ask(sandbox, query=card_parameters(SEED, registrationCode="654321"))
    unknown = ask(sandbox, query=card_parameters(SEED, printedCardNumber="6000301000418001"))
    assert wrong == unknown
    assert (wrong.status, wrong.body) == (401, b"")
    assert wrong.header("WWW-Authenticate") is None
    assert [request.worked for request in sandbox.requests()] == [False, False]
