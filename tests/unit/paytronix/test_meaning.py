"""What an answer means where status and body disagree; and what codes, messages and Retry-After are read as."""

import json

import pytest

from guestportal.paytronix.calls import Answer, Call, Operation
from guestportal.paytronix.errors import Health, InvalidStatus, PaytronixError, RateLimited, Refused
from guestportal.paytronix.meaning import read_success
from guestportal.paytronix.replies.account import AccountInformation, UserInformation
from guestportal.paytronix.replies.envelope import Reply
from guestportal.paytronix.replies.gift_transfer import GiftingConfigs, OneTransfer, Transfers
from guestportal.paytronix.styles import B2BStyle, CardStyle, Style
from tests.support.builders import account_information, failure

READ = Operation("guest/accountInformation")
WRITE = Operation("gifttransfer/transferOut", method="POST", writes=True)

CARD = CardStyle("6000301000418000", "123456")
B2B = B2BStyle()

SUCCESS = json.dumps(account_information()).encode()
FAILURE = json.dumps(failure()).encode()
EXCEPTION = "java.util.concurrent.TimeoutException: Futures timed out after [30 seconds]"
FAILED = json.dumps(failure(result="failed", errorCode="system.error", errorMessage=EXCEPTION)).encode()
SYSTEM_ERROR = json.dumps(failure(errorCode="guest.system_error", errorMessage="System error")).encode()
INVALID = b'{"result": "invalid_status"}'
HTML = b"<!DOCTYPE html><html><body>no</body></html>"
ODD_TRANSFER = b'{"result": "success", "transferInfo": [7]}'
SUCCESS_ODD_CASE = b'{"result": "SUCCESS"}'


def outcome(
    operation: Operation, style: Style, status: int, body: bytes, kind: type[Reply] = AccountInformation
) -> str:
    call = Call(operation, style, {}, reference="7K3M9QX2")
    try:
        read_success(call, Answer(status, body), kind)
    except PaytronixError as error:
        about = (error.operation, error.reference, error.status)
        return type(error).__name__ if about == (operation.name, "7K3M9QX2", status) else repr(about)
    return "success"


# What every operation has in common stands in tests/unit/services/test_misbehaviour.py.
@pytest.mark.parametrize(
    ("style", "status", "body", "expected"),
    [
        (CARD, 200, SUCCESS, "success"),
        (CARD, 200, FAILED, "Unavailable"),
        (CARD, 200, b'{"result": "failed"}', "Unavailable"),
        (CARD, 200, b'{"result": "failed", "errorCode": "card.unknown"}', "Unavailable"),
        (CARD, 200, SYSTEM_ERROR, "Unavailable"),
        (CARD, 200, b'{"result": "failure", "errorCode": "system.error"}', "Unavailable"),
        (CARD, 200, b'{"result": "failure", "errorCode": "card.filesystem_error"}', "Refused"),
        (CARD, 401, FAILED, "Unavailable"),
        (CARD, 404, SYSTEM_ERROR, "Unavailable"),
        (CARD, 429, FAILED, "Unavailable"),
        (B2B, 401, FAILED, "Unavailable"),
        (B2B, 403, FAILED, "Unavailable"),
        (CARD, 500, FAILED, "Unavailable"),
        (CARD, 200, SUCCESS_ODD_CASE, "ContractBroken"),
        (CARD, 200, b'{"result": ""}', "ContractBroken"),
        (CARD, 301, b"", "ContractBroken"),
        (CARD, 302, SUCCESS, "ContractBroken"),
        (CARD, 400, SUCCESS, "ContractBroken"),
        (CARD, 401, SUCCESS, "CredentialsRefused"),
        (CARD, 401, INVALID, "InvalidStatus"),
        (B2B, 401, SUCCESS, "Misconfigured"),
        (CARD, 403, FAILURE, "Refused"),
        (CARD, 599, b"\xff\xfe", "Unavailable"),
    ],
)
def test_tells_what_an_answer_to_a_read_means(style: Style, status: int, body: bytes, expected: str) -> None:
    assert outcome(READ, style, status, body) == expected


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, SUCCESS, "success"),
        (200, FAILED, "OutcomeUnknown"),
        (200, SYSTEM_ERROR, "OutcomeUnknown"),
        (401, FAILED, "OutcomeUnknown"),
        (404, FAILED, "OutcomeUnknown"),
        (500, FAILED, "OutcomeUnknown"),
        (200, SUCCESS_ODD_CASE, "OutcomeUnknown"),
        (302, SUCCESS, "OutcomeUnknown"),
        (401, SUCCESS, "OddSuccess"),
        (408, FAILURE, "OutcomeUnknown"),
        (429, FAILURE, "OutcomeUnknown"),
    ],
)
def test_never_calls_a_write_failed_while_it_may_have_happened(
    status: int, body: bytes, expected: str
) -> None:
    assert outcome(WRITE, B2B, status, body) == expected


@pytest.mark.parametrize("operation", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize(
    ("status", "body", "health"),
    [
        (200, FAILURE, Health.WELL),
        (200, HTML, Health.WELL),
        (401, b"", Health.WELL),
        (429, b"", Health.WELL),
        (200, FAILED, Health.FAILED),
        (200, SYSTEM_ERROR, Health.FAILED),
        (401, FAILED, Health.FAILED),
        (500, FAILED, Health.FAILED),
        (500, FAILURE, Health.UNTOLD),
        (500, SUCCESS, Health.UNTOLD),
        (500, HTML, Health.SICK),
        (502, b"", Health.SICK),
        (521, HTML, Health.SICK),
    ],
)
def test_tells_what_an_answer_says_about_paytronix_itself(
    operation: Operation, status: int, body: bytes, health: Health
) -> None:
    with pytest.raises(PaytronixError) as caught:
        read_success(Call(operation, B2B, {}), Answer(status, body), AccountInformation)

    assert caught.value.health is health


@pytest.mark.parametrize("operation", [READ, WRITE], ids=["read", "write"])
def test_keeps_the_text_of_an_exception_for_the_log(operation: Operation) -> None:
    call = Call(operation, B2B, {})

    with pytest.raises(PaytronixError) as caught:
        read_success(call, Answer(200, FAILED), AccountInformation)

    assert call.error_message == EXCEPTION
    assert "java" not in f"{caught.value} {caught.value!r} {vars(caught.value)} {call!r}"


@pytest.mark.parametrize("body", [ODD_TRANSFER, b'{"result": "success"}'])
def test_calls_a_write_a_success_where_its_reply_cannot_be_read(body: bytes) -> None:
    assert outcome(READ, B2B, 200, body, OneTransfer) == "ContractBroken"
    assert outcome(WRITE, B2B, 200, body, OneTransfer) == "OddSuccess"


@pytest.mark.parametrize(
    ("kind", "members", "is_told"),
    [
        (Transfers, {}, False),
        (Transfers, {"transferInfo": None}, False),
        (Transfers, {"transferInfo": {}}, False),
        (Transfers, {"gifts": []}, False),
        (Transfers, {"transferInfo": []}, True),
        (Transfers, {"transfers": []}, True),
        (GiftingConfigs, {}, False),
        (GiftingConfigs, {"configs": None}, False),
        (GiftingConfigs, {"configs": [None]}, True),
        (UserInformation, {}, True),
        (UserInformation, {"primaryCardNumbers": []}, True),
        (UserInformation, {"primaryCardNumbers": None}, False),
        (UserInformation, {"primaryCardNumbers": "6000301000418000"}, False),
        (UserInformation, {"primaryCardNumbers": [[]]}, False),
        (UserInformation, {"primaryCardNumbers": [None, "6000301000418000"]}, True),
    ],
)
def test_takes_a_list_that_is_not_told_for_none_that_is_empty(
    kind: type[Reply], members: dict[str, object], is_told: bool
) -> None:
    body = json.dumps({"result": "success", **members}).encode()

    assert outcome(READ, B2B, 200, body, kind) == ("success" if is_told else "ContractBroken")


def test_carries_code_and_message_of_a_refusal_and_keeps_them_apart_from_its_text() -> None:
    body = json.dumps(failure(errorCode="a.b", errorMessage="Card 6000301000418000 is locked")).encode()

    with pytest.raises(Refused) as caught:
        read_success(Call(READ, CARD, {}), Answer(200, body), AccountInformation)

    assert caught.value.code == "a.b"
    assert caught.value.message == "Card 6000301000418000 is locked"
    assert "6000301000418000" not in str(caught.value)


def test_shows_no_card_number_in_its_text_even_where_a_code_holds_one() -> None:
    body = json.dumps(failure(errorCode="card.6000301000418000.locked")).encode()

    with pytest.raises(Refused) as caught:
        read_success(Call(READ, CARD, {}), Answer(200, body), AccountInformation)

    assert "6000301000418000" not in f"{caught.value} {caught.value!r} {caught.value.reason}"


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        *((17, "17"), (None, ""), ("", ""), ("a.b", "a.b"), (1.5, "1.5")),
        *((False, ""), ({"en": "No"}, ""), (["a.b"], "")),
    ],
)
@pytest.mark.parametrize("result", ["failure", "invalid_status"])
def test_reads_codes_and_messages_of_every_kind(result: str, sent: object, text: str) -> None:
    body = json.dumps(failure(result=result, errorCode=sent, errorMessage=sent)).encode()

    with pytest.raises(PaytronixError) as caught:
        read_success(Call(READ, CARD, {}), Answer(200, body), AccountInformation)

    error = caught.value
    assert isinstance(error, Refused | InvalidStatus)
    assert (error.code, error.message) == (text, text)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("9000", 300), (None, 60), ("soon", 60)])
def test_says_for_how_long_to_slow_down(header: str | None, seconds: int) -> None:
    with pytest.raises(RateLimited) as caught:
        read_success(Call(READ, CARD, {}), Answer(429, b"", header), AccountInformation)

    assert caught.value.retry_after_seconds == seconds


def test_shows_neither_body_nor_payload_in_a_repr() -> None:
    call = Call(READ, CARD, {"printedCardNumber": "6000301000418000"}, answer=Answer(200, b"CANARY"))

    assert "6000301000418000" not in repr(call)
    assert "CANARY" not in repr(call)
    assert "CANARY" not in repr(call.answer)
