"""Every way Paytronix can misbehave, applied to every operation: what the call ends with, and how often it asked.

This table is about meaning; that a failure looks on a real socket as it does here is checked once, in
tests/portal/paytronix/test_delivery.py and test_client.py.
"""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
import requests
from responses import RequestsMock
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from guestportal.paytronix.errors import (
    ContractBroken,
    CredentialsRefused,
    InvalidStatus,
    Misconfigured,
    OddSuccess,
    OutcomeUnknown,
    PaytronixError,
    RateLimited,
    Refused,
    Unavailable,
)
from guestportal.paytronix.services.gift_transfer import LISTS_LIMIT_BYTES
from tests.support.builders import failure
from tests.unit.services.operations import OPERATIONS, Asked, Kind, named, new_client

Ending = type[PaytronixError]


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """A row: an answer or a failure, and what a read and a write end with.

    `with_secret` is the end of a call that shows a secret of the guest, `at_sign_in` that of the one for a token,
    where they differ. `repeated` says that a read is tried once more; a write never is.
    """

    name: str
    body: bytes | Exception
    read: Ending
    write: Ending
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    with_secret: Ending | None = None
    at_sign_in: Ending | None = None
    repeated: bool = False

    def ending_of(self, kind: Kind) -> Ending:
        """What a call of this kind ends with."""
        if kind is Kind.SIGN_IN:
            return self.at_sign_in or self.with_secret or self.write
        if kind is Kind.GUEST_READ:
            return self.with_secret or self.read
        return self.write if kind is Kind.WRITE else self.read


HTML = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Traceback</body></html>"
FAILURE = json.dumps(failure()).encode()
EXCEPTION = "java.util.concurrent.TimeoutException: Futures timed out after [30 seconds]"
FAILED = json.dumps(failure(result="failed", errorCode="system.error", errorMessage=EXCEPTION)).encode()
SYSTEM_ERROR = json.dumps(failure(errorCode="guest.system_error", errorMessage="System error")).encode()
SUCCESS = b'{"result": "success"}'
CONNECTION = HTTPConnection("m777777.api.pxslab.example")


def lost(reason: Exception) -> requests.ConnectionError:
    """How requests tells that no connection came about."""
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]  # no pool here


def not_trusted(reason: Exception) -> requests.exceptions.SSLError:
    """How requests tells that TLS failed."""
    return requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(reason)))  # type: ignore[arg-type]


SURELY_NOT_SENT = (
    Misbehaviour("connect time-out", requests.ConnectTimeout(), Unavailable, Unavailable),
    Misbehaviour(
        "refused connection",
        lost(NewConnectionError(CONNECTION, "refused")),
        Unavailable,
        Unavailable,
        repeated=True,
    ),
    Misbehaviour(
        "unknown host name",
        lost(NameResolutionError("m777777", CONNECTION, OSError())),  # type: ignore[arg-type]  # a gaierror
        Unavailable,
        Unavailable,
        repeated=True,
    ),
    Misbehaviour(
        "refused certificate", not_trusted(ssl.SSLCertVerificationError()), Unavailable, Unavailable
    ),
)
PERHAPS_SENT = (
    Misbehaviour("read time-out", requests.ReadTimeout(), Unavailable, OutcomeUnknown),
    Misbehaviour(
        "read time-out inside the body",
        requests.ConnectionError(ReadTimeoutError(None, "/", "")),  # type: ignore[arg-type]  # no pool here
        Unavailable,
        OutcomeUnknown,
    ),
    Misbehaviour(
        "dropped connection",
        requests.ConnectionError(ProtocolError("aborted", ConnectionResetError())),
        Unavailable,
        OutcomeUnknown,
        repeated=True,
    ),
    Misbehaviour("TLS that breaks", not_trusted(ssl.SSLEOFError()), Unavailable, OutcomeUnknown),
    Misbehaviour(
        "chunks without sense", requests.exceptions.ChunkedEncodingError(), Unavailable, OutcomeUnknown
    ),
    Misbehaviour("an error of the library's own", ValueError("negative"), Unavailable, OutcomeUnknown),
)
STATUSES = (
    Misbehaviour("302", b"", ContractBroken, OutcomeUnknown, status=302, headers={"Location": "/login"}),
    Misbehaviour("302 with a refusal", FAILURE, Refused, OutcomeUnknown, status=302),
    Misbehaviour("400 as HTML", HTML, ContractBroken, OutcomeUnknown, status=400),
    Misbehaviour("400 with a refusal", FAILURE, Refused, Refused, status=400),
    Misbehaviour(
        "401 without a body", b"", Misconfigured, Misconfigured, status=401, with_secret=CredentialsRefused
    ),
    Misbehaviour(
        "401 as HTML", HTML, Misconfigured, Misconfigured, status=401, with_secret=CredentialsRefused
    ),
    Misbehaviour(
        "401 as JSON", FAILURE, Misconfigured, Misconfigured, status=401, with_secret=CredentialsRefused
    ),
    Misbehaviour(
        "403 as HTML", HTML, Misconfigured, Misconfigured, status=403, at_sign_in=CredentialsRefused
    ),
    Misbehaviour("404 as HTML", HTML, ContractBroken, OutcomeUnknown, status=404),
    Misbehaviour("404 with a success", SUCCESS, ContractBroken, OddSuccess, status=404),
    Misbehaviour("408", HTML, Unavailable, OutcomeUnknown, status=408),
    Misbehaviour("429", HTML, RateLimited, OutcomeUnknown, status=429, headers={"Retry-After": "120"}),
    Misbehaviour("500 as HTML", HTML, Unavailable, OutcomeUnknown, status=500),
    Misbehaviour("500 with a success", SUCCESS, Unavailable, OutcomeUnknown, status=500),
    Misbehaviour("500 with a refusal", FAILURE, Refused, OutcomeUnknown, status=500),
    Misbehaviour("502", b"", Unavailable, OutcomeUnknown, status=502, repeated=True),
    Misbehaviour("503", HTML, Unavailable, OutcomeUnknown, status=503, repeated=True),
    Misbehaviour("504", b"", Unavailable, OutcomeUnknown, status=504, repeated=True),
    Misbehaviour("521", HTML, Unavailable, OutcomeUnknown, status=521),
)
BODIES = (
    Misbehaviour("HTML", HTML, ContractBroken, OutcomeUnknown),
    Misbehaviour("no body", b"", ContractBroken, OutcomeUnknown),
    Misbehaviour("204", b"", ContractBroken, OutcomeUnknown, status=204),
    Misbehaviour("broken JSON", SUCCESS[:-3], ContractBroken, OutcomeUnknown),
    Misbehaviour("no UTF-8", b'{"result": "\xff"}', ContractBroken, OutcomeUnknown),
    Misbehaviour("a list", b"[]", ContractBroken, OutcomeUnknown),
    Misbehaviour("no result", b'{"errorCode": "x"}', ContractBroken, OutcomeUnknown),
    Misbehaviour("a result of the wrong type", b'{"result": true}', ContractBroken, OutcomeUnknown),
    Misbehaviour("nesting without end", b"[" * 90_000, ContractBroken, OutcomeUnknown),
    Misbehaviour(
        "over the limit",
        b'{"result": "success", "odd": "' + b"x" * LISTS_LIMIT_BYTES + b'"}',
        ContractBroken,
        OutcomeUnknown,
    ),
    Misbehaviour(
        "not the gzip it calls itself",
        SUCCESS,
        Unavailable,
        OutcomeUnknown,
        headers={"Content-Encoding": "gzip"},
    ),
    Misbehaviour("a documented refusal", FAILURE, Refused, Refused),
    Misbehaviour(
        "a refusal with an odd code",
        json.dumps(failure(errorCode=1.5, errorMessage=["x"])).encode(),
        Refused,
        Refused,
    ),
    Misbehaviour("invalid_status", b'{"result": "invalid_status"}', InvalidStatus, InvalidStatus),
)
FAILED_INSIDE = (
    Misbehaviour("failed", FAILED, Unavailable, OutcomeUnknown),
    Misbehaviour("failed with 401", FAILED, Unavailable, OutcomeUnknown, status=401),
    Misbehaviour("failed with 403", FAILED, Unavailable, OutcomeUnknown, status=403),
    Misbehaviour("failed with 500", FAILED, Unavailable, OutcomeUnknown, status=500),
    Misbehaviour("a system error of the service", SYSTEM_ERROR, Unavailable, OutcomeUnknown),
    Misbehaviour("a word that no document has", b'{"result": "maybe"}', ContractBroken, OutcomeUnknown),
)
TABLE = (*SURELY_NOT_SENT, *PERHAPS_SENT, *STATUSES, *BODIES, *FAILED_INSIDE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_ends_as_what_it_means(upstream: RequestsMock, asked: Asked, row: Misbehaviour) -> None:
    answer = upstream.add(
        asked.method, asked.url, body=row.body, status=row.status, headers=dict(row.headers)
    )

    with pytest.raises(PaytronixError) as caught:
        asked.ask(new_client())

    assert type(caught.value) is row.ending_of(asked.kind)
    assert answer.call_count == (2 if row.repeated and not asked.writes else 1)
    assert caught.value.operation == asked.path
    assert len(caught.value.reference) == 8


@pytest.mark.parametrize("row", [row for row in TABLE if row.repeated], ids=lambda row: row.name)
@pytest.mark.parametrize("asked", [asked for asked in OPERATIONS if not asked.writes], ids=named)
def test_takes_the_second_answer_of_a_read(upstream: RequestsMock, asked: Asked, row: Misbehaviour) -> None:
    upstream.add(asked.method, asked.url, body=row.body, status=row.status)
    upstream.add(asked.method, asked.url, json=asked.success)

    asked.ask(new_client())

    assert len(upstream.calls) == 2


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_carries_code_message_and_status_of_a_refusal(upstream: RequestsMock, asked: Asked) -> None:
    refusal = failure(errorCode="gifttransfer.refused", errorMessage="Not with\u202e this card")
    upstream.add(asked.method, asked.url, json=refusal, status=400)

    with pytest.raises(Refused) as caught:
        asked.ask(new_client())

    error = caught.value
    assert (error.code, error.message, error.status) == ("gifttransfer.refused", "Not with this card", 400)


@pytest.mark.parametrize("code", ["could_not_authenticate", "oauth.could_not_authenticate"])
@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_takes_an_unknown_guest_for_one_only_where_a_guests_secret_was_sent(
    upstream: RequestsMock, asked: Asked, code: str
) -> None:
    upstream.add(asked.method, asked.url, json=failure(errorCode=code))

    with pytest.raises(Refused) as caught:
        asked.ask(new_client())

    shows_a_secret = asked.kind in {Kind.GUEST_READ, Kind.SIGN_IN}
    assert type(caught.value) is (CredentialsRefused if shows_a_secret else Refused)


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_waits_as_long_as_paytronix_asks(upstream: RequestsMock, asked: Asked) -> None:
    upstream.add(asked.method, asked.url, status=429, headers={"Retry-After": "120"})

    with pytest.raises(PaytronixError) as caught:
        asked.ask(new_client())

    assert getattr(caught.value, "retry_after_seconds", None) == (None if asked.writes else 120)


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_says_nothing_in_its_error_of_what_was_sent(upstream: RequestsMock, asked: Asked) -> None:
    """The library's own text names the whole address, with card number, code and token."""
    everything = str(dict(asked.parameters))
    upstream.add(asked.method, asked.url, body=lost(NewConnectionError(CONNECTION, everything)))

    with pytest.raises(PaytronixError) as caught:
        asked.ask(new_client())

    error = caught.value
    shown_with_it = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = f"{error!r} {error} {vars(error)} {shown_with_it}"
    secrets = [each for each in asked.parameters.values() if isinstance(each, str) and len(each) > 5]
    assert [each for each in secrets if each in told and each not in asked.path] == []
