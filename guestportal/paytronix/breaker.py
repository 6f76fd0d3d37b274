"""Spares a Paytronix that is down the calls that would only fail, and guests the wait for them."""

import itertools
import threading
import time
from collections.abc import Callable

from guestportal.paytronix.errors import Health


class Breaker:
    """Opens after `threshold` failures in a row; after `pause_seconds` one call may try whether it is over.

    A call that has been under way for over `overdue_seconds` counts as a failure as long as no other one is
    answered; its own late answer takes that back. What tells nothing of Paytronix is not counted.
    """

    def __init__(
        self,
        *,
        threshold: int = 5,
        pause_seconds: float = 5.0,
        overdue_seconds: float = 3.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._pause_seconds = pause_seconds
        self._overdue_seconds = overdue_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets = itertools.count(1)
        self._under_way: dict[int, float] = {}  # when each began, by its ticket
        self._failures = 0
        self._answered_at = float("-inf")
        self._probe_from: float | None = None  # from when one call may try; None while closed
        self._probe = 0

    @property
    def is_open(self) -> bool:
        """Whether no call may go out now."""
        with self._lock:
            return self._is_shut(self._clock())

    def begin(self) -> int | None:
        """A ticket for a call that goes out now, to be handed to `end`; None when it may not."""
        with self._lock:
            now = self._clock()
            if self._is_shut(now):
                return None
            ticket = next(self._tickets)
            self._under_way[ticket] = now
            if self._probe_from is not None:
                self._probe, self._probe_from = ticket, now + self._pause_seconds
            return ticket

    def end(self, ticket: int, health: Health) -> None:
        """Count how a call ended. A probe that tells nothing leaves its place to the next call."""
        with self._lock:
            now = self._clock()
            del self._under_way[ticket]
            match health:
                case Health.WELL:
                    self._failures, self._answered_at = 0, now
                case Health.SICK | Health.FAILED:
                    self._failures += 1
                case Health.UNTOLD:
                    if ticket == self._probe and self._probe_from is not None:
                        self._probe_from = now
            self._is_shut(now)  # the pause is counted from here

    def _is_shut(self, now: float) -> bool:
        if self._failures + self._overdue(now) < self._threshold:
            self._probe_from = None
            return False
        if self._probe_from is None:
            self._probe_from = now + self._pause_seconds
        return now < self._probe_from

    def _overdue(self, now: float) -> int:
        latest = now - self._overdue_seconds
        if self._answered_at >= latest:
            return 0
        return sum(began < latest for began in self._under_way.values())
