"""Who may call at all, and which addresses exist."""

import pytest

from guestportal.sandbox.cards import SEED
from tests.support.raw_http import ask, basic, card_parameters, url_parts
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


def test_base_address_ends_with_the_release(sandbox: SandboxProcess) -> None:
    host, path = url_parts(sandbox)
    assert host == f"127.0.0.1:{sandbox.port}"
    assert path == "/rest/26.6"


@pytest.mark.parametrize("base", ["/rest/26.6", "/rest/25.33", "/api/rest/26.6", "/rest/26.6.1"])
def test_answers_under_both_base_paths_and_any_release(sandbox: SandboxProcess, base: str) -> None:
    answer = ask(sandbox, path=f"{base}/guest/accountInformation.json", query=card_parameters(SEED))
    assert answer.status == 200
    assert answer.json["result"] == "success"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/rest/26.6/guest/accountInformation",
        "/rest/26.6/guest/nothing.json",
        "/rest/guest/accountInformation.json",
        "/v2/rest/26.6/guest/accountInformation.json",
        "/rest/26.6/guest/accountInformation.json/",
        "/_control/nothing",
    ],
)
def test_answers_an_unknown_address_with_a_web_page(sandbox: SandboxProcess, path: str) -> None:
    answer = ask(sandbox, path=path, query=card_parameters(SEED))
    assert answer.status == 404
    assert (answer.header("Content-Type") or "").startswith("text/html")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD"])
def test_refuses_a_method_the_endpoint_does_not_have(sandbox: SandboxProcess, method: str) -> None:
    answer = ask(sandbox, method=method)
    assert answer.status == 405
    assert answer.header("Allow") == "GET, POST"


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
