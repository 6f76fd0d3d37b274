"""One line per call, with what an operator needs and nothing that a guest would not want written down."""

import json
import logging
import re
from typing import Any

import pytest
import requests
from responses import RequestsMock

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import Refused
from guestportal.paytronix.services.gift_transfer import GiftTransferService
from guestportal.paytronix.services.guest import ACCOUNT_INFORMATION as ACCOUNT
from tests.support.builders import account_information, card, failure, integration
from tests.support.paytronix_calls import failure_of, read_card

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
BASE_URL = "https://m777777.api.pxslab.example/rest/26.6"
ACCOUNT_INFORMATION = f"{BASE_URL}/guest/accountInformation.json"
CARD, CODE = "6000309182736450", "ZK7Q4W"


@pytest.fixture
def client() -> PaytronixClient:
    return PaytronixClient(integration(BASE_URL))


def lines(caplog: pytest.LogCaptureFixture, event: str = "paytronix_call") -> list[dict[str, Any]]:
    fields = [record.fields for record in caplog.records if record.name == LOGGER]  # type: ignore[attr-defined]
    return [each for each in fields if each["event"] == event]


def test_writes_one_line_for_a_success(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, json=account_information())
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    (line,) = lines(caplog)
    assert set(line) == FIELDS
    assert line["merchant"] == "demo"
    assert line["operation"] == "guest/accountInformation"
    assert (line["status"], line["result"], line["outcome"]) == (200, "success", "success")
    assert (line["reason"], line["tries"]) == ("", 1)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", line["reference"])
    assert isinstance(line["duration_ms"], int)
    assert [record.levelname for record in caplog.records] == ["INFO"]


@pytest.mark.parametrize(
    ("answer", "outcome", "level", "status", "tries"),
    [
        ({"status": 401}, "CredentialsRefused", "INFO", 401, 1),
        ({"status": 429}, "RateLimited", "WARNING", 429, 1),
        ({"status": 500}, "Unavailable", "WARNING", 500, 1),
        ({"status": 503}, "Unavailable", "WARNING", 503, 2),
        ({"body": requests.ConnectionError()}, "Unavailable", "WARNING", None, 2),
        ({"body": ValueError("a chunk of negative size")}, "Unavailable", "WARNING", None, 1),
        ({"status": 403}, "Misconfigured", "WARNING", 403, 1),  # perhaps the guest's fault
        ({"body": b"{"}, "ContractBroken", "ERROR", 200, 1),
        ({"body": b"x" * (ACCOUNT.body_limit_bytes + 1)}, "ContractBroken", "ERROR", None, 1),
    ],
    ids=["401", "429", "500", "503", "dropped", "odd chunk", "403", "broken JSON", "too long"],
)
def test_writes_one_line_for_every_failure_by_who_must_act(
    client: PaytronixClient,
    upstream: RequestsMock,
    caplog: pytest.LogCaptureFixture,
    answer: dict[str, Any],
    outcome: str,
    level: str,
    status: int | None,
    tries: int,
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, **answer)
    with caplog.at_level(logging.INFO, LOGGER):
        error = failure_of(client)

    (line,) = lines(caplog)
    assert set(line) == FIELDS
    assert (line["outcome"], line["status"], line["tries"]) == (outcome, status, tries)
    assert line["reference"] == error.reference
    assert [record.levelname for record in caplog.records] == [level]


def test_writes_code_and_message_of_a_refusal_under_the_guests_reference(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = failure(errorCode="account_info.locked", errorMessage=f"Card {CARD} is locked")
    upstream.add("GET", ACCOUNT_INFORMATION, json=refusal)
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
    upstream: RequestsMock,
    caplog: pytest.LogCaptureFixture,
    result: str,
    outcome: str,
    level: str,
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, json={"result": result})
    with caplog.at_level(logging.INFO, LOGGER):
        failure_of(client)

    (line,) = lines(caplog)
    assert (line["result"], line["outcome"]) == (result, outcome)
    assert [record.levelname for record in caplog.records] == [level]


def test_writes_the_text_of_an_exception_without_what_is_secret_in_it(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    message = f"java.sql.SQLTransientConnectionException: no answer for card {CARD}"
    failed = failure(result="failed", errorCode="system.error", errorMessage=message)
    upstream.add("GET", ACCOUNT_INFORMATION, json=failed)
    with caplog.at_level(logging.INFO, LOGGER):
        error = failure_of(client)

    (line,) = lines(caplog)
    assert (line["outcome"], line["error_code"]) == ("Unavailable", "system.error")
    assert line["error_message"] == "java.sql.SQLTransientConnectionException: no answer for card [hidden]"
    assert "java" not in f"{error} {error!r}"


def test_writes_for_how_long_paytronix_asked_to_wait(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, status=429, headers={"Retry-After": "200"})
    with caplog.at_level(logging.INFO, LOGGER):
        failure_of(client)

    (line,) = lines(caplog)
    assert line["retry_after_seconds"] == 200


@pytest.mark.parametrize(
    "words", ["Registration code {} does not match", "{}: not valid", "No such card ({})"]
)
def test_hides_what_was_sent_in_whatever_words_it_comes_back(
    upstream: RequestsMock, caplog: pytest.LogCaptureFixture, client: PaytronixClient, words: str
) -> None:
    for secret in ("991", "zk", "Zk7q4w", "AB12"):
        upstream.add("GET", ACCOUNT_INFORMATION, json=failure(errorMessage=words.format(secret.upper())))
        with caplog.at_level(logging.INFO, LOGGER), pytest.raises(Refused):
            read_card(client, "AB12", secret)

        *_, line = lines(caplog)
        assert line["error_message"] == words.format("[hidden]")


def test_shows_at_debug_the_shape_of_a_reply_and_none_of_a_guests_values(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    reply = account_information(username="Zebulon Quince", primaryCard=card(CARD))
    upstream.add("GET", ACCOUNT_INFORMATION, json=reply)
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
def test_writes_its_lines_whatever_the_body_is(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, body=body)
    with caplog.at_level(logging.DEBUG, LOGGER):
        failure_of(client)

    assert len(lines(caplog)) == 1
    assert len(lines(caplog, "paytronix_exchange")) == 1


def test_writes_nothing_of_the_exchange_above_debug(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.add("GET", ACCOUNT_INFORMATION, json=account_information())
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    assert lines(caplog, "paytronix_exchange") == []


def test_names_what_was_left_out_of_a_reply_and_never_what_stood_there(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    odd = {"pointBalances": [f"odd {CARD}"], "primaryCard": CARD, "tierCode": {CARD: CARD}}
    upstream.add("GET", ACCOUNT_INFORMATION, json=account_information(**odd))
    with caplog.at_level(logging.INFO, LOGGER):
        read_card(client)

    (line,) = lines(caplog)
    assert line["left_out"] == ["tierCode", "primaryCard", "pointBalances: 1"]
    assert CARD not in caplog.text


@pytest.mark.parametrize("name", ["transferInfos", "transfers"])
def test_warns_of_a_list_under_another_name(
    client: PaytronixClient, upstream: RequestsMock, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    gifts = {"result": "success", name: [{"transferOutTransactionId": 1}]}
    upstream.add("GET", f"{BASE_URL}/gifttransfer/pendingTransfersToAccount.json", json=gifts)
    with caplog.at_level(logging.INFO, LOGGER):
        found = GiftTransferService(client).pending_transfers(printed_card_number=CARD)

    assert found.readable
    (line,) = lines(caplog, "list_under_another_name")
    assert line["operation"] == "gifttransfer/pendingTransfersToAccount"
