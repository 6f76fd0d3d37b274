"""Everything one running sandbox holds, under one lock: the world, the queued faults and the records."""

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from guestportal.sandbox.calls import RawRequest
from guestportal.sandbox.delivery import Interrupted
from guestportal.sandbox.faults import Fault
from guestportal.sandbox.records import RequestLog, RequestRecord
from guestportal.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A recorded request with the faults that were waiting for it; `ended` is set when its time is over."""

    number: int
    faults: tuple[Fault, ...]
    ended: threading.Event


class Sandbox:
    """One history after another: a reset ends every waiting call and starts the next world."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log = RequestLog()
        self._world = World()
        self._faults: defaultdict[str, deque[tuple[Fault, ...]]] = defaultdict(deque)
        self._ended = threading.Event()

    def arrive(self, request: RawRequest, *, operation: str, basic_ok: bool) -> Arrival:
        """Record a request and take the next faults queued for its operation."""
        with self._lock:
            waiting = self._faults[operation]
            faults = waiting.popleft() if waiting else ()
            names = "+".join(fault.kind for fault in faults)
            number = self._log.add(request, operation=operation, basic_ok=basic_ok, fault=names)
            return Arrival(number=number, faults=faults, ended=self._ended)

    @contextmanager
    def world_for(self, arrival: Arrival) -> Iterator[World]:
        """Give one call the world for itself; raises Interrupted when the call's time is over."""
        with self._lock:
            if arrival.ended.is_set():
                raise Interrupted
            yield self._world

    def mark_worked(self, arrival: Arrival) -> None:
        """Note that a call's work is done; for the caller that holds the world."""
        self._log.mark_worked(arrival.number)

    def finish(self, arrival: Arrival, *, outcome: str, status: int | None) -> None:
        """Note what is about to be sent to the client."""
        with self._lock:
            self._log.finish(arrival.number, outcome=outcome, status=status)

    @contextmanager
    def world(self) -> Iterator[World]:
        """Give the control address the world for itself."""
        with self._lock:
            yield self._world

    def queue_faults(self, operation: str, faults: tuple[Fault, ...], *, times: int) -> None:
        """Let the next `times` calls of an operation meet these faults, after those already queued."""
        with self._lock:
            self._faults[operation].extend([faults] * times)

    def clear_faults(self) -> None:
        """Forget the queued faults."""
        with self._lock:
            self._faults.clear()

    def records(self) -> tuple[RequestRecord, ...]:
        """Return the recorded requests, oldest first."""
        with self._lock:
            return self._log.all()

    def clear_records(self) -> None:
        """Forget the recorded requests."""
        with self._lock:
            self._log.clear()

    def reset(self) -> None:
        """Start over: a fresh world, no faults, no records; calls that wait are dropped without work."""
        with self._lock:
            self._ended.set()
            self._ended = threading.Event()
            self._world = World()
            self._faults.clear()
            self._log.clear()

    def end(self) -> None:
        """Wake every waiting call, because the sandbox stops."""
        with self._lock:
            self._ended.set()
