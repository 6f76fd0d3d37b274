"""Transport: sends one call to Paytronix inside its time and size limits, and names every way that can fail.

The only importer of requests. It knows no endpoint; `guest.py` and its siblings do.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from guestportal.paytronix.call_log import logged
from guestportal.paytronix.calls import Answer, Call, Operation, Parameter
from guestportal.paytronix.connections import WatchedHTTPPool, WatchedHTTPSPool
from guestportal.paytronix.deadline import Deadline
from guestportal.paytronix.errors import ContractBroken, OutcomeUnknown, PaytronixError, Unavailable
from guestportal.paytronix.guard import Breaker, Bulkhead
from guestportal.paytronix.integration import Integration
from guestportal.paytronix.meaning import read_success
from guestportal.paytronix.replies.structs import Wire
from guestportal.paytronix.styles import Style

BODY_LIMIT_BYTES = 1024 * 1024
CHUNK_BYTES = 16 * 1024

# What the libraries below raise when a reply breaks them is not all theirs: ValueError for a chunk of negative
# size, http.client's own exceptions, socket errors.
_TRANSPORT_ERRORS = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)

W = TypeVar("W", bound=Wire)


class PaytronixClient:
    """One merchant's connection pool, credentials, bulkhead and breaker in this process."""

    def __init__(
        self, integration: Integration, *, concurrency: int = 16, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.integration = integration
        self._session = _new_session(integration, pool_size=concurrency)
        self._bulkhead = Bulkhead(concurrency)
        self._breaker = Breaker(clock=clock)

    def call(
        self,
        operation: Operation,
        *,
        style: Style,
        parameters: Mapping[str, Parameter],
        reply: type[W],
        may_send: Callable[[], bool] = lambda: True,
    ) -> W:
        """Return the reply of a success as the struct `reply`; any other end raises a PaytronixError.

        Parameters of a GET stand in the query string unless the style forbids it; then everything goes into
        a JSON body. Reads are tried once more on a lost connection or 502, 503, 504; writes never. A write asks
        `may_send` on its open connection, directly before the first byte: Unavailable when it says no.
        """
        identity: dict[str, Parameter] = {
            "merchantId": self.integration.merchant_id,
            "authentication": style.name,
        }
        call = Call(operation, style, {**identity, **style.parameters(), **parameters})
        with logged(call, merchant=self.integration.slug):
            call.answer = self._send(call, Deadline(self.integration.deadline_seconds, may_send=may_send))
            return read_success(call, call.answer, reply)

    def _send(self, call: Call, deadline: Deadline) -> Answer:
        """The answer, through breaker and bulkhead, within the deadline."""
        if not self._breaker.admits():
            raise _failed(Unavailable, call, "breaker open")
        with self._bulkhead.place() as taken:
            if not taken:
                raise _failed(Unavailable, call, "busy")
            try:
                answer = self._try_twice(call, deadline)
            except (Unavailable, OutcomeUnknown):
                self._breaker.failed()
                raise
        if answer.status >= 500:
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return answer

    def _try_twice(self, call: Call, deadline: Deadline) -> Answer:
        while True:
            call.tries += 1
            may_repeat = call.tries == 1 and not call.operation.writes
            try:
                with deadline.watch():
                    answer = self._exchange(call, deadline)
            except _TRANSPORT_ERRORS as error:
                if may_repeat and _connection_lost(error) and not deadline.expired:
                    continue
                # `from None`: the library's text holds the whole address.
                raise _transport_error(call, error, deadline) from None
            if not (may_repeat and answer.status in {502, 503, 504}):
                return answer

    def _exchange(self, call: Call, deadline: Deadline) -> Answer:
        # A write gets a connection of its own: one that idled in the pool may be dead without our knowing.
        session = _new_session(self.integration, pool_size=1) if call.operation.writes else self._session
        left_seconds = deadline.remaining_seconds or 0.001
        request = requests.Request(
            "GET" if call.in_query else "POST",
            f"{self.integration.base_url}/{call.operation.name}.json",
            params=dict(call.payload) if call.in_query else None,
            json=None if call.in_query else dict(call.payload),
        )
        # Connecting keeps to the deadline by itself (connections.py).
        timeouts = (
            self.integration.connect_timeout_seconds,
            min(self.integration.read_timeout_seconds, left_seconds),
        )
        try:
            # The adapter itself: a session would read a redirect's body whole and parse its target, only to stop.
            adapter = session.get_adapter(self.integration.base_url)
            with adapter.send(session.prepare_request(request), stream=True, timeout=timeouts) as response:
                body = _read_body(response)
                if deadline.expired:  # a body without a length looks complete when its socket was shut down
                    raise requests.ReadTimeout
                return Answer(response.status_code, body, response.headers.get("Retry-After"))
        finally:
            if call.operation.writes:
                session.close()


def client_for(integration: Integration) -> PaytronixClient:
    """The one client of this merchant in this process."""
    with _clients_lock:
        return _client(integration)


def forget_clients() -> None:
    """Drop every pool; the next call starts with new connections and a closed breaker."""
    with _clients_lock:
        _client.cache_clear()


def surely_not_sent(error: Exception) -> bool:
    """Whether the failure proves that Paytronix never saw the request (docs/threats.md, section 4).

    Refused connection, failed name resolution, connect time-out and a refused certificate; a dropped
    connection is not in that list, and neither is TLS that breaks later.
    """
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, SSLError):
        return bool(cause.args) and isinstance(cause.args[0], ssl.SSLCertVerificationError)
    return isinstance(cause, NewConnectionError)  # NameResolutionError is one


class _TooLarge(requests.RequestException):
    """The body passed the limit and was not read to its end."""


class _DeadlineAdapter(HTTPAdapter):
    """Connections that the current Deadline can end."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedHTTPPool, "https": WatchedHTTPSPool}


_clients_lock = threading.Lock()


@cache
def _client(integration: Integration) -> PaytronixClient:
    return PaytronixClient(integration, concurrency=settings.PAYTRONIX_CONCURRENCY)


def _new_session(integration: Integration, *, pool_size: int) -> requests.Session:
    session = requests.Session()
    # Neither a proxy nor a netrc file of the machine may stand between us and the merchant's credentials.
    session.trust_env = False
    # The session serves all guests: a cookie set for one of them must not travel with the next one's call.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    # As bytes, because requests encodes text as Latin-1 and stumbles over anything else.
    session.auth = HTTPBasicAuth(integration.client_id.encode(), integration.client_secret.encode())
    session.headers.update(
        {
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # the body limit counts what is read
            "Content-Type": "application/json",
            "User-Agent": "guestportal",
        }
    )
    adapter = _DeadlineAdapter(pool_connections=1, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _read_body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > BODY_LIMIT_BYTES:
            raise _TooLarge
    return bytes(body)


def _connection_lost(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.Timeout | requests.exceptions.SSLError) or isinstance(
        cause, ReadTimeoutError
    ):
        return False  # requests reports a read time-out within the body as a ConnectionError
    return isinstance(error, requests.ConnectionError)


def _transport_error(call: Call, error: Exception, deadline: Deadline) -> PaytronixError:
    # A read time-out cut to what was left of the deadline may fire a moment before the deadline's own timer.
    reason = "deadline" if deadline.remaining_seconds < 0.05 else type(error).__name__
    if deadline.called_off:
        reason = "called off"
    if call.operation.writes and not surely_not_sent(error):
        return _failed(OutcomeUnknown, call, reason)
    if isinstance(error, _TooLarge):
        return _failed(ContractBroken, call, f"body over {BODY_LIMIT_BYTES} bytes")
    return _failed(Unavailable, call, reason)


def _failed(kind: type[PaytronixError], call: Call, reason: str) -> PaytronixError:
    return kind(operation=call.operation.name, reference=call.reference, reason=reason)
