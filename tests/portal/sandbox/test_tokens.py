"""requestGuestToken: sign-in, rotation, expiry, and the forms of a refusal."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from guestportal.sandbox.cards import RICH, SEED
from guestportal.sandbox.guests import GUESTS, Guest
from tests.support.raw_http import ask
from tests.support.sandbox import REQUEST_GUEST_TOKEN, SandboxProcess
from tests.support.sandbox_guest_calls import (
    GUEST,
    TOKEN_PATH,
    account_information,
    password_parameters,
    refresh,
    sign_in,
    user_information,
)

ANA, ROSA = GUEST["GuestREST"], GUEST["gold.rosa"]


@pytest.mark.parametrize("guest", GUESTS, ids=lambda guest: guest.username)
def test_every_guest_signs_in_and_gets_tokens(sandbox: SandboxProcess, guest: Guest) -> None:
    answer = sign_in(sandbox, guest)
    assert answer.status == 200
    tokens = answer.json
    assert tokens == {
        "result": "success",
        "access_token": tokens["access_token"],
        "refresh_token": tokens["refresh_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "scope": "user_read account_read",
        "username": guest.username,
    }
    assert tokens["access_token"] != tokens["refresh_token"]
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert re.fullmatch(r"[A-Za-z0-9_-]{42}", token)
    assert [request.worked for request in sandbox.requests(REQUEST_GUEST_TOKEN)] == [True]


def test_a_token_opens_what_belongs_to_its_guest_only(sandbox: SandboxProcess) -> None:
    token = sign_in(sandbox, ANA).json["access_token"]
    assert account_information(sandbox, token, SEED.number).json["username"] == "GuestREST"
    other = account_information(sandbox, token, RICH.number).json
    assert (other["result"], other["errorCode"]) == ("failure", "account_info.card_not_found")
    assert user_information(sandbox, token, "GuestREST").json["result"] == "success"
    assert user_information(sandbox, token, "gold.rosa").json["errorCode"] == "user_info.not_found"


def test_a_password_counts_to_the_last_byte(sandbox: SandboxProcess) -> None:
    sofia = GUEST["swap.sofia"]
    assert len(sofia.password) == 200
    assert sofia.password != sofia.password.strip()
    for changed in (sofia.password.strip(), sofia.password[:-1], sofia.password.replace("e\u0301", "\u00e9")):
        assert sign_in(sandbox, sofia, password=changed).status == 401
    assert sign_in(sandbox, sofia).status == 200


def test_a_wrong_password_and_an_unknown_name_are_the_same_401_without_body(sandbox: SandboxProcess) -> None:
    wrong, unknown = sign_in(sandbox, ANA, password="other"), sign_in(sandbox, ANA, username="nobody")
    assert wrong == unknown
    assert (wrong.status, wrong.body) == (401, b"")
    assert [request.worked for request in sandbox.requests()] == [False, False]


def test_a_refusal_can_be_a_403_or_a_failure(sandbox: SandboxProcess) -> None:
    sandbox.refuse_passwords_with("http_403")
    forbidden = sign_in(sandbox, ANA, password="other")
    assert (forbidden.status, forbidden.body) == (403, b"")
    sandbox.refuse_passwords_with("failure")
    failure = sign_in(sandbox, ANA, password="other")
    assert failure.status == 200
    assert failure.json == {
        "result": "failure",
        "errorCode": "could_not_authenticate",
        "errorMessage": "Could not Authenticate",
    }
    sandbox.refuse_passwords_with("http_401")
    assert sign_in(sandbox, ANA, password="other").status == 401


def test_a_refresh_brings_new_tokens_and_works_once(sandbox: SandboxProcess) -> None:
    first = sign_in(sandbox, ANA).json
    second = refresh(sandbox, first["refresh_token"]).json
    assert second["username"] == "GuestREST"
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    spent = refresh(sandbox, first["refresh_token"])
    assert (spent.status, spent.body) == (401, b"")
    assert refresh(sandbox, second["refresh_token"], scope=None).json["scope"] == first["scope"]


def test_only_one_of_many_parallel_refreshes_succeeds(sandbox: SandboxProcess) -> None:
    token = sign_in(sandbox, ANA).json["refresh_token"]
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda _call: refresh(sandbox, token).status, range(12)))
    assert sorted(statuses) == [200] + [401] * 11
    assert [request.worked for request in sandbox.requests(REQUEST_GUEST_TOKEN)].count(True) == 2


def test_an_access_token_lives_thirty_minutes_of_the_sandboxs_clock(sandbox: SandboxProcess) -> None:
    tokens = sign_in(sandbox, ANA).json
    sandbox.set_clock_offset(1790)
    assert account_information(sandbox, tokens["access_token"], SEED.number).status == 200
    sandbox.set_clock_offset(1801)
    for answer in (
        account_information(sandbox, tokens["access_token"], SEED.number),
        user_information(sandbox, tokens["access_token"], "GuestREST"),
    ):
        assert (answer.status, answer.body) == (401, b"")
    assert refresh(sandbox, tokens["refresh_token"]).status == 200


def test_a_sign_in_travels_in_a_post_body_only(sandbox: SandboxProcess) -> None:
    parameters = password_parameters(ANA)
    assert ask(sandbox, path=TOKEN_PATH, query=parameters).status == 405
    in_query = ask(sandbox, method="POST", path=TOKEN_PATH, query=parameters)
    assert (in_query.status, in_query.json["errorCode"]) == (400, "request.parameters_in_query")
    assert sandbox.tokens("GuestREST")[1:] == []


def test_a_lost_reply_spends_the_refresh_token(sandbox: SandboxProcess) -> None:
    tokens = sign_in(sandbox, ANA).json
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": 503, "work": True})
    assert refresh(sandbox, tokens["refresh_token"]).status == 503
    assert refresh(sandbox, tokens["refresh_token"]).status == 401
    assert json.loads(sandbox.requests()[-1].body)["grant_type"] == "refresh_token"
