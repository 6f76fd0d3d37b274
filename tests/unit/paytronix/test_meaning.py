"""What an answer means where status and body disagree; and what codes, messages and Retry-After are read as."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from guestportal.paytronix.calls import Answer, Call, Operation
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, RateLimited, Refused
from guestportal.paytronix.meaning import read_success
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.styles import B2BStyle, CardStyle, Style
from tests.support.builders import account_information, failure

READ = Operation("guest/accountInformation")
WRITE = Operation("gifttransfer/transferOut", method="POST", writes=True)

CARD = CardStyle("6000301000418000", "123456")
B2B = B2BStyle()

SUCCESS = json.dumps(account_information()).encode()
FAILURE = json.dumps(failure()).encode()
FAILED = json.dumps(failure(result="failed")).encode()
INVALID = b'{"result": "invalid_status"}'
SUCCESS_ODD_CASE = b'{"result": "SUCCESS"}'


def outcome(operation: Operation, style: Style, status: int, body: bytes) -> str:
    call = Call(operation, style, {}, reference="7K3M9QX2")
    try:
        read_success(call, Answer(status, body), AccountInformation)
    except PaytronixError as error:
        about = (error.operation, error.reference, error.status)
        return type(error).__name__ if about == (operation.name, "7K3M9QX2", status) else repr(about)
    return "success"


# What every operation has in common stands in tests/unit/services/test_misbehaviour.py.
@pytest.mark.parametrize(
    ("style", "status", "body", "expected"),
    [
        (CARD, 200, SUCCESS, "success"),
        (CARD, 200, FAILED, "Refused"),
        (CARD, 200, SUCCESS_ODD_CASE, "Refused"),
        (CARD, 200, b'{"result": ""}', "Refused"),
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


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 30 ", 30),
        ("3600", 3600),
        ("999999999999999999999", 3600),
        ("9" * 5000, 3600),
        (None, 60),
        ("", 60),
        ("soon", 60),
        ("-5", 60),
        ("1.5", 60),
        ("²", 60),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("Wed, 32 Foo 2015", 60),
        ("Wed, 21 Oct 2015 07:28:00", 60),
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", 60),
        ("Wed, 21 Oct 2015 99999999999999999999:00:00 GMT", 60),
        ("1 Jan 2024 00:00:00 +99999999999999999999", 60),
    ],
)
def test_reads_how_long_to_wait_from_any_header(header: str | None, seconds: int) -> None:
    with pytest.raises(RateLimited) as caught:
        read_success(Call(READ, CARD, {}), Answer(429, b"", header), AccountInformation)

    assert caught.value.retry_after_seconds == seconds


def test_reads_how_long_to_wait_until_a_moment() -> None:
    header = format_datetime(timezone.now() + timedelta(seconds=90), usegmt=True)

    with pytest.raises(RateLimited) as caught:
        read_success(Call(READ, CARD, {}), Answer(429, b"", header), AccountInformation)

    assert 80 <= caught.value.retry_after_seconds <= 90


def test_shows_neither_body_nor_payload_in_a_repr() -> None:
    call = Call(READ, CARD, {"printedCardNumber": "6000301000418000"}, answer=Answer(200, b"CANARY"))

    assert "6000301000418000" not in repr(call)
    assert "CANARY" not in repr(call)
    assert "CANARY" not in repr(call.answer)
