"""Connections that keep to the deadline of the call they serve, and give each call its own final reply."""

import http.client
import socket
from http import HTTPStatus
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import allowed_gai_family

from guestportal.paytronix.deadline import Deadline, current_deadline


class _FinalReply(http.client.HTTPResponse):
    """Reads past every interim reply, whatever its number (RFC 9110, section 15.2).

    http.client takes all of them but 100 for the final one, which then waits in the pool for the next guest.
    """

    def begin(self) -> None:
        super().begin()
        while self.status < HTTPStatus.OK:
            if self.status == HTTPStatus.SWITCHING_PROTOCOLS:  # what follows is no HTTP
                raise http.client.UnknownProtocol("101")
            self.headers = None  # type: ignore[assignment]  # then the next reply is read
            super().begin()


class _WatchedHTTPConnection(HTTPConnection):
    response_class = _FinalReply

    def connect(self) -> None:
        super().connect()
        _refuse_if_late(self)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3's own signature
        deadline = current_deadline()
        if deadline is not None:
            deadline.attach(self.sock)  # before the reply's first byte is awaited
        return super().getresponse()

    def _new_conn(self) -> socket.socket:
        """A socket to the first of the host's addresses that answers; none is tried beyond the deadline.

        urllib3 gives each address a whole connect time-out.
        """
        deadline = current_deadline()
        if deadline is None:
            return super()._new_conn()
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        failure: OSError = TimeoutError("no time left to connect")
        for *kind, _name, address in found:
            if not deadline.remaining_seconds:
                break
            try:
                return self._connected(kind, address, deadline)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, str(failure)) from failure
        raise NewConnectionError(self, str(failure)) from failure

    def _connected(self, kind: list[int], address: Any, deadline: Deadline) -> socket.socket:
        fresh = socket.socket(*kind)
        try:
            for option in self.socket_options or ():
                fresh.setsockopt(*option)
            limit = self.timeout or deadline.remaining_seconds
            fresh.settimeout(min(limit, deadline.remaining_seconds))
            fresh.connect(address)
            fresh.settimeout(min(limit, deadline.remaining_seconds or 0.001))  # for the TLS handshake
        except OSError:
            fresh.close()
            raise
        return fresh


class _WatchedHTTPSConnection(_WatchedHTTPConnection, HTTPSConnection):
    """A connection under the current deadline, with TLS, which `HTTPSConnection.connect` adds."""


class WatchedHTTPPool(HTTPConnectionPool):
    """A pool of plain connections that keep to the deadline of their call; only a sandbox is reached by them."""

    ConnectionCls = _WatchedHTTPConnection


class WatchedHTTPSPool(HTTPSConnectionPool):
    """A pool of TLS connections that keep to the deadline of their call."""

    ConnectionCls = _WatchedHTTPSConnection


def _refuse_if_late(connection: HTTPConnection) -> None:
    """End a connection that came about too late, while nothing has been sent on it yet.

    Resolving a name has no time limit of its own, and a process may have stood still meanwhile.
    """
    deadline = current_deadline()
    if deadline is not None and not deadline.may_send():
        connection.close()
        raise ConnectTimeoutError(connection, "connected too late to send")
