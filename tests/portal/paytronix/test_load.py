"""A Paytronix that is slow, sick or asks for time, on real sockets: who is still served, and what still goes out."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from functools import partial

import pytest
from django.utils import timezone

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import OutcomeUnknown, PaytronixError, RateLimited, Unavailable
from guestportal.paytronix.places import Places, places_for
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.gift_transfer import TransferReply, Transfers
from guestportal.paytronix.services.gift_transfer import GiftTransferService
from guestportal.paytronix.standing import Standing
from guestportal.paytronix.styles import CardStyle
from guestportal.sandbox.cards import RICH, SEED
from tests.support.builders import integration
from tests.support.clock import Clock
from tests.support.paytronix_calls import WRITE, failure_of, read_card
from tests.support.plain_browser import SEED_CARD, SEED_CODE
from tests.support.sandbox import (
    ACCOUNT_INFORMATION,
    PENDING_TRANSFER,
    PENDING_TRANSFERS,
    SandboxProcess,
)
from tests.support.scripted_server import ScriptedServer, answering, sending, silent

OK = b'{"result": "success"}'
REFUSAL = '{"result": "failure", "errorCode": "account_info.card_not_found"}'
THREADS = 32


def waiting_gifts(client: PaytronixClient, number: str = RICH.number) -> Transfers:
    return GiftTransferService(client).pending_transfers(printed_card_number=number)


def gift_behind(client: PaytronixClient, code: str) -> TransferReply:
    return GiftTransferService(client).pending_transfer(code=code)


def end_of(call: Callable[[], object]) -> str:
    """How a call ended: "served", or the reason that it was not."""
    try:
        call()
    except PaytronixError as error:
        return error.reason
    return "served"


@contextmanager
def process() -> Iterator[ThreadPoolExecutor]:
    """The threads of a process that serves requests."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def ends_of(futures: list[Future[str]]) -> list[str]:
    return [future.result(timeout=30) for future in futures]


def impatient(size: int) -> Places:
    return Places(size, per_merchant=size, waiting=0)


class TestPlaces:
    def test_tells_one_call_too_many_at_once(self) -> None:
        both_came, may_answer = threading.Barrier(3), threading.Event()

        def answer_when_told(connection: socket.socket, ended: threading.Event) -> None:
            both_came.wait()
            may_answer.wait()
            answering(OK)(connection, ended)

        with ScriptedServer(answer_when_told, answer_when_told, answering(OK)) as server:
            address = integration(server.base_url, read_timeout_seconds=60, deadline_seconds=60)
            client = PaytronixClient(address, places=impatient(2))
            with process() as pool:
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

    def test_tells_a_write_without_a_place_that_it_was_not_sent(self) -> None:
        with ScriptedServer(answering(OK)) as server:
            client = PaytronixClient(integration(server.base_url), places=impatient(0))
            error = failure_of(client, writing=True)

        assert (type(error), error.reason) == (Unavailable, "busy")
        assert server.requests == []

    def test_gives_a_place_back_after_every_failure(self) -> None:
        with ScriptedServer(sending(b"nonsense\r\n\r\n")) as server:
            client = PaytronixClient(integration(server.base_url), places=impatient(1), clock=Clock())
            for _call in range(4):
                assert failure_of(client).reason != "busy"

    def test_warns_in_the_log_when_it_answers_without_asking(self, caplog: pytest.LogCaptureFixture) -> None:
        with ScriptedServer(answering(OK)) as server, caplog.at_level(logging.INFO, "guestportal.paytronix"):
            failure_of(PaytronixClient(integration(server.base_url), places=impatient(0)))

        (record,) = caplog.records
        fields = record.fields  # type: ignore[attr-defined]  # set by the call log
        assert record.levelno == logging.WARNING
        assert (fields["outcome"], fields["reason"], fields["tries"]) == ("Unavailable", "busy", 0)

    def test_serves_others_while_one_guest_opens_forty_pages(self, sandbox: SandboxProcess) -> None:
        """Check 45: 40 requests of one session, at an upstream of half a second."""
        sandbox.queue_fault(PENDING_TRANSFERS, {"kind": "delay_before", "seconds": 0.5}, times=40)
        address = integration(sandbox.base_url, read_timeout_seconds=5, deadline_seconds=10)
        client = PaytronixClient(address, places=places_for(Standing(THREADS - 4), per_merchant=16))
        with process() as pool:
            pages = [pool.submit(end_of, lambda: waiting_gifts(client)) for _page in range(40)]
            while len(sandbox.requests()) < 4:
                pass
            sign_ins = [pool.submit(end_of, lambda: read_card(client)) for _guest in range(6)]

        assert ends_of(sign_ins) == ["served"] * 6
        assert {"served", "busy"} == set(ends_of(pages))
        assert len(sandbox.requests(PENDING_TRANSFERS)) < 40

    def test_serves_a_third_merchant_and_leaves_four_threads_while_two_hang(
        self, sandbox: SandboxProcess
    ) -> None:
        standing = Standing(THREADS - 4)
        places = places_for(standing, per_merchant=16)
        with ScriptedServer(silent()) as server, process() as pool:
            hung = [
                PaytronixClient(
                    integration(server.base_url, slug=slug, read_timeout_seconds=2, deadline_seconds=3),
                    places=places,
                )
                for slug in ("one", "two")
            ]
            calls = [
                pool.submit(end_of, partial(waiting_gifts, client, str(guest)))
                for guest in range(30)
                for client in hung
            ]
            while len(server.requests) < 12:
                pass
            third = PaytronixClient(integration(sandbox.base_url, slug="three"), places=places)
            answers = [end_of(lambda: read_card(third)), end_of(lambda: waiting_gifts(third))]
            assert standing.most == THREADS - 4

        assert answers == ["served", "served"]
        assert "busy" in ends_of(calls)
        assert len(server.requests) <= 18


class TestBreaker:
    def test_asks_nobody_after_five_failures_until_the_pause_is_over(self, sandbox: SandboxProcess) -> None:
        clock = Clock()
        client = PaytronixClient(integration(sandbox.base_url), clock=clock)
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "status", "status": 500}, times=6)
        for _call in range(5):
            assert failure_of(client).reason != "breaker open"
        clock.now += 4.9
        assert [failure_of(client).reason for _call in range(3)] == ["breaker open"] * 3
        assert type(failure_of(client, writing=True)) is Unavailable
        assert len(sandbox.requests()) == 5

        clock.now += 0.2
        assert failure_of(client).reason == "HTTP 500"
        assert failure_of(client).reason == "breaker open"
        clock.now += 5.1
        assert read_card(client).username.value == "GuestREST"
        assert read_card(client).username.value == "GuestREST"
        assert len(sandbox.requests()) == 8

    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "status", "status": 401},
            {"kind": "status", "status": 403},
            {"kind": "status", "status": 429},
            {"kind": "replace", "body": '{"result": "failure"}'},
            {"kind": "status", "status": 500, "body": REFUSAL},
            {"kind": "broken_json"},
            {"kind": "oversize", "size_bytes": 2_000_000},
        ],
        ids=lambda fault: "-".join(str(part) for part in fault.values()),
    )
    def test_takes_no_answer_of_a_living_paytronix_for_an_outage(
        self, sandbox: SandboxProcess, fault: dict[str, object]
    ) -> None:
        client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault, times=8)
        for _call in range(8):
            failure_of(client)

        assert read_card(client).username.value == "GuestREST"

    def test_opens_for_failed(self, sandbox: SandboxProcess) -> None:
        client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
        sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "failed"}, times=5)
        assert [failure_of(client).reason for _call in range(6)] == ["failed"] * 5 + ["breaker open"]

    def test_does_not_count_what_we_called_off_ourselves(self, sandbox: SandboxProcess) -> None:
        client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
        for _send in range(8):
            with pytest.raises(Unavailable) as caught:
                client.call(
                    WRITE,
                    style=CardStyle(SEED_CARD, SEED_CODE),
                    parameters={},
                    reply=AccountInformation,
                    may_send=lambda: False,
                )
            assert caught.value.reason == "called off"

        assert read_card(client).username.value == "GuestREST"

    @pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
    def test_opens_for_time_outs_of_reads_and_writes_alike(self, writing: bool) -> None:
        with ScriptedServer(silent()) as server:
            client = PaytronixClient(integration(server.base_url, read_timeout_seconds=0.1), clock=Clock())
            for _call in range(5):
                failure_of(client, writing=writing)
            assert failure_of(client).reason == "breaker open"

        assert len(server.requests) <= 5

    @pytest.mark.parametrize("fault", [502, 500], ids=["gift reads", "a link's code"])
    def test_takes_nobodys_sign_in_away_while_gifts_are_sick(
        self, sandbox: SandboxProcess, fault: int
    ) -> None:
        """Check 44: eight guests look at their gifts, or at one link, and twenty others come in meanwhile."""
        operation = PENDING_TRANSFERS if fault == 502 else PENDING_TRANSFER
        sandbox.queue_fault(operation, {"kind": "status", "status": fault}, times=100)
        client = PaytronixClient(integration(sandbox.base_url))
        with process() as pool:
            looks = [
                pool.submit(
                    end_of, lambda: waiting_gifts(client) if fault == 502 else gift_behind(client, "COFFEE")
                )
                for _look in range(24)
            ]
            sign_ins = [end_of(lambda: read_card(client)) for _guest in range(20)]

        assert sign_ins == ["served"] * 20
        assert "served" not in ends_of(looks)
        assert end_of(lambda: waiting_gifts(client, SEED.number)) == "breaker open"

    def test_opens_three_seconds_into_a_hang_and_closes_for_a_late_answer(self) -> None:
        clock, released = Clock(), threading.Event()

        def answer_late(connection: object, ended: threading.Event) -> None:
            released.wait(10)
            answering(OK)(connection, ended)  # type: ignore[arg-type]  # handed on

        with ScriptedServer(answer_late) as server, process() as pool:
            address = integration(server.base_url, read_timeout_seconds=10, deadline_seconds=10)
            client = PaytronixClient(address, clock=clock)
            hung = [pool.submit(end_of, lambda: read_card(client)) for _guest in range(4)]
            hung += [pool.submit(end_of, lambda: read_card(client, "7000"))]
            while len(server.requests) < 5:
                pass
            clock.now += 3.1
            meanwhile = failure_of(client).reason
            released.set()
            assert ends_of(hung) == ["served"] * 5
            assert end_of(lambda: read_card(client)) == "served"

        assert meanwhile == "breaker open"


class TestRetryAfter:
    """Check 56: nothing of this service goes out before the moment that Paytronix names."""

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
    @pytest.mark.parametrize("writing", [False, True], ids=["read", "write"])
    def test_is_kept_to(self, sandbox: SandboxProcess, status: int, as_date: bool, writing: bool) -> None:
        clock = Clock()
        client = PaytronixClient(integration(sandbox.base_url), clock=clock)
        moment = format_datetime(timezone.now() + timedelta(seconds=30), usegmt=True)
        headers = {"Retry-After": moment if as_date else "30"}
        sandbox.queue_fault(
            ACCOUNT_INFORMATION, {"kind": "status", "status": status, "headers": headers}, times=1
        )
        first = failure_of(client, writing=writing)
        assert isinstance(first, OutcomeUnknown if writing else Unavailable | RateLimited)
        for later in (0.0, 20.0):
            clock.now += later
            refused = [failure_of(client, writing=writing) for writing in (True, False)]
            assert {(type(error), error.reason) for error in refused} == {(Unavailable, "asked to wait")}
        assert len(sandbox.requests()) == 1, "not even a second try"

        clock.now += 10.1
        assert read_card(client).username.value == "GuestREST"

    def test_holds_nothing_of_another_service(self, sandbox: SandboxProcess) -> None:
        client = PaytronixClient(integration(sandbox.base_url), clock=Clock())
        fault = {"kind": "status", "status": 429, "headers": {"Retry-After": "30"}}
        sandbox.queue_fault(PENDING_TRANSFERS, fault)
        with suppress(RateLimited):
            waiting_gifts(client)

        assert end_of(lambda: waiting_gifts(client)) == "asked to wait"
        assert end_of(lambda: read_card(client)) == "served"

    def test_holds_for_five_minutes_at_most(self, sandbox: SandboxProcess) -> None:
        clock = Clock()
        client = PaytronixClient(integration(sandbox.base_url), clock=clock)
        fault = {"kind": "status", "status": 503, "headers": {"Retry-After": "86400"}}
        sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
        failure_of(client)
        clock.now += 300.1

        assert end_of(lambda: read_card(client)) == "served"
