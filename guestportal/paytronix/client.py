"""Transport: sends one call to Paytronix inside its time and size limits, and names every way that can fail.

The only importer of requests. It knows no endpoint; the services do.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import Any, TypeVar

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from guestportal.paytronix.breaker import Breaker
from guestportal.paytronix.call_log import logged
from guestportal.paytronix.calls import Answer, Call, Operation, Parameter
from guestportal.paytronix.connections import WatchedHTTPPool, WatchedHTTPSPool
from guestportal.paytronix.deadline import Deadline
from guestportal.paytronix.errors import ContractBroken, Health, OutcomeUnknown, PaytronixError, Unavailable
from guestportal.paytronix.integration import Integration
from guestportal.paytronix.meaning import read_success
from guestportal.paytronix.observing import tell_observers
from guestportal.paytronix.places import Caller, Places, places_for
from guestportal.paytronix.replies.envelope import Reply
from guestportal.paytronix.retry_after import Hold, asks_to_wait
from guestportal.paytronix.standing import of_this_process
from guestportal.paytronix.styles import Style

CHUNK_BYTES = 16 * 1024

# What the libraries below raise when a reply breaks them is not all theirs: ValueError for a chunk of negative
# size, http.client's own exceptions, socket errors.
_TRANSPORT_ERRORS = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)

R = TypeVar("R", bound=Reply)


class PaytronixClient:
    """One merchant's connection pool, credentials and breakers in this process. `places` are those of the process."""

    def __init__(
        self,
        integration: Integration,
        *,
        places: Places | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.integration = integration
        self._places = places or Places(16, per_merchant=16)
        self._pool = _DeadlineAdapter(pool_maxsize=max(1, self._places.per_merchant))
        self._clock = clock
        self._gates: dict[str, _Gate] = {}

    def call(
        self,
        operation: Operation,
        *,
        style: Style,
        parameters: Mapping[str, Parameter],
        reply: type[R],
        may_send: Callable[[], bool] = lambda: True,
    ) -> R:
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
            try:
                return self._ask(call, Deadline(self.integration.deadline_seconds, may_send=may_send), reply)
            finally:
                tell_observers(call, self.integration, reply)

    def _ask(self, call: Call, deadline: Deadline, reply: type[R]) -> R:
        """What the answer means, if the service takes calls now and there is a place for one."""
        gate = self._gate_of(call.operation.service)
        gate.refuse_if_shut(call)
        caller = Caller(self.integration.slug, call.guest, signs_in=call.operation.signs_in)
        with self._places.place(caller) as taken:
            if not taken:
                raise _failed(Unavailable, call, "busy")
            gate.refuse_if_shut(call)
            ticket = gate.breaker.begin()
            if ticket is None:
                raise _failed(Unavailable, call, "breaker open")
            health = Health.UNTOLD
            try:
                call.answer = self._try_twice(call, deadline)
                gate.hold.keep_to(call.answer)
                success = read_success(call, call.answer, reply)
                health = Health.WELL
                return success
            except PaytronixError as error:
                health = error.health
                raise
            finally:
                gate.breaker.end(ticket, health)

    def _gate_of(self, service: str) -> "_Gate":
        # `setdefault` gives threads that come at once the same one.
        return self._gates.get(service) or self._gates.setdefault(
            service, _Gate(Breaker(clock=self._clock), Hold(clock=self._clock))
        )

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
            if not may_repeat or answer.status not in {502, 503, 504} or asks_to_wait(answer):
                return answer

    def _exchange(self, call: Call, deadline: Deadline) -> Answer:
        # A write gets a connection of its own: one that idled in the pool may be dead without our knowing.
        pool = _DeadlineAdapter() if call.operation.writes else self._pool
        left_seconds = deadline.remaining_seconds or 0.001
        # Connecting keeps to the deadline by itself (connections.py).
        timeouts = (
            self.integration.connect_timeout_seconds,
            min(self.integration.read_timeout_seconds, left_seconds),
        )
        try:
            with pool.send(_request(call, self.integration), stream=True, timeout=timeouts) as response:
                body = _read_body(response, call.operation.body_limit_bytes)
                if deadline.expired:  # a body without a length looks complete when its socket was shut down
                    raise requests.ReadTimeout
                return Answer(response.status_code, body, response.headers.get("Retry-After"))
        finally:
            if call.operation.writes:
                pool.close()


def client_for(integration: Integration) -> PaytronixClient:
    """The one client of this merchant in this process."""
    with _clients_lock:
        return _client(integration)


def forget_clients() -> None:
    """Drop every pool; the next call starts with new connections and a closed breaker."""
    with _clients_lock:
        _client.cache_clear()
        _places.cache_clear()
        of_this_process.cache_clear()


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


@dataclass(frozen=True, slots=True)
class _Gate:
    """Whether calls of one service go out: gifts that fail take no guest's sign-in away."""

    breaker: Breaker
    hold: Hold

    def refuse_if_shut(self, call: Call) -> None:
        """Raises Unavailable: nothing has been sent."""
        if self.hold.is_on:
            raise _failed(Unavailable, call, "asked to wait")
        if self.breaker.is_open:
            raise _failed(Unavailable, call, "breaker open")


class _TooLarge(requests.RequestException):
    """The body passed the limit and was not read to its end."""


class _DeadlineAdapter(HTTPAdapter):
    """Connections to one host that the current Deadline can end.

    Used without a session, which would read a redirect's body whole, ask the machine for a proxy and a netrc file,
    and carry a cookie set for one guest into the next one's call.
    """

    def __init__(self, pool_maxsize: int = 1) -> None:
        super().__init__(pool_connections=1, pool_maxsize=pool_maxsize, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedHTTPPool, "https": WatchedHTTPSPool}


_clients_lock = threading.Lock()


@cache
def _client(integration: Integration) -> PaytronixClient:
    return PaytronixClient(integration, places=_places())


@cache
def _places() -> Places:
    return places_for(of_this_process(), per_merchant=settings.PAYTRONIX_CONCURRENCY)


def _request(call: Call, integration: Integration) -> requests.PreparedRequest:
    return requests.Request(
        "GET" if call.in_query else "POST",
        f"{integration.base_url}/{call.operation.name}.json",
        params=dict(call.payload) if call.in_query else None,
        json=None if call.in_query else dict(call.payload),
        headers={
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # the body limit counts what is read
            "Content-Type": "application/json",
            "User-Agent": "guestportal",
        },
        # As bytes, because requests encodes text as Latin-1 and stumbles over anything else.
        auth=HTTPBasicAuth(integration.client_id.encode(), integration.client_secret.encode()),
    ).prepare()


def _read_body(response: requests.Response, limit_bytes: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > limit_bytes:
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
    health = Health.SICK
    if deadline.called_off:
        reason, health = "called off", Health.UNTOLD
    if isinstance(error, _TooLarge):
        reason, health = f"body over {call.operation.body_limit_bytes} bytes", Health.WELL
    if call.operation.writes and not surely_not_sent(error):
        return _failed(OutcomeUnknown, call, reason, health)
    if isinstance(error, _TooLarge):
        return _failed(ContractBroken, call, reason, health)
    return _failed(Unavailable, call, reason, health)


def _failed(
    kind: type[PaytronixError], call: Call, reason: str, health: Health = Health.UNTOLD
) -> PaytronixError:
    return kind(operation=call.operation.name, reference=call.reference, reason=reason, health=health)
