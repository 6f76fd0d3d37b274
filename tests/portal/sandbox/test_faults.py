"""Every fault as a client meets it on a real connection, and whether the work was done under it."""

import gzip
import http.client
import json
import socket
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import urlencode

import pytest

from guestportal.sandbox.cards import SEED
from tests.support.raw_http import PATH, Answer, ask, basic, card_parameters, connect, exchange
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess, SandboxRefused


def ask_for_seed(sandbox: SandboxProcess) -> Answer:
    return ask(sandbox, query=card_parameters(SEED))


def queue(sandbox: SandboxProcess, *faults: Mapping[str, object], times: int = 1) -> None:
    sandbox.queue_fault(ACCOUNT_INFORMATION, list(faults), times=times)


def read_raw(sandbox: SandboxProcess) -> list[bytes]:
    """Return what a bare socket receives, one entry per read, until the server ends the connection."""
    request = (
        f"GET {PATH}?{urlencode(card_parameters(SEED))} HTTP/1.1\r\nHost: sandbox\r\n"
        f"Authorization: {basic()}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((sandbox.host, sandbox.port), timeout=10) as connection:
        connection.sendall(request.encode())
        return list(iter(lambda: connection.recv(65536), b""))


def ask_and_give_up(sandbox: SandboxProcess) -> None:
    """Ask, and go away without the answer, which is held back for longer than this waits."""
    with (
        closing(http.client.HTTPConnection(sandbox.host, sandbox.port, timeout=0.2)) as connection,
        pytest.raises(TimeoutError),
    ):
        exchange(connection, query=card_parameters(SEED))


def test_a_fault_meets_as_many_calls_as_it_was_queued_for(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "status", "status": 503}, times=2)
    queue(sandbox, {"kind": "status", "status": 429})
    assert [ask_for_seed(sandbox).status for _ in range(4)] == [503, 503, 429, 200]


@pytest.mark.parametrize(("kind", "worked"), [("delay_before", False), ("delay_after", True)])
def test_a_client_that_gives_up_can_tell_whether_the_work_was_done(
    sandbox: SandboxProcess, kind: str, worked: bool
) -> None:
    queue(sandbox, {"kind": kind, "seconds": 30})
    ask_and_give_up(sandbox)
    [request] = sandbox.requests()
    assert (request.worked, request.outcome, request.status, request.fault) == (worked, "pending", None, kind)


@pytest.mark.parametrize(("kind", "worked"), [("drop_before", False), ("drop_after", True)])
@pytest.mark.parametrize(
    ("reset", "expected"), [(False, http.client.RemoteDisconnected), (True, ConnectionResetError)]
)
def test_a_dropped_connection_brings_no_reply(
    sandbox: SandboxProcess, kind: str, worked: bool, reset: bool, expected: type[Exception]
) -> None:
    queue(sandbox, {"kind": kind, "reset": reset})
    with pytest.raises(expected) as caught:
        ask_for_seed(sandbox)
    assert type(caught.value) is expected
    [request] = sandbox.requests()
    assert (request.worked, request.outcome, request.status) == (worked, "dropped", None)


@pytest.mark.parametrize("status", [403, 429, 503, 521])
def test_a_status_comes_with_a_web_servers_page(sandbox: SandboxProcess, status: int) -> None:
    queue(sandbox, {"kind": "status", "status": status})
    answer = ask_for_seed(sandbox)
    assert answer.status == status
    assert answer.header("Content-Type") == "text/html;charset=UTF-8"
    assert str(status).encode() in answer.body
    [request] = sandbox.requests()
    assert (request.worked, request.outcome, request.status) == (False, f"HTTP {status}", status)


def test_a_401_comes_without_a_body(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "status", "status": 401})
    answer = ask_for_seed(sandbox)
    assert (answer.status, answer.body, answer.header("Content-Type")) == (401, b"", None)


def test_a_status_can_carry_any_body_after_the_work(sandbox: SandboxProcess) -> None:
    fault = {
        "kind": "status",
        "status": 500,
        "body": '{"a": 1}',
        "content_type": "application/json",
        "work": True,
    }
    queue(sandbox, fault)
    answer = ask_for_seed(sandbox)
    assert (answer.status, answer.json, answer.header("Content-Type")) == (500, {"a": 1}, "application/json")
    assert sandbox.requests()[0].worked is True


def test_broken_json_is_announced_as_if_it_were_whole(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "broken_json"})
    answer = ask_for_seed(sandbox)
    assert answer.status == 200
    assert answer.header("Content-Length") == str(len(answer.body))
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)
    assert sandbox.requests()[0].worked is True


def test_a_cut_body_is_shorter_than_announced(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "cut_body", "sent_bytes": 33})
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask_for_seed(sandbox)
    assert len(caught.value.partial) == 33
    assert (caught.value.expected or 0) > 500
    assert sandbox.requests()[0].worked is True


def test_a_dripped_body_comes_byte_by_byte(sandbox: SandboxProcess) -> None:
    body = '{"result": "x"}'
    queue(sandbox, {"kind": "replace", "body": body}, {"kind": "drip", "interval_seconds": 0.01})
    reads = read_raw(sandbox)
    assert len(reads) > len(body) // 2
    assert b"".join(reads).endswith(body.encode())
    assert reads[0].startswith(b"HTTP/1.1 200 OK\r\n")


def test_dripped_headers_come_byte_by_byte_and_the_body_at_once(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "drip_headers", "interval_seconds": 0.002})
    reads = read_raw(sandbox)
    head, _, body = b"".join(reads).partition(b"\r\n\r\n")
    assert len(reads[0]) < len("HTTP/1.1 200 OK")
    assert len(reads) > len(head) // 4
    assert len(reads[-1]) >= len(body)
    assert json.loads(body)["result"] == "success"


@pytest.mark.parametrize("announced", [True, False])
def test_an_oversized_body_is_right_json_of_that_size(sandbox: SandboxProcess, announced: bool) -> None:
    queue(sandbox, {"kind": "oversize", "size_bytes": 5_000_000, "announced": announced})
    answer = ask_for_seed(sandbox)
    assert len(answer.body) == 5_000_000
    assert answer.json["username"] == "GuestREST"
    assert answer.header("Content-Length") == ("5000000" if announced else None)
    assert answer.header("Transfer-Encoding") == (None if announced else "chunked")


def test_an_oversized_body_can_travel_packed(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "oversize", "size_bytes": 5_000_000, "gzipped": True})
    answer = ask_for_seed(sandbox)
    assert answer.header("Content-Encoding") == "gzip"
    assert len(answer.body) < 50_000
    assert len(gzip.decompress(answer.body)) == 5_000_000


@pytest.mark.parametrize("work", [True, False])
def test_a_replaced_body_is_sent_as_it_stands(sandbox: SandboxProcess, work: bool) -> None:
    queue(sandbox, {"kind": "replace", "body": '{"result": 1e400', "work": work})
    answer = ask_for_seed(sandbox)
    assert (answer.status, answer.body) == (200, b'{"result": 1e400')
    assert sandbox.requests()[0].worked is work


def test_an_idle_connection_is_closed_without_having_been_announced(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "close_idle"})
    with closing(connect(sandbox)) as connection:
        answer = exchange(connection, query=card_parameters(SEED))
        assert answer.json["result"] == "success"
        assert answer.header("Connection") is None
        assert connection.sock is not None
        assert connection.sock.recv(1) == b""


def test_a_fault_needs_an_operation_that_exists(sandbox: SandboxProcess) -> None:
    with pytest.raises(SandboxRefused, match="Unknown operation guest/nothing"):
        sandbox.queue_fault("guest/nothing", {"kind": "drop_after"})
    with pytest.raises(SandboxRefused, match="times must be a whole number from 1"):
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "drop_after"}, times=0)


@pytest.mark.parametrize("worked", [False, True])
def test_says_failed_as_the_vendors_library_does(sandbox: SandboxProcess, worked: bool) -> None:
    queue(sandbox, {"kind": "failed", "work": worked})
    answer = ask_for_seed(sandbox)
    assert (answer.status, answer.json["result"], answer.json["errorCode"]) == (200, "failed", "system.error")
    assert answer.json["errorMessage"].startswith("java.")
    [request] = sandbox.requests()
    assert (request.worked, request.outcome) == (worked, "failed")


def test_can_say_failed_and_do_the_work_afterwards(sandbox: SandboxProcess) -> None:
    queue(sandbox, {"kind": "late", "status": 200}, {"kind": "failed"})
    assert ask_for_seed(sandbox).json["result"] == "failed"
    assert sandbox.run_late() == 1
    [request] = sandbox.requests()
    assert (request.worked, request.result) == (True, "success")


def test_puts_members_over_the_true_reply_leaves_some_out_and_renames_others(sandbox: SandboxProcess) -> None:
    honest = ask_for_seed(sandbox).json
    odd = {"pointBalances": [None, "odd"], "primaryCard": None}
    renamed = {"rewardBalances": "rewards"}
    queue(sandbox, {"kind": "members", "members": odd, "left_out": ["tierCode"], "renamed": renamed})
    changed = ask_for_seed(sandbox).json
    assert {name: changed[name] for name in odd} == odd
    assert changed["rewards"] == honest["rewardBalances"]
    assert not {"tierCode", "rewardBalances"} & changed.keys()
    assert all(changed[name] == honest[name] for name in honest.keys() & changed.keys() - odd.keys())


def test_puts_a_byte_order_mark_before_the_true_reply(sandbox: SandboxProcess) -> None:
    honest = ask_for_seed(sandbox).body
    queue(sandbox, {"kind": "byte_order_mark"})
    assert ask_for_seed(sandbox).body == b"\xef\xbb\xbf" + honest
