"""The requests the API received, for tests to read. In memory only: they hold secrets, none is printed."""

from dataclasses import asdict, dataclass, replace

from guestportal.sandbox.calls import RawRequest
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One API request. `worked` says whether the endpoint did its work, whatever the client got to read.

    A refused write has not worked. `result` and `error_code` are what the endpoint's own reply says, None when
    it made none; a late call's are filled in when its work is done.
    `outcome` is the envelope's result, "HTTP <status>", "dropped", "interrupted", or "pending" until decided;
    `status` is the status sent, None when none was.
    """

    number: int
    operation: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    raw_query: str
    body: str
    content_type: str
    basic_ok: bool
    client_port: int
    fault: str
    worked: bool = False
    result: str | None = None
    error_code: str | None = None
    outcome: str = "pending"
    status: int | None = None

    def as_json(self) -> JsonObject:
        """Return the record as the control address shows it."""
        return asdict(self)


class RequestLog:
    """Every request since the last clearing. Numbers go on rising for as long as the sandbox runs."""

    def __init__(self) -> None:
        self._last_number = 0
        self._records: dict[int, RequestRecord] = {}

    def add(self, request: RawRequest, *, operation: str, basic_ok: bool, fault: str) -> int:
        """Record a request that has just arrived and return its number."""
        self._last_number += 1
        self._records[self._last_number] = RequestRecord(
            number=self._last_number,
            operation=operation,
            method=request.method,
            path=request.path,
            query=request.query,
            raw_query=request.raw_query,
            body=request.body_text,
            content_type=request.content_type,
            basic_ok=basic_ok,
            client_port=request.client_port,
            fault=fault,
        )
        return self._last_number

    def note_work(self, number: int, reply: Reply, *, worked: bool) -> None:
        """Note what the endpoint did and said; a request cleared meanwhile stays cleared."""
        if number in self._records:
            self._records[number] = replace(
                self._records[number], worked=worked, result=reply.result, error_code=reply.error_code
            )

    def finish(self, number: int, *, outcome: str, status: int | None) -> None:
        """Note what is about to be sent; a request cleared meanwhile stays cleared."""
        if number in self._records:
            self._records[number] = replace(self._records[number], outcome=outcome, status=status)

    def all(self) -> tuple[RequestRecord, ...]:
        """Return the records, oldest first."""
        return tuple(self._records.values())

    def clear(self) -> None:
        """Forget every record."""
        self._records.clear()
