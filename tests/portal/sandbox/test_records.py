"""The recorded requests: what they hold, and that none is lost when many arrive at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from guestportal.sandbox.cards import SEED, UNREGISTERED
from tests.support.raw_http import JSON, PATH, ask, card_parameters, connect, exchange
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess, SandboxRefused


def test_records_a_query_string_parsed_and_raw(sandbox: SandboxProcess) -> None:
    ask(sandbox, query=card_parameters(SEED, extra="a b&c"))
    [request] = sandbox.requests()
    assert request.operation == ACCOUNT_INFORMATION
    assert (request.method, request.path, request.body) == ("GET", PATH, "")
    assert ("extra", "a b&c") in request.query
    assert ("printedCardNumber", SEED.number) in request.query
    assert request.raw_query.endswith("&extra=a+b%26c")
    assert (request.basic_ok, request.worked, request.outcome, request.status) == (True, True, "success", 200)


def test_records_a_body_as_text(sandbox: SandboxProcess) -> None:
    ask(sandbox, method="POST", body=card_parameters(SEED))
    [request] = sandbox.requests()
    assert json.loads(request.body) == card_parameters(SEED)
    assert (request.method, request.content_type, request.query) == ("POST", JSON, ())


def test_knows_no_records_of_an_operation_that_there_is_not(sandbox: SandboxProcess) -> None:
    with pytest.raises(SandboxRefused, match="Unknown operation guest/accountInfo;"):
        sandbox.requests("guest/accountInfo")


def test_does_not_record_the_control_address(sandbox: SandboxProcess) -> None:
    sandbox.set_clock_offset(1.5)
    assert sandbox.requests() == []


def test_shows_that_a_connection_was_used_again(sandbox: SandboxProcess) -> None:
    with closing(connect(sandbox)) as connection:
        exchange(connection, query=card_parameters(SEED))
        exchange(connection, query=card_parameters(UNREGISTERED))
        ask(sandbox, query=card_parameters(SEED))
    first, second, third = sandbox.requests()
    assert first.client_port == second.client_port != third.client_port


def test_loses_no_request_when_many_arrive_at_once(sandbox: SandboxProcess) -> None:
    workers, calls_each = 16, 12

    def work(worker: int) -> int:
        with closing(connect(sandbox)) as connection:
            answers = [
                exchange(connection, query=card_parameters(SEED, worker=worker, call=call))
                for call in range(calls_each)
            ]
        return sum(answer.status == 200 for answer in answers)

    with ThreadPoolExecutor(workers) as pool:
        assert sum(pool.map(work, range(workers))) == workers * calls_each
    requests = sandbox.requests()
    numbers = [request.number for request in requests]
    assert numbers == list(range(numbers[0], numbers[0] + workers * calls_each))
    assert len({request.query for request in requests}) == workers * calls_each
    assert {request.outcome for request in requests} == {"success"}
