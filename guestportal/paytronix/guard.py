"""Keeps a slow or dead Paytronix from taking the portal down with it: a bulkhead and a circuit breaker."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Bulkhead:
    """At most `size` calls wait for Paytronix at once; one more is told so instead of queueing."""

    def __init__(self, size: int) -> None:
        self._places = threading.BoundedSemaphore(size)

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Yields whether there was a place, and gives it back afterwards."""
        taken = self._places.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._places.release()


class Breaker:
    """Opens after `threshold` failures in a row; after `pause_seconds` one call may try whether it is over."""

    def __init__(
        self,
        *,
        threshold: int = 5,
        pause_seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threshold = threshold
        self._pause_seconds = pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    def admits(self) -> bool:
        """Whether a call may go out now. While open, one call per pause is let through as a probe."""
        with self._lock:
            if self._failures < self._threshold:
                return True
            now = self._clock()
            if now < self._closed_again_at:
                return False
            self._closed_again_at = now + self._pause_seconds
            return True

    def succeeded(self) -> None:
        """Close: a call was answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a call without an answer; the threshold's one opens for a pause."""
        with self._lock:
            self._failures += 1
            if self._failures == self._threshold:
                self._closed_again_at = self._clock() + self._pause_seconds
