"""requestGuestToken: sign-in, rotation, expiry, and the forms of a refusal."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from guestportal.sandbox.cards import RICH, SEED
from guestportal.sandbox.guests import GUESTS, SEED_ACCESS_TOKEN, Guest
from tests.support.raw_http import ask
from tests.support.sandbox import REQUEST_GUEST_TOKEN, SandboxProcess, SandboxRefused
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


def test_the_chosen_refusal_holds_for_the_guest_style_too(sandbox: SandboxProcess) -> None:
    body = password_parameters(
        ANA, authentication="guest", password="other", grant_type=None, printedCardNumber=SEED.number
    )
    assert ask(sandbox, method="POST", body=body).json["errorCode"] == "could_not_authenticate"
    sandbox.refuse_passwords_with("http_403")
    assert ask(sandbox, method="POST", body=body).status == 403


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


def test_an_access_token_lives_on_after_its_refresh_token_is_spent(sandbox: SandboxProcess) -> None:
    tokens = sign_in(sandbox, ANA).json
    refresh(sandbox, tokens["refresh_token"])
    assert account_information(sandbox, tokens["access_token"], SEED.number).status == 200


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


def test_tokens_end_on_command_for_one_guest_or_all(sandbox: SandboxProcess) -> None:
    ana, rosa = sign_in(sandbox, ANA).json["access_token"], sign_in(sandbox, ROSA).json["access_token"]
    assert sandbox.expire_tokens("GuestREST") == 2, "the seed's own token is among them"
    assert account_information(sandbox, ana, SEED.number).status == 401
    assert account_information(sandbox, SEED_ACCESS_TOKEN, SEED.number).status == 401
    assert account_information(sandbox, rosa, RICH.number).status == 200
    assert sandbox.expire_tokens() == 1
    assert account_information(sandbox, rosa, RICH.number).status == 401


def test_refresh_tokens_can_be_taken_back(sandbox: SandboxProcess) -> None:
    tokens = sign_in(sandbox, ANA).json
    assert sandbox.revoke_refresh_tokens("GuestREST") == 1
    assert refresh(sandbox, tokens["refresh_token"]).status == 401
    assert account_information(sandbox, tokens["access_token"], SEED.number).status == 200


def test_the_newest_tokens_of_a_guest_can_be_read(sandbox: SandboxProcess) -> None:
    first = sign_in(sandbox, ANA).json
    sign_in(sandbox, ROSA)
    second = refresh(sandbox, first["refresh_token"]).json
    newest = sandbox.newest_tokens("GuestREST")
    assert (newest.access_token, newest.refresh_token) == (second["access_token"], second["refresh_token"])
    assert (newest.lives, newest.spent, newest.expired) == (True, False, False)
    assert [token.spent for token in sandbox.tokens("GuestREST")] == [True, True, False]


def test_a_token_without_the_scope_does_not_open_the_service(sandbox: SandboxProcess) -> None:
    token = sign_in(sandbox, ANA, scope="user_read").json["access_token"]
    assert user_information(sandbox, token, "GuestREST").status == 200
    assert account_information(sandbox, token, SEED.number).status == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": "authorization_code"}, "oauth.unsupported_grant_type"),
        ({"scope": "everything"}, "oauth.invalid_scope"),
        ({"scope": None}, "request.missing_parameter"),
        ({"password": None}, "request.missing_parameter"),
        ({"password": 5}, "request.wrong_type"),
        ({"authentication": "b2b"}, "authentication.not_allowed"),
    ],
)
def test_a_request_that_does_not_fit_is_a_failure(
    sandbox: SandboxProcess, changes: dict[str, object], code: str
) -> None:
    assert sign_in(sandbox, ANA, **changes).json["errorCode"] == code


def test_a_sign_in_travels_in_a_post_body_only(sandbox: SandboxProcess) -> None:
    parameters = password_parameters(ANA)
    assert ask(sandbox, path=TOKEN_PATH, query=parameters).status == 405
    in_query = ask(sandbox, method="POST", path=TOKEN_PATH, query=parameters)
    assert (in_query.status, in_query.json["errorCode"]) == (400, "request.parameters_in_query")
    assert sandbox.tokens("GuestREST")[1:] == []


def test_a_sign_in_needs_the_integrations_credentials(sandbox: SandboxProcess) -> None:
    answer = ask(
        sandbox, method="POST", path=TOKEN_PATH, body=password_parameters(ANA), authorization="Basic eA=="
    )
    assert answer.status == 401
    assert answer.header("WWW-Authenticate") is not None


def test_a_lost_reply_spends_the_refresh_token(sandbox: SandboxProcess) -> None:
    tokens = sign_in(sandbox, ANA).json
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "status", "status": 503, "work": True})
    assert refresh(sandbox, tokens["refresh_token"]).status == 503
    assert refresh(sandbox, tokens["refresh_token"]).status == 401
    assert json.loads(sandbox.requests()[-1].body)["grant_type"] == "refresh_token"


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({}, "A token order has any of expire, revoke and refusal."),
        ({"end": "all"}, "A token order has any of expire, revoke and refusal."),
        ({"expire": "nobody"}, "expire must be all or a user name."),
        ({"refusal": "http_500"}, "refusal must be one of http_401, http_403, failure."),
    ],
)
def test_a_token_order_that_does_not_fit_is_refused(
    sandbox: SandboxProcess, order: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SandboxRefused, match=re.escape(sentence)):
        sandbox._order("POST", "tokens", order)
