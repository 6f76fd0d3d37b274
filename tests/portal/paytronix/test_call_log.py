"""One line per call, with what an operator needs and nothing that a guest would not want written down."""

import json
import logging
import re
from typing import Any

import pytest

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import Refused
from guestportal.paytronix.services.gift_transfer import GiftTransferService
from guestportal.sandbox.cards import SEED
from tests.support.builders import account_information, card, failure, integration
from tests.support.paytronix_calls import failure_of, read_card
from tests.support.sandbox import ACCOUNT_INFORMATION, PENDING_TRANSFERS, SandboxProcess
from tests.support.scripted_server import ScriptedServer, answering, sending_then_closing

FIELDS = {
    "event",
    "merchant",
    "operation",
    "reference",
    "status",
    "result",
    "outcome",
    "reason",
    "error_code",
    "error_message",
    "left_out",
    "retry_after_seconds",
    "tries",
    "duration_ms",
}
LOGGER = "guestportal.paytronix"
CARD, CODE = "6000309182736450", "ZK7Q4W"


def lines(caplog: pytest.LogCaptureFixture, event: str = "paytronix_call") -> list[dict[str, Any]]:
    fields = [record.fields for record in caplog.records if record.name == LOGGER]  # type: ignore[attr-defined]
    return [each for each in fields if each["event"] == event]


def test_writes_one_line_for_a_success(client: PaytronixClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    (line,) = lines(caplog)
    assert set(line) == FIELDS
    assert line["merchant"] == "demo"
    assert line["operation"] == ACCOUNT_INFORMATION
    assert (line["status"], line["result"], line["outcome"]) == (200, "success", "success")
    assert (line["reason"], line["tries"]) == ("", 1)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", line["reference"])
    assert isinstance(line["duration_ms"], int)
    assert [record.levelname for record in caplog.records] == ["INFO"]


@pytest.mark.parametrize(
    ("fault", "outcome", "level", "status", "tries"),
    [
        ({"kind": "status", "status": 401}, "CredentialsRefused", "INFO", 401, 1),
        ({"kind": "status", "status": 429}, "RateLimited", "WARNING", 429, 1),
        ({"kind": "status", "status": 500}, "Unavailable", "WARNING", 500, 1),
        ({"kind": "status", "status": 503}, "Unavailable", "WARNING", 503, 2),
        ({"kind": "drop_before"}, "Unavailable", "WARNING", None, 2),
        ({"kind": "status", "status": 403}, "Misconfigured", "ERROR", 403, 1),
        ({"kind": "broken_json"}, "ContractBroken", "ERROR", 200, 1),
        ({"kind": "oversize", "size_bytes": 2_000_000}, "ContractBroken", "ERROR", None, 1),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else str(value),
)
def test_writes_one_line_for_every_failure_by_who_must_act(
    client: PaytronixClient,
    sandbox: SandboxProcess,
    caplog: pytest.LogCaptureFixture,
    fault: dict[str, object],
    outcome: str,
    level: str,
    status: int | None,
    tries: int,
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=2)
    with caplog.at_level(logging.INFO, LOGGER):
        error = failure_of(client)

    (line,) = lines(caplog)
    assert set(line) == FIELDS
    assert (line["outcome"], line["status"], line["tries"]) == (outcome, status, tries)
    assert line["reference"] == error.reference
    assert [record.levelname for record in caplog.records] == [level]


def test_writes_code_and_message_of_a_refusal_under_the_guests_reference(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(failure(errorCode="account_info.locked", errorMessage=f"Card {CARD} is locked"))
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": body})
    with caplog.at_level(logging.INFO, LOGGER):
        error = failure_of(client)

    (line,) = lines(caplog)
    assert line["error_code"] == "account_info.locked"
    assert line["error_message"] == "Card [hidden] is locked"
    assert line["reference"] == error.reference


@pytest.mark.parametrize(
    ("result", "outcome", "level"),
    [
        ("failure", "Refused", "INFO"),
        ("failed", "Unavailable", "WARNING"),
        ("invalid_status", "InvalidStatus", "INFO"),
        ("perhaps", "ContractBroken", "ERROR"),
    ],
)
def test_writes_paytronix_own_word_for_the_result(
    client: PaytronixClient,
    sandbox: SandboxProcess,
    caplog: pytest.LogCaptureFixture,
    result: str,
    outcome: str,
    level: str,
) -> None:
    body = json.dumps({"result": result})
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": body})
    with caplog.at_level(logging.INFO, LOGGER):
        failure_of(client)

    (line,) = lines(caplog)
    assert (line["result"], line["outcome"]) == (result, outcome)
    assert [record.levelname for record in caplog.records] == [level]


def test_writes_the_text_of_an_exception_without_what_is_secret_in_it(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    message = f"java.sql.SQLTransientConnectionException: no answer for card {CARD}"
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "failed", "message": message})
    with caplog.at_level(logging.INFO, LOGGER):
        error = failure_of(client)

    (line,) = lines(caplog)
    assert (line["outcome"], line["error_code"]) == ("Unavailable", "system.error")
    assert line["error_message"] == "java.sql.SQLTransientConnectionException: no answer for card [hidden]"
    assert "java" not in f"{error} {error!r}"


def test_writes_for_how_long_paytronix_asked_to_wait(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    fault = {"kind": "status", "status": 429, "headers": {"Retry-After": "200"}}
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
    with caplog.at_level(logging.INFO, LOGGER):
        failure_of(client)

    (line,) = lines(caplog)
    assert line["retry_after_seconds"] == 200


@pytest.mark.parametrize(
    "words", ["Registration code {} does not match", "{}: not valid", "No such card ({})"]
)
def test_hides_what_was_sent_in_whatever_words_it_comes_back(
    sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, client: PaytronixClient, words: str
) -> None:
    for secret in ("991", "zk", "Zk7q4w", "AB12"):
        body = json.dumps(failure(errorMessage=words.format(secret.upper())))
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "replace", "body": body})
        with caplog.at_level(logging.INFO, LOGGER), pytest.raises(Refused):
            read_card(client, "AB12", secret)

        *_, line = lines(caplog)
        assert line["error_message"] == words.format("[hidden]")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://[::1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
    ],
)
def test_never_calls_a_call_a_success_that_gave_no_reply(
    caplog: pytest.LogCaptureFixture, answer: bytes
) -> None:
    with ScriptedServer(sending_then_closing(answer)) as server, caplog.at_level(logging.INFO, LOGGER):
        failure_of(PaytronixClient(integration(server.base_url)))

    (line,) = lines(caplog)
    assert line["outcome"] != "success"
    assert caplog.records[0].levelno >= logging.WARNING


def test_shows_at_debug_the_shape_of_a_reply_and_none_of_a_guests_values(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    reply = account_information(username="Zebulon Quince", primaryCard=card(CARD))
    sandbox.set_reply(CARD, reply, code=CODE)
    with caplog.at_level(logging.DEBUG, LOGGER):
        read_card(client, CARD, CODE)

    (exchange,) = lines(caplog, "paytronix_exchange")
    (line,) = lines(caplog)
    shape = json.loads(exchange["reply"])
    assert exchange["reference"] == line["reference"]
    assert exchange["parameters"] == ["authentication", "merchantId", "printedCardNumber", "registrationCode"]
    assert (shape["result"], shape["accountStatus"], shape["tierCode"]) == ("success", "ACTIVE", 1)
    assert (shape["username"], shape["primaryCard"]["printedCardNumber"]) == ("str", "str")
    for value in ("Zebulon", CARD, CODE, "6450"):
        assert value not in caplog.text
        assert value not in str([exchange, line])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[" * 2_000 + b"]" * 2_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"9" * 5_000,
    ],
    ids=["empty", "bytes", "unclosed", "nested lists", "nested objects", "long number"],
)
def test_writes_its_lines_whatever_the_body_is(caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    with ScriptedServer(answering(body)) as server, caplog.at_level(logging.DEBUG, LOGGER):
        failure_of(PaytronixClient(integration(server.base_url)))

    assert len(lines(caplog)) == 1
    assert len(lines(caplog, "paytronix_exchange")) == 1


def test_writes_nothing_of_the_exchange_above_debug(
    client: PaytronixClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    assert lines(caplog, "paytronix_exchange") == []


def test_names_what_was_left_out_of_a_reply_and_never_what_stood_there(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    odd = {"pointBalances": [f"odd {CARD}"], "primaryCard": CARD, "tierCode": {CARD: CARD}}
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "members", "members": odd})
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    (line,) = lines(caplog)
    assert line["left_out"] == ["tierCode", "primaryCard", "pointBalances: 1"]
    assert CARD not in caplog.text


@pytest.mark.parametrize("name", ["transferInfos", "transfers"])
def test_warns_of_a_list_under_another_name(
    client: PaytronixClient, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    sandbox.queue_fault(PENDING_TRANSFERS, {"kind": "members", "renamed": {"transferInfo": name}})
    with caplog.at_level(logging.INFO, LOGGER):
        found = GiftTransferService(client).pending_transfers(printed_card_number=SEED.number)

    assert found.readable
    (line,) = lines(caplog, "list_under_another_name")
    assert line["operation"] == PENDING_TRANSFERS
