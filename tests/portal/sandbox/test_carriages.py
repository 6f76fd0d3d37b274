"""How parameters travel: query string, JSON body on GET, JSON body on POST, and their types."""

import pytest

from guestportal.sandbox.cards import SEED, SHORT
from tests.support.raw_http import ask, card_parameters
from tests.support.sandbox import SandboxProcess


def test_takes_the_query_string_a_body_on_get_and_a_body_on_post(sandbox: SandboxProcess) -> None:
    by_query = ask(sandbox, query=card_parameters(SEED))
    by_get_body = ask(sandbox, body=card_parameters(SEED))
    by_post = ask(sandbox, method="POST", body=card_parameters(SEED))
    assert by_query.json["result"] == "success"
    assert by_query == by_get_body == by_post


def test_parameters_of_a_post_may_not_stand_in_its_query_string(sandbox: SandboxProcess) -> None:
    answer = ask(sandbox, method="POST", query=card_parameters(SEED))
    assert (answer.status, answer.json["errorCode"]) == (400, "request.parameters_in_query")


def test_a_parameter_given_twice_is_refused(sandbox: SandboxProcess) -> None:
    in_both = ask(sandbox, query={"merchantId": 777777}, body=card_parameters(SEED))
    in_query = ask(
        sandbox, path="/rest/26.6/guest/accountInformation.json?merchantId=777777&merchantId=777777"
    )
    assert in_both.json["errorCode"] == in_query.json["errorCode"] == "request.repeated_parameter"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("merchantId", "777777"),
        ("merchantId", True),
        ("merchantId", 777777.0),
        ("printedCardNumber", 6000301000418000),
        ("registrationCode", 123456),
        ("authentication", 1),
    ],
)
def test_a_parameter_of_the_wrong_type_in_a_body_is_refused(
    sandbox: SandboxProcess, name: str, value: object
) -> None:
    answer = ask(sandbox, method="POST", body=card_parameters(SEED, **{name: value}))
    assert answer.json["errorCode"] == "request.wrong_type"
    assert name in answer.json["errorMessage"]


@pytest.mark.parametrize("name", ["merchantId", "authentication", "printedCardNumber", "registrationCode"])
@pytest.mark.parametrize("carriage", ["query", "body"])
def test_a_missing_parameter_is_named(sandbox: SandboxProcess, name: str, carriage: str) -> None:
    answer = ask(sandbox, **{carriage: card_parameters(SEED, **{name: None})})
    assert answer.json == {
        "result": "failure",
        "errorCode": "request.missing_parameter",
        "errorMessage": f"Missing required parameter {name}",
    }


def test_a_leading_zero_belongs_to_the_number(sandbox: SandboxProcess) -> None:
    assert ask(sandbox, query=card_parameters(SHORT)).json["result"] == "success"
    without = card_parameters(SHORT, printedCardNumber=SHORT.number.lstrip("0"))
    assert ask(sandbox, query=without).status == 401
