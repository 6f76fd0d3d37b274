"""What a transport failure means for a write: the table of docs/threats.md, section 4, whole, on real sockets.

"Not sent" may be said only where Paytronix surely never saw the request; everything else is unknown. What each
operation makes of a failure is told in tests/unit/services, what a guest then reads in tests/ledger.
"""

import socket
from pathlib import Path
from typing import Any

import pytest
import requests

from guestportal.paytronix.client import PaytronixClient, surely_not_sent
from guestportal.paytronix.errors import ContractBroken, OutcomeUnknown, Unavailable
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.styles import CardStyle
from tests.support.builders import integration
from tests.support.certificates import server_context
from tests.support.paytronix_calls import WRITE, failure_of, read_card, write
from tests.support.plain_browser import SEED_CARD, SEED_CODE
from tests.support.scripted_server import (
    Behaviour,
    ScriptedServer,
    answering,
    breaking_tls,
    dripping,
    resetting,
    sending,
    sending_then_closing,
    silent,
)

OK = b'{"result": "success"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"


def test_calls_a_refused_connection_not_sent(free_port: int) -> None:
    client = PaytronixClient(integration(f"http://127.0.0.1:{free_port}/rest/26.6"))

    assert type(failure_of(client, writing=True)) is Unavailable


def test_calls_a_connect_time_out_not_sent(full_port: int) -> None:
    client = PaytronixClient(integration(f"http://127.0.0.1:{full_port}/rest/26.6"))
    error = failure_of(client, writing=True)

    assert type(error) is Unavailable
    assert error.reason == "ConnectTimeout"


def test_calls_an_unknown_host_name_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unresolvable(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unresolvable)
    client = PaytronixClient(integration("http://m777777.api.pxslab.invalid/rest/26.6"))

    assert type(failure_of(client, writing=True)) is Unavailable


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ports on this machine to which the name `paytronix.invalid` leads, in the order of its addresses."""
    ports: list[int] = []
    resolve = socket.getaddrinfo

    def resolved(host: str, *arguments: Any, **options: Any) -> list[Any]:
        if host != "paytronix.invalid":
            return list(resolve(host, *arguments, **options))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return ports


@pytest.mark.parametrize("writing", [False, True])
def test_tries_no_further_address_once_the_time_is_up(
    addresses: list[int], full_port: int, writing: bool
) -> None:
    with ScriptedServer(answering(OK)) as server:
        addresses += [full_port, full_port, server.port]
        hasty = integration(
            "http://paytronix.invalid/rest/26.6", connect_timeout_seconds=0.2, deadline_seconds=0.3
        )

        assert type(failure_of(PaytronixClient(hasty), writing=writing)) is Unavailable
        assert server.connections == 0


@pytest.mark.parametrize("writing", [False, True])
def test_goes_on_to_an_address_that_answers(
    addresses: list[int], full_port: int, free_port: int, writing: bool
) -> None:
    with ScriptedServer(answering(OK)) as server:
        addresses += [free_port, full_port, server.port]
        patient = integration(
            "http://paytronix.invalid/rest/26.6", connect_timeout_seconds=0.2, deadline_seconds=5.0
        )
        call = write if writing else read_card
        call(PaytronixClient(patient))

        assert len(server.requests) == 1
        assert server.requests[0].header("Host") == "paytronix.invalid"


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_asks_on_the_open_connection_whether_a_write_may_still_leave(trusted_pem: Path, secure: bool) -> None:
    with ScriptedServer(answering(OK), tls=server_context(trusted_pem) if secure else None) as server:
        client, asked = PaytronixClient(integration(server.base_url)), []

        def it_is_too_late() -> bool:
            asked.append(server.port)
            return False

        with pytest.raises(Unavailable) as called_off:
            client.call(
                WRITE,
                style=CardStyle(SEED_CARD, SEED_CODE),
                parameters={},
                reply=AccountInformation,
                may_send=it_is_too_late,
            )
        assert server.requests == []

    assert len(asked) == 1
    assert called_off.value.reason == "called off"


def test_calls_a_refused_certificate_not_sent_and_sends_nothing(pem: Path) -> None:
    with ScriptedServer(answering(OK), tls=server_context(pem)) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)), writing=True)

    assert type(error) is Unavailable
    assert error.reason == "SSLError"
    assert server.requests == []


def test_calls_a_certificate_for_another_name_not_sent(trusted_pem: Path) -> None:
    with ScriptedServer(answering(OK), tls=server_context(trusted_pem)) as server:
        address = server.base_url.replace("127.0.0.1", "localhost")
        error = failure_of(PaytronixClient(integration(address)), writing=True)

    assert type(error) is Unavailable
    assert server.requests == []


UNKNOWN: dict[str, Behaviour] = {
    "accepted, never answered": silent(),
    "closed without a reply": sending_then_closing(b""),
    "reset without a reply": resetting(),
    "body cut short": sending_then_closing(HEAD + OK[:10]),
    "half a header block": sending_then_closing(HEAD[:30]),
    "headers without their end": sending_then_closing(HEAD[:-2]),
    "status line only, then silence": sending(b"HTTP/1.1 200 OK\r\n"),
    "no HTTP at all": sending_then_closing(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "HTML": answering(b"<html>hello</html>"),
    "HTML without a length": sending_then_closing(b"HTTP/1.1 200 OK\r\n\r\n<html>"),
    "empty body": answering(b""),
    "broken JSON": answering(OK[:-3]),
    "no result": answering(b"{}"),
    "body over the limit": answering(b'{"result": "success", "odd": "' + b"x" * 1_100_000 + b'"}'),
    "byte by byte": dripping(HEAD + OK, at_once=len(HEAD), interval_seconds=0.1),
    "headers byte by byte": dripping(HEAD + OK, interval_seconds=0.1),
    "500": answering(b"<html>", status="500 Internal Server Error"),
    "502": answering(b"", status="502 Bad Gateway"),
    "503": answering(b"", status="503 Service Unavailable"),
    "504": answering(b"", status="504 Gateway Timeout"),
    "521": answering(b"<html>", status="521 Web Server Is Down"),
    "302": answering(b"", status="302 Found", headers=["Location: /elsewhere"]),
    "307": answering(b"", status="307 Temporary Redirect", headers=["Location: /elsewhere"]),
    "408": answering(b"", status="408 Request Timeout"),
    "429": answering(b"", status="429 Too Many Requests"),
    "500 that calls itself a failure": answering(b'{"result": "failure"}', status="500 Oops"),
    "two lengths": sending(HEAD.replace(b"21\r\n", b"21\r\nContent-Length: 7\r\n") + OK),
    "chunks without sense": sending_then_closing(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    ),
    "not gzip": answering(OK, headers=["Content-Encoding: gzip"]),
}


@pytest.mark.parametrize("behaviour", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_calls_everything_after_delivery_unknown_and_sends_once(behaviour: Behaviour) -> None:
    with ScriptedServer(behaviour) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)), writing=True)

    assert type(error) is OutcomeUnknown
    assert len(server.requests) == 1
    assert server.requests[0].body.startswith(b"{")


OUTSIDE_REQUESTS = {
    "a Location nobody can read": answering(b"", status="302 Found", headers=["Location: http://[::1"]),
    "a Location that is no text": sending(
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: \xff\xfe\r\n\r\n"
    ),
    "a chunk of negative size": sending_then_closing(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"
    ),
}


@pytest.mark.parametrize("behaviour", OUTSIDE_REQUESTS.values(), ids=OUTSIDE_REQUESTS.keys())
@pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
def test_names_a_failure_that_the_library_itself_did_not_expect(behaviour: Behaviour, writing: bool) -> None:
    with ScriptedServer(behaviour) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)), writing=writing)

    assert type(error) in ({OutcomeUnknown} if writing else {Unavailable, ContractBroken})
    assert len(server.requests) == 1


def test_calls_a_tls_handshake_that_stalls_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"https://127.0.0.1:{listener.getsockname()[1]}/rest/26.6"
        error = failure_of(PaytronixClient(integration(address)), writing=True)

    assert type(error) is OutcomeUnknown


def test_calls_a_tls_connection_that_breaks_after_the_request_unknown(trusted_pem: Path) -> None:
    with ScriptedServer(breaking_tls(), tls=server_context(trusted_pem)) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)), writing=True)

    assert len(server.requests) == 1, "the server has read the request"
    assert type(error) is OutcomeUnknown


def test_calls_a_tls_connection_that_is_cut_after_the_request_unknown(trusted_pem: Path) -> None:
    with ScriptedServer(sending_then_closing(b""), tls=server_context(trusted_pem)) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)), writing=True)

    assert len(server.requests) == 1
    assert type(error) is OutcomeUnknown


def test_writes_over_a_trusted_certificate(trusted_pem: Path) -> None:
    with ScriptedServer(answering(OK), tls=server_context(trusted_pem)) as server:
        write(PaytronixClient(integration(server.base_url)))

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError(),
        requests.ConnectionError("Connection aborted."),
        requests.ConnectionError(ConnectionResetError(104, "Connection reset by peer")),
        requests.ReadTimeout(),
        requests.RequestException(),
        requests.exceptions.ChunkedEncodingError(),
        requests.exceptions.InvalidHeader(),
        requests.TooManyRedirects(),
    ],
    ids=repr,
)
def test_takes_nothing_for_not_sent_without_proof(error: requests.RequestException) -> None:
    assert not surely_not_sent(error)
