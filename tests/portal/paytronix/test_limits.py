"""Time and load: the total deadline, the places for waiting calls, and the breaker."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from guestportal.paytronix import deadline
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.deadline import Deadline
from guestportal.paytronix.errors import OutcomeUnknown, PaytronixError, Unavailable
from guestportal.paytronix.guard import Breaker, Bulkhead
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.styles import CardStyle
from tests.support.builders import integration
from tests.support.paytronix_calls import WRITE, failure_of, read_card
from tests.support.plain_browser import SEED_CARD, SEED_CODE
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import ScriptedServer, answering, dripping, sending, silent

OK = b'{"result": "success"}'
DEADLINE_SECONDS = 0.4
# Without a deadline each drip goes on for longer than a test may last, so a missing one fails by the run's own limit.
ENDLESS = 2_000


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


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


def test_tells_one_call_too_many_at_once() -> None:
    both_came, may_answer = threading.Barrier(3), threading.Event()

    def answer_when_told(connection: socket.socket, ended: threading.Event) -> None:
        both_came.wait()
        may_answer.wait()
        answering(OK)(connection, ended)

    with ScriptedServer(answer_when_told, answer_when_told, answering(OK)) as server:
        address = integration(server.base_url, read_timeout_seconds=60, deadline_seconds=60)
        client = PaytronixClient(address, concurrency=2)
        with ThreadPoolExecutor(2) as pool:
            waiting = [pool.submit(read_card, client) for _place in range(2)]
            both_came.wait()
            error = failure_of(client)
            still_waiting = [not each.done() for each in waiting]
            may_answer.set()
        for each in waiting:
            each.result()

        assert (type(error), error.reason) == (Unavailable, "busy")
        assert still_waiting == [True, True]
        assert len(server.requests) == 2
        read_card(client)


def test_tells_a_write_without_a_place_that_it_was_not_sent() -> None:
    with ScriptedServer(answering(OK)) as server:
        error = failure_of(PaytronixClient(integration(server.base_url), concurrency=0), writing=True)

    assert (type(error), error.reason) == (Unavailable, "busy")
    assert server.requests == []


def test_gives_a_place_back_after_every_failure() -> None:
    with ScriptedServer(sending(b"nonsense\r\n\r\n")) as server:
        client = PaytronixClient(integration(server.base_url), concurrency=1, clock=Clock())
        for _call in range(4):
            assert failure_of(client).reason != "busy"


def test_opens_after_five_failures_and_asks_nobody_until_the_pause_is_over(sandbox: SandboxProcess) -> None:
    clock = Clock()
    client = PaytronixClient(integration(sandbox.base_url), clock=clock)
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500}, times=6)
    for _call in range(5):
        assert failure_of(client).reason != "breaker open"
    assert len(sandbox.requests()) == 5

    clock.now += 4.9
    assert [failure_of(client).reason for _call in range(3)] == ["breaker open"] * 3
    assert type(failure_of(client, writing=True)) is Unavailable
    assert len(sandbox.requests()) == 5

    clock.now += 0.2
    assert failure_of(client).reason == "HTTP 500"
    assert failure_of(client).reason == "breaker open"
    assert len(sandbox.requests()) == 6

    clock.now += 5.1
    assert read_card(client).username.value == "GuestREST"
    assert read_card(client).username.value == "GuestREST"
    assert len(sandbox.requests()) == 8


def test_keeps_the_breaker_closed_while_failures_do_not_follow_each_other(sandbox: SandboxProcess) -> None:
    client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
    for _round in range(3):
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500}, times=4)
        for _call in range(4):
            failure_of(client)
        read_card(client)

    assert len(sandbox.requests()) == 15


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 401},
        {"kind": "status", "status": 403},
        {"kind": "status", "status": 429},
        {"kind": "replace", "body": '{"result": "failure"}'},
        {"kind": "broken_json"},
        {"kind": "oversize", "size_bytes": 2_000_000},
    ],
    ids=lambda fault: "-".join(str(part) for part in fault.values()),
)
def test_takes_no_answer_of_a_living_paytronix_for_an_outage(
    sandbox: SandboxProcess, fault: dict[str, object]
) -> None:
    client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
    sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=8)
    for _call in range(8):
        failure_of(client)

    assert read_card(client).username.value == "GuestREST"


@pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
def test_opens_for_time_outs_of_reads_and_writes_alike(writing: bool) -> None:
    with ScriptedServer(silent()) as server:
        client = PaytronixClient(integration(server.base_url, read_timeout_seconds=0.1), clock=Clock())
        for _call in range(5):
            failure_of(client, writing=writing)
        assert failure_of(client).reason == "breaker open"

    assert len(server.requests) <= 5


def test_lets_one_of_many_try_whether_the_outage_is_over() -> None:
    clock = Clock()
    breaker = Breaker(clock=clock)
    for _failure in range(7):
        breaker.failed()
    clock.now += 5

    assert [breaker.admits() for _call in range(4)] == [True, False, False, False]
    breaker.succeeded()
    assert [breaker.admits() for _call in range(4)] == [True] * 4


def test_gives_places_back_even_when_the_call_raises() -> None:
    bulkhead = Bulkhead(1)
    with contextlib.suppress(ZeroDivisionError), bulkhead.place():
        _ = 1 / 0
    with bulkhead.place() as first, bulkhead.place() as second:
        assert (first, second) == (True, False)
    with bulkhead.place() as again:
        assert again


def test_warns_in_the_log_when_it_answers_without_asking(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedServer(answering(OK)) as server, caplog.at_level(logging.INFO, "guestportal.paytronix"):
        client = PaytronixClient(integration(server.base_url), concurrency=0)
        with pytest.raises(PaytronixError):
            read_card(client)

    (record,) = caplog.records
    fields = record.fields  # type: ignore[attr-defined]  # set by the call log
    assert record.levelno == logging.WARNING
    assert (fields["outcome"], fields["reason"], fields["tries"]) == ("Unavailable", "busy", 0)
