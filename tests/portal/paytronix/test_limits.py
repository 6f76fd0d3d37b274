"""The total deadline of a call, on real sockets."""

import logging
import socket
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from guestportal.paytronix import deadline
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.deadline import Deadline
from guestportal.paytronix.errors import OutcomeUnknown, Unavailable
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.styles import CardStyle
from tests.support.builders import integration
from tests.support.clock import Clock
from tests.support.paytronix_calls import WRITE, failure_of, read_card
from tests.support.plain_browser import SEED_CARD, SEED_CODE
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import ScriptedServer, answering, dripping

OK = b'{"result": "success"}'
DEADLINE_SECONDS = 0.4
# Without a deadline each drip goes on for longer than a test may last, so a missing one fails by the run's own limit.
ENDLESS = 2_000


LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % ENDLESS
NO_LENGTH = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "body": dripping(LENGTH + b" " * ENDLESS, at_once=len(LENGTH), interval_seconds=0.25),
    "body without a length": dripping(
        NO_LENGTH + b" " * ENDLESS, at_once=len(NO_LENGTH), interval_seconds=0.25
    ),
    "chunks": dripping(CHUNKED + b"1\r\n \r\n" * ENDLESS, at_once=len(CHUNKED), interval_seconds=0.25),
    "headers": dripping(b"HTTP/1.1 200 OK\r\nX-Endless: " + b"x" * ENDLESS, interval_seconds=0.25),
    "status line": dripping(b"HTTP/1.1 200 " + b"O" * ENDLESS, interval_seconds=0.25),
    "endless 100 Continue": dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * ENDLESS, interval_seconds=0.25),
}


@pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS.keys())
def test_ends_a_call_at_its_deadline_however_it_drips(drip: object, writing: bool) -> None:
    with ScriptedServer(drip) as server:  # type: ignore[arg-type]  # a Behaviour
        client = PaytronixClient(
            integration(server.base_url, read_timeout_seconds=5, deadline_seconds=DEADLINE_SECONDS)
        )
        error = failure_of(client, writing=writing)

    assert type(error) is (OutcomeUnknown if writing else Unavailable)
    assert error.reason == "deadline"
    assert len(server.requests) == 1


def test_counts_a_second_try_against_the_same_deadline(sandbox: SandboxProcess) -> None:
    faults = [{"kind": "delay_before", "seconds": 0.6}, {"kind": "status", "status": 503}]
    sandbox.queue_fault(ACCOUNT_INFORMATION, faults, times=2)
    client = PaytronixClient(integration(sandbox.base_url, read_timeout_seconds=5, deadline_seconds=1.0))

    error = failure_of(client)

    assert error.reason == "deadline", "each try by itself stays below it"
    assert len(sandbox.requests()) == 2


def test_makes_no_second_try_once_the_time_is_up(caplog: pytest.LogCaptureFixture) -> None:
    drip = dripping(
        LENGTH, interval_seconds=0.25
    )  # what has come by then is no status line: a lost connection
    with ScriptedServer(drip) as server, caplog.at_level(logging.INFO, "guestportal.paytronix"):
        address = integration(server.base_url, read_timeout_seconds=5, deadline_seconds=DEADLINE_SECONDS)
        assert failure_of(PaytronixClient(address)).reason == "deadline"

    (record,) = caplog.records
    assert record.fields["tries"] == 1  # type: ignore[attr-defined]  # set by the call log


def test_gives_up_connecting_at_the_deadline(full_port: int) -> None:
    address = integration(
        f"http://127.0.0.1:{full_port}/rest/26.6",
        connect_timeout_seconds=600,
        deadline_seconds=DEADLINE_SECONDS,
    )
    error = failure_of(PaytronixClient(address))

    assert (type(error), error.reason) == (Unavailable, "deadline")


def test_sends_nothing_when_asking_whether_it_may_took_the_rest_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=clock))
    with ScriptedServer(answering(OK)) as server:
        client = PaytronixClient(integration(server.base_url, deadline_seconds=60))

        def yes_at_last() -> bool:
            clock.now += 61
            return True

        with pytest.raises(Unavailable):
            client.call(
                WRITE,
                style=CardStyle(SEED_CARD, SEED_CODE),
                parameters={},
                reply=AccountInformation,
                may_send=yes_at_last,
            )

    assert server.requests == []


def test_ends_a_socket_that_is_named_after_the_time_is_up() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, (limit := Deadline(0)).watch():
        while not limit.expired:
            pass  # the timer's thread says so
        limit.attach(ours)

        theirs.settimeout(5)
        assert theirs.recv(1) == b""


def test_lets_go_of_the_first_tries_socket_before_the_second_try() -> None:
    ours, theirs = socket.socketpair()
    limit = Deadline(DEADLINE_SECONDS)
    with ours, theirs:
        with limit.watch():
            limit.attach(ours)
        with limit.watch():
            while not limit.expired:
                pass  # by now it may serve another guest

        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_does_not_touch_a_connection_that_serves_the_next_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call's timer goes off while the second one, on the same connection, waits for its answer."""
    alarms: list[Callable[[], None]] = []

    class LateTimer(threading.Timer):
        """It cannot be cancelled any more: its thread has begun to run."""

        def start(self) -> None:
            alarms.append(self.function)

    monkeypatch.setattr(threading, "Timer", LateTimer)

    def answer_late(connection: socket.socket, ended: threading.Event) -> None:
        alarms[0]()
        answering(OK)(connection, ended)

    with ScriptedServer(answering(OK), answer_late) as server:
        client = PaytronixClient(integration(server.base_url, read_timeout_seconds=5))
        read_card(client)
        read_card(client)

    assert len(server.requests) == 2, "a second try would be a third request"
    assert server.requests[0].client_port == server.requests[1].client_port


def test_leaves_no_timer_behind_a_call(sandbox: SandboxProcess) -> None:
    client = PaytronixClient(integration(sandbox.base_url, deadline_seconds=60))
    for _call in range(5):
        read_card(client)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(timeout=2)

    assert not any(timer.is_alive() for timer in timers)
