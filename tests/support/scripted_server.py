"""A TCP server on the loopback whose every answer a test writes byte by byte, with or without TLS.

It knows no Paytronix: what an honest reply is stands in the sandbox and in the tests' builders.
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the wire. `client_port` tells connections apart."""

    head: str
    body: bytes
    client_port: int

    @property
    def method(self) -> str:
        """The verb of the request line."""
        return self.head.partition(" ")[0]

    @property
    def target(self) -> str:
        """Path and query string, as sent."""
        return self.head.split(" ", 2)[1]

    def header(self, name: str) -> str | None:
        """A header's value, None when the request has none of that name."""
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return None


Behaviour: TypeAlias = Callable[[socket.socket, threading.Event], None]


class ScriptedServer:
    """Answers request number n with behaviour number n, the last one for all that follow.

    `requests` holds what arrived whole. Waiting behaviours are woken when the server stops.
    """

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self._behaviours: Sequence[Behaviour] = behaviours
        self._tls = tls
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def connections(self) -> int:
        """How many connections have been opened to it."""
        with self._lock:
            return len(self._connections)

    @property
    def base_url(self) -> str:
        """What a merchant file would name as its Paytronix."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/rest/26.6"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while True:
            try:
                connection, (_host, port) = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection, port), daemon=True)
            with self._lock:
                self._connections.append(connection)
                self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, port: int) -> None:
        # The client may go away at any moment, and many tests want exactly that.
        with connection, contextlib.suppress(OSError):
            plain = connection
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                while (request := _read_request(connection, port)) is not None:
                    with self._lock:
                        behaviour = self._behaviours[min(len(self.requests), len(self._behaviours) - 1)]
                        self.requests.append(request)
                    if getattr(behaviour, "below_tls", False):
                        behaviour(plain if plain.fileno() >= 0 else connection, self._ended)
                    else:
                        behaviour(connection, self._ended)


def answering(
    body: bytes, *, status: str = "200 OK", headers: Sequence[str] = (), announced: int | None = None
) -> Behaviour:
    """An orderly reply; `announced` lies about the length of the body."""
    length = len(body) if announced is None else announced
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {length}", *headers])
    return sending(head.encode("utf-8") + b"\r\n\r\n" + body)


def sending(data: bytes) -> Behaviour:
    """These bytes and nothing else; the connection stays open."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(data)

    return behave


def sending_then_closing(data: bytes) -> Behaviour:
    """These bytes, then an orderly end of the connection; without bytes it is a drop."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return behave


def resetting() -> Behaviour:
    """A TCP reset in place of a reply."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return behave


def silent() -> Behaviour:
    """No reply for as long as the test runs."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        ended.wait(30)

    return behave


def dripping(data: bytes, *, at_once: int = 0, interval_seconds: float = 0.02) -> Behaviour:
    """The first `at_once` bytes together, the others one by one."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(data[:at_once])
        for position in range(at_once, len(data)):
            if ended.wait(interval_seconds):
                return
            connection.sendall(data[position : position + 1])

    return behave


def breaking_tls() -> Behaviour:
    """After the request was read: bytes below TLS that no TLS client can read."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        raw = socket.socket(fileno=connection.detach())
        with raw:
            raw.sendall(b"HTTP/1.1 200 OK\r\n\r\nnot a TLS record")
            raw.shutdown(socket.SHUT_WR)
            ended.wait(2)

    return behave


def _read_request(connection: socket.socket, port: int) -> Received | None:
    """The next whole request, None when the client ends before one is complete."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    received = Received(head.decode("latin-1"), b"", port)
    length = int(received.header("Content-Length") or 0)
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            return None
        body += piece
    return Received(head.decode("latin-1"), body, port)
