"""What stands between the portal and the sandbox and lets the first connection through alone.

The portal reads over a kept connection and writes over a new one, so what it blocks is exactly the write.
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class WriteBlocker:
    """Listens on the loopback until the first connection is there; every later one is refused."""

    def __init__(self, port: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.port = int(self.listener.getsockname()[1])
        self.sockets: list[socket.socket] = []
        self._target = port
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def base_url(self) -> str:
        """What a merchant file would name as its Paytronix."""
        return f"http://127.0.0.1:{self.port}/rest/26.6"

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
            self.listener.close()
            sandbox = socket.create_connection(("127.0.0.1", self._target))
            self.sockets += [client, sandbox]
            back = threading.Thread(target=_pass_on, args=(sandbox, client), daemon=True)
            back.start()
            _pass_on(client, sandbox)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
