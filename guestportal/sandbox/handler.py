"""The sandbox over HTTP: a server, and one client connection that reads requests and sends the answers."""

import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from guestportal.sandbox.calls import RawRequest
from guestportal.sandbox.control import PREFIX, control
from guestportal.sandbox.delivery import Delivery, Interrupted, deliver, prepare_reset
from guestportal.sandbox.exchange import Sending, exchange
from guestportal.sandbox.identity import BASE_PATH
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.state import Sandbox

_BODY_LIMIT_BYTES: Final = 8 * 1024 * 1024


class _BodyRefused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class RequestHandler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with connections that stay open, and writes no log: addresses carry secrets."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "SandboxServer"

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, Interrupted):
            # The client went away, or the sandbox was reset while it dripped: nobody is left to tell.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing."""

    def answer(self) -> None:
        """Answer the request whose head has been read."""
        try:
            length = self._body_length()
        except _BodyRefused as refusal:
            # The unread body would be taken for the next request.
            self.close_connection = True
            self._send(self._honest(Reply.html(refusal.status)))
            return
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        path, _, raw_query = self.path.partition("?")
        request = RawRequest(
            method=self.command,
            path=path,
            raw_query=raw_query,
            body=body,
            content_type=self.headers.get("Content-Type", ""),
            authorization=self.headers.get("Authorization", ""),
            client_port=self.client_address[1],
        )
        sandbox = self.server.sandbox
        if path.startswith(PREFIX):
            self._send(self._honest(control(request, sandbox)))
        else:
            self._send(exchange(request, sandbox))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - looked up by name

    def _honest(self, reply: Reply) -> Sending:
        return Sending(reply=reply, delivery=Delivery(), ended=self.server.stopped)

    def _send(self, sending: Sending) -> None:
        announces_close = self.close_connection
        if not sending.delivery.keeps_connection:
            self.close_connection = True
        deliver(
            self.connection,
            sending.reply,
            sending.delivery,
            ended=sending.ended,
            head_only=self.command == "HEAD",
            announces_close=announces_close,
        )
        if sending.delivery.resets:
            prepare_reset(self.connection)
            # The reader holds the socket open too: a reset goes out only when both have let go.
            self.rfile.close()
            self.connection.close()

    def _body_length(self) -> int:
        """Return how many bytes of body follow; raises _BodyRefused when they are not going to be read."""
        if "Transfer-Encoding" in self.headers:
            raise _BodyRefused(411)
        try:
            length = int(self.headers.get("Content-Length", "0"))
        except ValueError:
            raise _BodyRefused(400) from None
        if not 0 <= length <= _BODY_LIMIT_BYTES:
            raise _BodyRefused(413)
        return length


class SandboxServer(ThreadingHTTPServer):
    """One thread per connection; threads never hold up the end."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int]) -> None:
        self.sandbox = Sandbox()
        self.stopped = threading.Event()
        super().__init__(address, RequestHandler)

    @property
    def base_url(self) -> str:
        """The API's base address, up to and including the release."""
        return f"http://{self.server_name}:{self.server_port}{BASE_PATH}"

    def server_bind(self) -> None:
        """Bind without asking a name server for the host's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
