"""Starts the Paytronix sandbox as a process of its own and speaks to its control address.

Holds no knowledge of replies: what a card says is the sandbox's or the test's business.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

REPOSITORY = Path(__file__).resolve().parent.parent
ACCOUNT_INFORMATION = "guest/accountInformation"

Fault: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRequest:
    """One API request as the sandbox received it; the fields are those of the sandbox's own record.

    `worked` says whether the endpoint did its work. `outcome` is the reply's `result`, "HTTP <status>",
    "dropped", "interrupted" or "pending"; `fault` names the faults it met, joined by "+".
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
    worked: bool
    outcome: str
    status: int | None


class SandboxRefused(RuntimeError):
    """The control address did not take an order; the text is its sentence."""


class SandboxProcess:
    """A running sandbox. Use it as a context manager; `reset` between tests costs about a millisecond.

    With `stderr=subprocess.PIPE`, `complaints` holds after `stop` what it wrote there.
    """

    def __init__(self, *, stderr: int | None = None) -> None:
        command = [sys.executable, "-m", "guestportal.sandbox", "--port", "0", "--end-with-input"]
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
        )
        self.complaints = ""
        self._opener = build_opener(ProxyHandler({}))
        assert self._process.stdout is not None
        first_line = self._process.stdout.readline()
        if not first_line.startswith("Sandbox listening on "):
            self.stop()
            raise RuntimeError(f"The sandbox did not start; it said {first_line!r}.")
        self.base_url = first_line.rpartition(" ")[2].strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """The address it listens on, without the port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.base_url).port or 0

    def stop(self) -> str:
        """End the process and return what it printed after its first line. Safe to call twice."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._process.stdout.closed:
            return ""
        self._process.terminate()
        printed = self._process.stdout.read()
        self._process.stdout.close()
        self._process.stdin.close()
        if self._process.stderr is not None:
            self.complaints = self._process.stderr.read()
            self._process.stderr.close()
        self._process.wait(timeout=10)
        return printed

    @property
    def exit_code(self) -> int | None:
        """The process's exit code, None while it runs."""
        return self._process.poll()

    def reset(self) -> None:
        """Start a fresh world: seeded cards, no faults, no records, no clock offset."""
        self._order("POST", "reset")

    def queue_fault(self, operation: str, fault: Fault | Sequence[Fault], times: int = 1) -> None:
        """Let the next `times` calls of an operation meet a fault, or several faults that act together."""
        self._order("POST", "faults", {"operation": operation, "fault": fault, "times": times})

    def clear_faults(self) -> None:
        """Forget the faults that are still queued."""
        self._order("DELETE", "faults")

    def requests(self, operation: str | None = None) -> list[SandboxRequest]:
        """Return the API requests since the last reset, oldest first; all of them, or one operation's."""
        records: list[dict[str, Any]] = self._order("GET", "requests")["requests"]
        requests = [
            SandboxRequest(**{**record, "query": tuple((name, value) for name, value in record["query"])})
            for record in records
        ]
        return [request for request in requests if operation in (None, request.operation)]

    def clear_requests(self) -> None:
        """Forget the recorded requests and keep everything else."""
        self._order("DELETE", "requests")

    def set_reply(
        self, card_number: str, reply: Mapping[str, object] | str, *, code: str | None = None
    ) -> None:
        """Let accountInformation answer for a card with this object, or with this text as it stands.

        A number that no card has becomes a card; it needs a `code` before the card style opens it.
        """
        order: dict[str, object] = {"number": card_number}
        order["reply_text" if isinstance(reply, str) else "reply"] = reply
        if code is not None:
            order["code"] = code
        self._order("POST", "cards", order)

    def override_fields(self, card_number: str, **fields: object) -> None:
        """Set top-level members of a card's reply and keep the others."""
        self._order("POST", "cards", {"number": card_number, "fields": fields})

    def set_clock_offset(self, seconds: float) -> None:
        """Move the sandbox's time away from the machine's."""
        self._order("POST", "clock", {"offset_seconds": seconds})

    def _order(self, method: str, action: str, order: Mapping[str, object] | None = None) -> dict[str, Any]:
        data = None if order is None else json.dumps(order).encode()
        request = Request(f"http://{self.host}:{self.port}/_control/{action}", data=data, method=method)
        try:
            with self._opener.open(request, timeout=10) as response:
                answer: dict[str, Any] = json.load(response)
        except HTTPError as error:
            with error:
                raise SandboxRefused(f"{method} {action}: {error.read().decode()}") from None
        return answer
