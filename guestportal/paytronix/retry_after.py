"""Keeps to what Paytronix asks with Retry-After: no call of that service before then."""

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from django.utils import timezone

from guestportal.paytronix.calls import Answer

LONGEST_SECONDS = 300  # a header that says more must not switch a merchant off


def seconds_asked(header: str | None) -> int | None:
    """Seconds to wait from a Retry-After header in either form (RFC 9110, section 10.2.3); None without one."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:6]), LONGEST_SECONDS)
    try:
        wait = parsedate_to_datetime(text) - timezone.now()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(1, min(int(wait.total_seconds()), LONGEST_SECONDS))


def asks_to_wait(answer: Answer) -> bool:
    """Whether an answer says that it is too much, or too early, and for how long."""
    return answer.status in {429, 503} and seconds_asked(answer.retry_after) is not None


class Hold:
    """For how long the calls of one service stay here."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until = float("-inf")

    @property
    def is_on(self) -> bool:
        """Whether no call may go out now."""
        return self._clock() < self._until

    def keep_to(self, answer: Answer) -> None:
        """Hold back what comes as long as the answer asks."""
        if asks_to_wait(answer):
            until = self._clock() + (seconds_asked(answer.retry_after) or 0)
            with self._lock:
                self._until = max(self._until, until)
