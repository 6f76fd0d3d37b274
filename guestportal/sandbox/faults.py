"""Misbehaviours as small types. Each spoils one moment of a call; several may meet on one call, in order.

A call waits before its work, works (unless a fault leaves that out), waits again, and then its reply is
reshaped and delivered.
"""

import codecs
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from guestportal.sandbox.delivery import Delivery
from guestportal.sandbox.jsontext import JsonValue, decode, encode_bytes
from guestportal.sandbox.replies import HTML_CONTENT_TYPE, JSON_CONTENT_TYPE, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Nothing goes wrong; a kind overrides the moment that it spoils."""

    kind: ClassVar[str]

    @property
    def lets_work(self) -> bool:
        """Whether the endpoint does its work under this fault."""
        return True

    @property
    def seconds_before_work(self) -> float:
        """How long the call waits before the work."""
        return 0.0

    @property
    def seconds_after_work(self) -> float:
        """How long the reply waits after the work."""
        return 0.0

    def reshape(self, reply: Reply, /) -> Reply:
        """Return the reply that is sent in place of the true one."""
        return reply

    def change_delivery(self, delivery: Delivery) -> Delivery:
        """Return how the reply travels instead."""
        return delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayBefore(Fault):
    """The work starts late."""

    kind: ClassVar[str] = "delay_before"
    seconds: float

    @property
    def seconds_before_work(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayAfter(Fault):
    """The work is done at once, the reply comes late."""

    kind: ClassVar[str] = "delay_after"
    seconds: float

    @property
    def seconds_after_work(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class DropBefore(Fault):
    """The connection ends without work and without a reply."""

    kind: ClassVar[str] = "drop_before"
    reset: bool = False

    @property
    def lets_work(self) -> bool:
        return False

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, replies=False, resets=self.reset)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropAfter(Fault):
    """The work is done, then the connection ends without a reply."""

    kind: ClassVar[str] = "drop_after"
    reset: bool = False

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, replies=False, resets=self.reset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late(Fault):
    """The client gets its end now, the work is done afterwards.

    It is due `seconds` later on the sandbox's clock, or for None when the control address orders it. The client
    meets a dropped connection, a web server's page with `status`, or with `body` a reply of the API's own form.
    """

    kind: ClassVar[str] = "late"
    seconds: float | None = None
    status: int | None = None
    body: str | None = None

    @property
    def lets_work(self) -> bool:
        return False

    def reshape(self, reply: Reply, /) -> Reply:
        if self.body is not None:
            return Reply(body=self.body.encode("utf-8", "backslashreplace"))
        return reply if self.status is None else Reply.html(self.status)

    def change_delivery(self, delivery: Delivery) -> Delivery:
        replies = self.status is not None or self.body is not None
        return delivery if replies else replace(delivery, replies=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Fault):
    """Another HTTP status: with the body given, without one for 401, else with a web server's own page."""

    kind: ClassVar[str] = "status"
    status: int
    body: str | None = None
    content_type: str = HTML_CONTENT_TYPE
    headers: Mapping[str, str] | None = None
    work: bool = False

    @property
    def lets_work(self) -> bool:
        return self.work

    def reshape(self, _reply: Reply, /) -> Reply:
        headers = tuple((self.headers or {}).items())
        if self.body is not None:
            return Reply(
                status=self.status, body=self.body.encode(), content_type=self.content_type, headers=headers
            )
        if self.status == 401:
            return Reply(status=401, headers=headers)
        return Reply.html(self.status, headers=headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Fault):
    """An error inside Paytronix: `result: failed` with the text of an exception (docs/paytronix-api.md, section 5).

    Behind `late` with a status it is the answer of a call whose work is still done afterwards.
    """

    kind: ClassVar[str] = "failed"
    result: str = "failed"
    code: str = "system.error"
    message: str = "java.util.concurrent.TimeoutException: Futures timed out after [30 seconds]"
    status: int = 200
    work: bool = False

    @property
    def lets_work(self) -> bool:
        return self.work

    def reshape(self, _reply: Reply, /) -> Reply:
        payload = {"result": self.result, "errorCode": self.code, "errorMessage": self.message}
        return Reply.envelope(payload, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenJson(Fault):
    """Half of the true body, announced and sent as if it were the whole."""

    kind: ClassVar[str] = "broken_json"

    def reshape(self, reply: Reply, /) -> Reply:
        half = reply.body[: len(reply.body) // 2] or b'{"result": "succ'
        return Reply(status=reply.status, body=half, content_type=JSON_CONTENT_TYPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutBody(Fault):
    """The true length is announced, only `sent_bytes` of it are sent, then the connection ends."""

    kind: ClassVar[str] = "cut_body"
    sent_bytes: int = 20

    def reshape(self, reply: Reply, /) -> Reply:
        return reply if reply.body else replace(reply, body=b'{"result": "success"}')

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, sent_body_bytes=self.sent_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip(Fault):
    """The body comes byte by byte."""

    kind: ClassVar[str] = "drip"
    interval_seconds: float = 0.05

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, body_interval_seconds=self.interval_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class DripHeaders(Fault):
    """Status line and headers come byte by byte, the body at once."""

    kind: ClassVar[str] = "drip_headers"
    interval_seconds: float = 0.05

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, head_interval_seconds=self.interval_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversize(Fault):
    """The true reply, padded to `size_bytes` of JSON that is right throughout.

    `announced` false leaves the length out (chunked); `gzipped` sends a small body that unpacks to that size.
    """

    kind: ClassVar[str] = "oversize"
    size_bytes: int
    announced: bool = True
    gzipped: bool = False

    def reshape(self, reply: Reply, /) -> Reply:
        opening = reply.body.rstrip()[:-1] + b"," if reply.result else b'{"result": "success",'
        opening += b' "padding": "'
        body = opening + b"x" * max(0, self.size_bytes - len(opening) - 2) + b'"}'
        if not self.gzipped:
            return replace(reply, body=body, content_type=JSON_CONTENT_TYPE)
        return replace(
            reply,
            body=gzip.compress(body),
            content_type=JSON_CONTENT_TYPE,
            headers=(*reply.headers, ("Content-Encoding", "gzip")),
        )

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return delivery if self.announced else replace(delivery, chunked=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(Fault):
    """HTTP 200 with another body, sent as it stands."""

    kind: ClassVar[str] = "replace"
    body: str
    content_type: str = JSON_CONTENT_TYPE
    work: bool = True

    @property
    def lets_work(self) -> bool:
        return self.work

    def reshape(self, _reply: Reply, /) -> Reply:
        return Reply(body=self.body.encode("utf-8", "backslashreplace"), content_type=self.content_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Members(Fault):
    """The true reply with some members put over it, left out, or renamed (docs/paytronix-api.md, section 7)."""

    kind: ClassVar[str] = "members"
    members: Mapping[str, JsonValue] | None = None
    left_out: list[str] | None = None
    renamed: Mapping[str, str] | None = None

    def reshape(self, reply: Reply, /) -> Reply:
        payload = decode(reply.body.decode())
        if not isinstance(payload, Mapping):
            return reply
        kept = {name: value for name, value in payload.items() if name not in (self.left_out or ())}
        renamed = {(self.renamed or {}).get(name, name): value for name, value in kept.items()}
        return replace(reply, body=encode_bytes({**renamed, **(self.members or {})}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteOrderMark(Fault):
    """The true reply behind a byte order mark, as some servers write it."""

    kind: ClassVar[str] = "byte_order_mark"

    def reshape(self, reply: Reply, /) -> Reply:
        return replace(reply, body=codecs.BOM_UTF8 + reply.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIdle(Fault):
    """An honest reply; then the connection, promised to stay, ends without a word."""

    kind: ClassVar[str] = "close_idle"

    def change_delivery(self, delivery: Delivery) -> Delivery:
        return replace(delivery, closes=True)


KINDS: Final[Mapping[str, type[Fault]]] = {
    fault.kind: fault
    for fault in (
        DelayBefore,
        DelayAfter,
        DropBefore,
        DropAfter,
        Late,
        Status,
        Failed,
        BrokenJson,
        CutBody,
        Drip,
        DripHeaders,
        Oversize,
        Replace,
        Members,
        ByteOrderMark,
        CloseIdle,
    )
}
