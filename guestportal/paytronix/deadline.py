"""A total time limit for a call. urllib3's read time-out is per socket read, so a dripping server outlives it."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar


class Deadline:
    """Ends whatever socket is being read when the time is up, from a timer thread.

    `may_send` is asked on each new connection, as the last thing before the first byte; `called_off` says that it
    said no.
    """

    def __init__(self, seconds: float, *, may_send: Callable[[], bool] = lambda: True) -> None:
        self._ends_at = time.monotonic() + seconds
        self._may_send = may_send
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.expired = False
        self.called_off = False

    @property
    def remaining_seconds(self) -> float:
        """What is left, never less than nothing."""
        return max(0.0, self._ends_at - time.monotonic())

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """While inside, sockets given to `attach` are shut down at the deadline."""
        timer = threading.Timer(self.remaining_seconds, self._expire)
        timer.daemon = True
        timer.start()
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)
            timer.cancel()
            with self._lock:  # from here on the socket may serve another call: it must not be touched again
                self._socket = None

    def may_send(self) -> bool:
        """Whether the call may still leave. The time is looked at last, for the question takes some as well."""
        self.called_off = not self._may_send()
        return not self.called_off and self.remaining_seconds > 0

    def attach(self, sock: socket.socket | None) -> None:
        """Name the socket that ends at the deadline, at once when that has passed; None lets go of it."""
        with self._lock:
            self._socket = sock
            if self.expired:
                self._shut_down()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # The plain socket's own method: SSLSocket.shutdown would pull the TLS state from under the reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


_current: ContextVar[Deadline | None] = ContextVar("paytronix_deadline", default=None)


def current_deadline() -> Deadline | None:
    """The deadline under whose `watch` this code runs."""
    return _current.get()
