"""The transport: what it sends, over which connection, how often, and how much of an answer it takes."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guestportal.paytronix.client import PaytronixClient, client_for, forget_clients
from guestportal.paytronix.errors import ContractBroken, OutcomeUnknown, PaytronixError, Unavailable
from tests.support.builders import account_information, integration
from tests.support.paytronix_calls import failure_of, read_card, write
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import (
    Behaviour,
    ScriptedServer,
    answering,
    resetting,
    sending,
    sending_then_closing,
    silent,
)

OK = b'{"result": "success"}'
SHORT_CARD, SHORT_CODE = "04210077315562", "4821"


def reply_naming(name: str) -> bytes:
    return json.dumps(account_information(username=name)).encode()


def test_reads_the_seeds_card_with_one_call(client: PaytronixClient, sandbox: SandboxProcess) -> None:
    reply = read_card(client)

    (request,) = sandbox.requests()
    assert reply.username.value == "GuestREST"
    assert request.operation == ACCOUNT_INFORMATION
    assert request.path == "/rest/26.6/guest/accountInformation.json"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_asks_no_proxy_of_the_machine(
    client: PaytronixClient, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with ScriptedServer(answering(OK)) as proxy:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        read_card(client)
        write(client)

    assert proxy.requests == []
    assert len(sandbox.requests()) == 2


def test_reads_no_credentials_from_the_machines_netrc(
    client: PaytronixClient, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\ndefault login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    read_card(client)
    write(client)

    assert [request.basic_ok for request in sandbox.requests()] == [True, True]


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_follows_no_redirect(status: str) -> None:
    with ScriptedServer(answering(OK)) as elsewhere:
        location = f"Location: http://127.0.0.1:{elsewhere.port}/rest/26.6/guest/accountInformation.json"
        with ScriptedServer(answering(OK, status=status, headers=[location])) as server:
            error = failure_of(PaytronixClient(integration(server.base_url)))

    assert type(error) is ContractBroken
    assert elsewhere.requests == []
    assert len(server.requests) == 1


HEADER_LINE = st.sampled_from(
    [
        b"Content-Length: 21",
        b"Content-Length: 0",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: x",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Content-Encoding: gzip",
        b"Content-Encoding: br, deflate, zstd",
        b"Connection: close",
        b"Connection: upgrade",
        b"Content-Type: \xff;charset==",
        b"Set-Cookie: \xff\x00=\x01; Expires=x; Max-Age=99999999999999999999",
        b"Retry-After: \xb2",
        b"Retry-After: Wed, 21 Oct 99999999999 07:28:00 GMT",
        b"no colon here",
        b" folded",
        b": empty name",
    ]
)


def ending_of(client: PaytronixClient, *, writing: bool) -> type[PaytronixError] | None:
    """What a call ended with, None for a success; any other exception fails the test."""
    try:
        write(client) if writing else read_card(client)
    except PaytronixError as error:
        return type(error)
    return None


ANSWER = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda status, headers, body: b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", body]),
        st.sampled_from(
            [b"200 OK", b"200", b"204 -", b"304 -", b"401 -", b"429 -", b"500 -", b"100 -", b"999 -"]
        ),
        st.lists(HEADER_LINE, max_size=4),
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([OK, b"15\r\n" + OK + b"\r\n0\r\n\r\n", b"5\r\n{}", b"{}" * 50]),
        ),
    ),
)


@settings(max_examples=150, deadline=None)
@given(answer=ANSWER, writing=st.booleans())
def test_names_every_failure_whatever_bytes_come(answer: bytes, writing: bool) -> None:
    with ScriptedServer(sending_then_closing(answer)) as server:
        client = PaytronixClient(integration(server.base_url))
        ended = ending_of(client, writing=writing)
    assert not (writing and ended is Unavailable)
    assert len(server.requests) <= (1 if writing else 2)


def test_keeps_no_cookie_of_one_guest_for_the_next() -> None:
    cookies = ["Set-Cookie: JSESSIONID=guest-one; Path=/", "Set-Cookie: lb=1; Domain=127.0.0.1; Max-Age=600"]
    with ScriptedServer(answering(OK, headers=cookies)) as server:
        client = PaytronixClient(integration(server.base_url))
        read_card(client)
        read_card(client, SHORT_CARD, SHORT_CODE)

    assert [request.header("Cookie") for request in server.requests] == [None, None]


def test_uses_a_reads_connection_again(client: PaytronixClient, sandbox: SandboxProcess) -> None:
    read_card(client)
    read_card(client, SHORT_CARD, SHORT_CODE)

    first, second = sandbox.requests()
    assert first.client_port == second.client_port


def test_uses_a_connection_again_after_a_refusal(client: PaytronixClient, sandbox: SandboxProcess) -> None:
    with pytest.raises(PaytronixError):
        read_card(client, code="000000")
    read_card(client)

    first, second = sandbox.requests()
    assert first.client_port == second.client_port


def test_gives_every_write_a_connection_of_its_own(client: PaytronixClient, sandbox: SandboxProcess) -> None:
    read_card(client)
    write(client)
    write(client)
    read_card(client)

    first, second, third, fourth = [request.client_port for request in sandbox.requests()]
    assert len({first, second, third}) == 3
    assert fourth == first


def test_notices_an_idle_connection_that_was_closed(client: PaytronixClient, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "close_idle"})
    read_card(client)
    read_card(client)

    assert [request.worked for request in sandbox.requests()] == [True, True]


def test_never_takes_a_late_answer_for_the_next_guests() -> None:
    """The first guest's answer is still under way when the second guest asks."""
    late = threading.Event()

    def answer_late(connection: object, _ended: threading.Event) -> None:
        late.wait(5)
        answering(reply_naming("first"))(connection, _ended)  # type: ignore[arg-type]  # handed on

    with ScriptedServer(answer_late, answering(reply_naming("second"))) as server:
        client = PaytronixClient(integration(server.base_url))
        failure_of(client)
        late.set()
        reply = read_card(client, SHORT_CARD, SHORT_CODE)

    assert reply.username.value == "second"
    assert server.requests[0].client_port != server.requests[1].client_port


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints", "199 Odd"])
@pytest.mark.parametrize("writing", [False, True])
def test_waits_for_the_final_reply_behind_interim_ones(status: str, writing: bool) -> None:
    """Taken for the reply itself, one would leave the guest's own to the next guest."""
    interim = f"HTTP/1.1 {status}\r\nLink: </card.css>; rel=preload\r\n\r\n".encode()

    def behind(reply: bytes) -> Behaviour:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(reply)}\r\n\r\n".encode()
        return sending(interim * 2 + head + reply)

    with ScriptedServer(behind(reply_naming("first")), answering(reply_naming("second"))) as server:
        client = PaytronixClient(integration(server.base_url))
        first = write(client) if writing else read_card(client)

        assert (first.username.value, read_card(client).username.value) == ("first", "second")


@pytest.mark.parametrize(("writing", "ending"), [(False, Unavailable), (True, OutcomeUnknown)])
def test_takes_nothing_from_a_connection_that_has_changed_its_protocol(
    writing: bool, ending: type[PaytronixError]
) -> None:
    switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
    with ScriptedServer(sending(switching)) as server:
        client = PaytronixClient(integration(server.base_url))

        assert type(failure_of(client, writing=writing)) is ending
        assert len({request.client_port for request in server.requests}) == len(server.requests)


def test_never_takes_bytes_behind_an_answer_for_the_next_guests() -> None:
    surplus = b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + reply_naming("stale")[:40]
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(OK)}\r\n\r\n".encode()
    with ScriptedServer(sending(head + OK + surplus), answering(reply_naming("second"))) as server:
        client = PaytronixClient(integration(server.base_url))
        read_card(client)
        reply = read_card(client, SHORT_CARD, SHORT_CODE)

    assert reply.username.value == "second"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_before"},
        {"kind": "drop_before", "reset": True},
        {"kind": "drop_after"},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 503},
        {"kind": "status", "status": 504},
    ],
    ids=lambda fault: "-".join(str(part) for part in fault.values()),
)
def test_tries_a_read_once_more_and_never_twice(
    client: PaytronixClient, sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
    assert read_card(client).username.value == "GuestREST"
    assert len(sandbox.requests()) == 2

    sandbox.clear_requests()
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=5)
    assert type(failure_of(client)) is Unavailable
    assert len(sandbox.requests()) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "delay_before", "seconds": 5}, Unavailable),
        ({"kind": "delay_after", "seconds": 5}, Unavailable),
        ({"kind": "cut_body"}, Unavailable),
        ({"kind": "status", "status": 500}, Unavailable),
        ({"kind": "status", "status": 521}, Unavailable),
        ({"kind": "broken_json"}, ContractBroken),
        ({"kind": "oversize", "size_bytes": 5_000_000}, ContractBroken),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else value.__name__,
)
def test_asks_only_once_where_asking_again_would_not_help(
    client: PaytronixClient, sandbox: SandboxProcess, fault: dict[str, object], kind: type[PaytronixError]
) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=5)

    assert type(failure_of(client)) is kind
    assert len(sandbox.requests()) == 1


def test_gives_each_integration_one_client_until_it_is_told_to_forget(sandbox: SandboxProcess) -> None:
    one, other = integration(sandbox.base_url), integration(sandbox.base_url, slug="other")
    first = client_for(one)

    assert client_for(integration(sandbox.base_url)) is first
    assert client_for(other) is not first
    forget_clients()
    assert client_for(one) is not first


def test_waits_for_no_longer_than_a_read_may_take() -> None:
    with ScriptedServer(silent()) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)))

    assert (type(error), error.reason) == (Unavailable, "ReadTimeout")
    assert len(server.requests) == 1


def test_survives_a_reset_of_a_kept_connection() -> None:
    with ScriptedServer(answering(OK), resetting(), answering(OK)) as server:
        client = PaytronixClient(integration(server.base_url))
        read_card(client)
        read_card(client)

    assert len(server.requests) == 3
