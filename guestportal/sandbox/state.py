"""Everything one running sandbox holds, under one lock: the world, the queued faults and the records."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from guestportal.sandbox.calls import CallRefused, RawRequest
from guestportal.sandbox.delivery import Interrupted
from guestportal.sandbox.faults import Fault
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.records import RequestLog, RequestRecord
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World

# What one call does in the world; it returns the reply or raises CallRefused.
Work: TypeAlias = Callable[[World], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A recorded request with the faults that were waiting for it; `ended` is set when its time is over."""

    number: int
    faults: tuple[Fault, ...]
    ended: threading.Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCall:
    """A call that was answered or dropped without its work. `due_at` is None for one that waits for an order."""

    number: int
    operation: str
    due_at: datetime | None
    work: Work

    def as_json(self) -> JsonObject:
        """Return the call as the control address shows it."""
        due_at = self.due_at.isoformat() if self.due_at else None
        return {"number": self.number, "operation": self.operation, "due_at": due_at}


class Sandbox:
    """One history after another: a reset ends every waiting call and starts the next world."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log = RequestLog()
        self._world = World()
        self._faults: defaultdict[str, deque[tuple[Fault, ...]]] = defaultdict(deque)
        self._late: list[LateCall] = []
        self._ended = threading.Event()

    def arrive(self, request: RawRequest, *, operation: str, basic_ok: bool) -> Arrival:
        """Record a request and take the next faults queued for its operation."""
        with self._lock:
            waiting = self._faults[operation]
            faults = waiting.popleft() if waiting else ()
            names = "+".join(fault.kind for fault in faults)
            number = self._log.add(request, operation=operation, basic_ok=basic_ok, fault=names)
            return Arrival(number=number, faults=faults, ended=self._ended)

    def work(self, arrival: Arrival, work: Work) -> Reply:
        """Do one call's work alone in the world; raises Interrupted when the call's time is over."""
        with self._lock:
            if arrival.ended.is_set():
                raise Interrupted
            self._catch_up()
            return self._work(arrival.number, work)

    def work_later(
        self, arrival: Arrival, work: Work, *, operation: str, after_seconds: float | None
    ) -> None:
        """Keep one call's work for later: when the sandbox's clock has moved so far, or for an order."""
        with self._lock:
            if arrival.ended.is_set():
                raise Interrupted
            due_at = None
            if after_seconds is not None:
                due_at = self._world.now() + timedelta(seconds=after_seconds)
            late = LateCall(number=arrival.number, operation=operation, due_at=due_at, work=work)
            self._late.append(late)

    def late_calls(self) -> tuple[LateCall, ...]:
        """Return the calls whose work is still to be done, in the order of their arrival."""
        with self._lock:
            self._catch_up()
            return tuple(self._late)

    def run_late(self, *, limit: int | None = None) -> int:
        """Do the late work now, the earliest arrivals first; return how many calls worked or were refused."""
        with self._lock:
            self._catch_up()
            running, self._late = self._late[:limit], self._late[len(self._late[:limit]) :]
            for late in running:
                self._work(late.number, late.work)
            return len(running)

    def _work(self, number: int, work: Work) -> Reply:
        try:
            reply, worked = work(self._world), True
        except CallRefused as refusal:
            reply, worked = refusal.reply, False
        self._log.note_work(number, reply, worked=worked)
        return reply

    def _catch_up(self) -> None:
        """Let happen what was due by now, in the order of its time. No call could have seen it earlier."""
        now = self._world.now()
        due = [late for late in self._late if late.due_at is not None and late.due_at <= now]
        self._late = [late for late in self._late if late not in due]
        for late in sorted(due, key=lambda late: late.due_at or now):
            with self._world.at(late.due_at or now):
                self._world.catch_up()
                self._work(late.number, late.work)
        self._world.catch_up()

    def finish(self, arrival: Arrival, *, outcome: str, status: int | None) -> None:
        """Note what is about to be sent to the client."""
        with self._lock:
            self._log.finish(arrival.number, outcome=outcome, status=status)

    @contextmanager
    def world(self) -> Iterator[World]:
        """Give the control address the world for itself."""
        with self._lock:
            self._catch_up()
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
            self._catch_up()
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
            self._late.clear()
            self._log.clear()

    def end(self) -> None:
        """Wake every waiting call, because the sandbox stops."""
        with self._lock:
            self._ended.set()
