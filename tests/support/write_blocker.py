"""A door between the portal and the sandbox that is open for the first connection and shut for all later ones.

The portal reads over a kept connection and writes over a new one, so what is shut is exactly the write.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeAlias

Later: TypeAlias = Callable[["Door"], None]


class Door:
    """Listens on the loopback; `later` happens once the first connection is there, before it is served."""

    def __init__(self, port: int, later: Later, *, tls: ssl.SSLContext | None = None) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = int(self.listener.getsockname()[1])
        self.sockets: list[socket.socket] = []
        self._target, self._later, self._tls = port, later, tls
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def base_url(self) -> str:
        """What a merchant file would name as its Paytronix."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/rest/26.6"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self.listener, *self.sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            client, _address = self.listener.accept()
            self._later(self)
            if self._tls:
                client = self._tls.wrap_socket(client, server_side=True)
            sandbox = socket.create_connection(("127.0.0.1", self._target))
            self.sockets += [client, sandbox]
            back = threading.Thread(target=_pass_on, args=(sandbox, client), daemon=True)
            back.start()
            _pass_on(client, sandbox)


def shut(door: Door) -> None:
    """Nobody listens any more: connections are refused."""
    door.listener.close()


def block(door: Door) -> None:
    """The queue of waiting connections is full: no further one is answered."""
    for _place in range(16):
        waiting = socket.socket()
        door.sockets.append(waiting)
        waiting.settimeout(0.05)
        try:
            waiting.connect(("127.0.0.1", door.port))
        except TimeoutError:
            return


def stay_silent(door: Door) -> None:
    """Connections are taken and nothing is ever said on them, not even TLS's first words."""


def show_another_certificate(context: ssl.SSLContext) -> Later:
    """Later connections meet a certificate that nobody trusts."""

    def serve(door: Door) -> None:
        def greet() -> None:
            with contextlib.suppress(OSError):
                client, _address = door.listener.accept()
                door.sockets.append(context.wrap_socket(client, server_side=True))

        threading.Thread(target=greet, daemon=True).start()

    return serve


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
