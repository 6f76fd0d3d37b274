"""The sandbox as a process: opens the port, says where it listens and what it has, ends on a signal."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from guestportal.sandbox.cards import card_table
from guestportal.sandbox.guests import guest_table
from guestportal.sandbox.handler import SandboxServer


def serve(*, host: str = "127.0.0.1", port: int, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. Port 0 takes any free one; `announce` gets the lines meant for a person.

    The first line is `Sandbox listening on <base address>`. Raises OSError when the port cannot be opened.
    """
    with _signals_interrupt(), SandboxServer((host, port)) as server:
        try:
            announce(f"Sandbox listening on {server.base_url}")
            for line in (*card_table(), *guest_table()):
                announce(line)
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            server.stopped.set()
            server.sandbox.end()


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let SIGTERM end the sandbox as Ctrl-C does, and Ctrl-C even where a shell's `&` switched it off."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)
