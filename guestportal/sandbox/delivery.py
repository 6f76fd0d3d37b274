"""How a reply travels: whole or in drips, announced truly or not, and what becomes of the connection."""

import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from guestportal.sandbox.replies import Reply, phrase_of

_CHUNK_BYTES = 16 * 1024


class Interrupted(Exception):
    """The sandbox was reset or stopped while a call waited."""


def pause(seconds: float, *, ended: threading.Event) -> None:
    """Wait, and raise Interrupted at once when the sandbox is reset or stopped."""
    if ended.wait(seconds):
        raise Interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The default is an honest reply on a connection that stays open.

    Intervals, in seconds, stand between single bytes; None sends all at once. `sent_body_bytes` sends that
    much of an announced body and closes. `closes` ends the connection after the reply without having said so.
    """

    replies: bool = True
    resets: bool = False
    head_interval_seconds: float | None = None
    body_interval_seconds: float | None = None
    sent_body_bytes: int | None = None
    chunked: bool = False
    closes: bool = False

    @property
    def keeps_connection(self) -> bool:
        """Whether another request may follow on the same connection."""
        return self.replies and not self.closes and self.sent_body_bytes is None


def deliver(
    connection: socket.socket,
    reply: Reply,
    delivery: Delivery,
    *,
    ended: threading.Event,
    head_only: bool,
    announces_close: bool,
) -> None:
    """Send a reply, without its body when `head_only`. Raises ConnectionError when the client has gone."""
    if not delivery.replies:
        return
    head = _head(reply, chunked=delivery.chunked, announces_close=announces_close)
    body = b"" if head_only else _body(reply, delivery)
    if delivery.head_interval_seconds is None and delivery.body_interval_seconds is None:
        # One call: a head and a body apart would wait for each other's acknowledgement.
        connection.sendall(head + body)
        return
    for piece in _pieces(head, delivery.head_interval_seconds, ended):
        connection.sendall(piece)
    for piece in _pieces(body, delivery.body_interval_seconds, ended):
        connection.sendall(piece)


def prepare_reset(connection: socket.socket) -> None:
    """Make the next close of a connection a TCP reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _pieces(data: bytes, interval_seconds: float | None, ended: threading.Event) -> Iterator[bytes]:
    if interval_seconds is None:
        yield data
        return
    for position in range(len(data)):
        yield data[position : position + 1]
        pause(interval_seconds, ended=ended)


def _head(reply: Reply, *, chunked: bool, announces_close: bool) -> bytes:
    fields = [("Server", "sandbox")]
    if reply.content_type is not None:
        fields.append(("Content-Type", reply.content_type))
    fields.append(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(reply.body))))
    if announces_close:
        fields.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {reply.status} {phrase_of(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in (*fields, *reply.headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _body(reply: Reply, delivery: Delivery) -> bytes:
    body = reply.body[: delivery.sent_body_bytes]
    if not delivery.chunked:
        return body
    chunks = (body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES))
    ending = b"" if delivery.sent_body_bytes is not None else b"0\r\n\r\n"
    return b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in chunks) + ending
