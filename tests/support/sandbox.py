"""Starts the Paytronix sandbox as a process of its own and speaks to its control address.

Holds no knowledge of replies: what a card says is the sandbox's or the test's business.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[2]
ACCOUNT_INFORMATION = "guest/accountInformation"
USER_INFORMATION = "guest/userInformation"
REQUEST_GUEST_TOKEN = "oauth/requestGuestToken"
GIFTING_CONFIG = "gifttransfer/giftingConfig"
PENDING_TRANSFER = "gifttransfer/pendingTransfer"
PENDING_TRANSFERS = "gifttransfer/pendingTransfersToAccount"
TRANSFER_HISTORY = "gifttransfer/transferHistoryForAccount"
TRANSFER_OUT = "gifttransfer/transferOut"
ACCEPT_TRANSFER_IN = "gifttransfer/acceptTransferIn"
REJECT_TRANSFER_IN = "gifttransfer/rejectTransferIn"

Fault: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxRequest:
    """One API request as the sandbox received it; the fields are those of the sandbox's own record.

    `worked` says whether the endpoint did its work, `result` and `error_code` what its own reply said even if the
    client never read it (a late call's come later). `outcome` is the reply's `result`, "HTTP <status>",
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
    result: str | None
    error_code: str | None
    outcome: str
    status: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxToken:
    """One pair of tokens that the sandbox handed out.

    `ends_at` is ISO 8601, None for the seed's token; `lives` says whether the access token opens anything now;
    `spent` that the refresh token was used or taken back, `expired` that an order ended the access token.
    """

    username: str
    access_token: str
    refresh_token: str
    scope: str
    ends_at: str | None
    expired: bool
    spent: bool
    lives: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxTransfer:
    """One transfer as it truly is. Moments are ISO 8601 with an offset, `expires_on` is the last day.

    `origin` is seed, api (transferOut), elsewhere (`send_elsewhere`, `send_twin`) or added (`add_gift`).
    `to_card` is the account that answered or can answer, None for an address nobody has linked.
    """

    transaction_id: int
    transfer_in_id: int | None
    void_id: int | None
    code: str
    shows_code: bool
    origin: str
    status: str
    from_account: int
    from_card: str
    to_account: int | None
    to_identifier: str | None
    to_name: str | None
    to_card: str | None
    source_wallet: int
    source_amount: Decimal
    destination_wallet: int
    destination_amount: Decimal
    message: str | None
    response_message: str | None
    made_at: str
    answered_at: str | None
    answered_by: int | None
    expires_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxWallet:
    """One wallet of an account as accountInformation shows it now."""

    code: int
    name: str
    balance: Decimal
    giftable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLateCall:
    """A call whose work is still to be done; `due_at` is None when it waits for `run_late`."""

    number: int
    operation: str
    due_at: str | None


class SandboxRefused(RuntimeError):
    """The control address did not take an order; the text is its sentence."""


class SandboxProcess:
    """A running sandbox. Use it as a context manager; `reset` between tests costs about a millisecond."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "guestportal.sandbox", "--port", "0", "--end-with-input"]
        self._process = subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._control: HTTPConnection | None = None
        self._one_order = Lock()
        assert self._process.stdout is not None
        first_line = self._process.stdout.readline()
        if not first_line.startswith("Sandbox listening on "):
            self.stop()
            raise RuntimeError(f"The sandbox did not start; it said {first_line!r}.")
        self.base_url = first_line.rpartition(" ")[2].strip()
        # Kept open, and as plain as can be: there are tens of thousands of orders.
        self._control = HTTPConnection(self.host, self.port, timeout=10)

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
        if self._control:
            self._control.close()
        self._process.terminate()
        printed = self._process.stdout.read()
        self._process.stdout.close()
        self._process.stdin.close()
        self._process.wait(timeout=10)
        return printed

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
        action = "requests" if operation is None else f"requests/{operation}"
        records: list[dict[str, Any]] = self._order("GET", action)["requests"]
        return [
            SandboxRequest(**{**record, "query": tuple((name, value) for name, value in record["query"])})
            for record in records
        ]

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

    def tokens(self, username: str | None = None) -> list[SandboxToken]:
        """Return the tokens handed out, oldest first; all of them (the seed's own is first), or one guest's."""
        tokens = [SandboxToken(**token) for token in self._order("GET", "tokens")["tokens"]]
        return [token for token in tokens if username in (None, token.username)]

    def newest_tokens(self, username: str) -> SandboxToken:
        """Return the tokens that a guest got last; IndexError when there are none."""
        return self.tokens(username)[-1]

    def expire_tokens(self, username: str = "all") -> int:
        """End the access tokens of one guest or of all; return how many ended. Refresh tokens stay."""
        ended: int = self._order("POST", "tokens", {"expire": username})["expired"]
        return ended

    def revoke_refresh_tokens(self, username: str = "all") -> int:
        """Take back the refresh tokens of one guest or of all; return how many. Access tokens stay."""
        taken: int = self._order("POST", "tokens", {"revoke": username})["revoked"]
        return taken

    def refuse_passwords_with(self, form: Literal["http_401", "http_403", "failure"]) -> None:
        """Choose how a wrong user name or password, and a spent refresh token, is refused until the reset.

        Before this order requestGuestToken answers HTTP 401 and the guest style a failure.
        """
        self._order("POST", "tokens", {"refusal": form})

    def transfers(self, *, origin: str | None = None) -> list[SandboxTransfer]:
        """Return every transfer as it truly is, oldest transaction number first; all, or those of one origin."""
        transfers = _transfers(self._order("GET", "transfers"))
        return [transfer for transfer in transfers if origin in (None, transfer.origin)]

    def wallets(self, card_number: str) -> dict[int, SandboxWallet]:
        """Return the wallets of a card's account by their code."""
        wallets = self._order("GET", f"wallets/{card_number}")["wallets"]
        return {
            wallet["code"]: SandboxWallet(**{**wallet, "balance": Decimal(wallet["balance"])})
            for wallet in wallets
        }

    def send_elsewhere(
        self,
        *,
        from_card: str,
        wallet_code: int,
        to_account: int | None = None,
        to_external: tuple[str, str] | None = None,
        message: str | None = None,
    ) -> SandboxTransfer:
        """Send a gift outside the API, by the same rules; `to_external` is identifier and name.

        Raises SandboxRefused with the gift service's code in its text.
        """
        wish = _wish(
            from_card=from_card, wallet_code=wallet_code, to_account=to_account, to_external=to_external
        )
        order = {"send": {**wish, "message": message}}
        return _transfers(self._order("POST", "transfers", order))[0]

    def send_twin(self, transaction_id: int, *, message: str | None = None) -> SandboxTransfer:
        """Send the same gift once more outside the API, with its message or another one."""
        order: dict[str, object] = {"twin_of": transaction_id}
        if message is not None:
            order["message"] = message
        return _transfers(self._order("POST", "transfers", order))[0]

    def add_gift(
        self,
        *,
        from_card: str,
        wallet_code: int,
        to_account: int | None = None,
        to_external: tuple[str, str] | None = None,
        count: int = 1,
        **more: object,
    ) -> list[SandboxTransfer]:
        """Put transfers in as they are; no wallet moves.

        `more` takes message ("{n}" counts), amount, status, answer, days_ago, days_left, code, shows_code,
        members (put over TransferInfo) and left_out (names taken from it).
        """
        wish = _wish(
            from_card=from_card, wallet_code=wallet_code, to_account=to_account, to_external=to_external
        )
        return _transfers(self._order("POST", "transfers", {"add": {**wish, **more}, "count": count}))

    def return_gift(self, transaction_id: int) -> SandboxTransfer:
        """Let the merchant give a waiting gift back: RETURNED."""
        return _transfers(self._order("POST", "transfers", {"return": transaction_id}))[0]

    def clear_transfers(self) -> None:
        """Forget every transfer, for pages that have nothing to show; wallets stay."""
        self._order("DELETE", "transfers")

    def show_codes(self, shown: bool) -> None:
        """Choose whether TransferInfo has `code` until the reset."""
        self._order("POST", "gifting", {"codes": shown})

    def make_history_stale(self, *, calls: int = 1, lag_seconds: float | None = None) -> None:
        """Let the next history reads show the state of now, or that of `lag_seconds` before each read."""
        order: dict[str, object] = {"stale_calls": calls}
        if lag_seconds is not None:
            order["lag_seconds"] = lag_seconds
        self._order("POST", "history", order)

    def late_calls(self) -> list[SandboxLateCall]:
        """Return the calls met by the fault `late` whose work is still to be done."""
        return [SandboxLateCall(**late) for late in self._order("GET", "late")["late"]]

    def run_late(self, which: Literal["all", "next"] = "all") -> int:
        """Do the work of late calls now; return how many there were."""
        ran: int = self._order("POST", "late", {"run": which})["ran"]
        return ran

    def set_clock_offset(self, seconds: float) -> None:
        """Move the sandbox's time away from the machine's."""
        self._order("POST", "clock", {"offset_seconds": seconds})

    def _order(self, method: str, action: str, order: Mapping[str, object] | None = None) -> dict[str, Any]:
        assert self._control, "the sandbox has not started"
        body = None if order is None else json.dumps(order)
        with self._one_order:
            try:
                self._control.request(method, f"/_control/{action}", body=body)
                response = self._control.getresponse()
                text = response.read()
            except BaseException:
                self._control.close()  # what is left of this answer must not be taken for the next one
                raise
        if response.status != 200:
            raise SandboxRefused(f"{method} {action}: {text.decode()}")
        answer: dict[str, Any] = json.loads(text)
        return answer


def _transfers(answer: dict[str, Any]) -> list[SandboxTransfer]:
    return [
        SandboxTransfer(
            **{
                **transfer,
                "source_amount": Decimal(transfer["source_amount"]),
                "destination_amount": Decimal(transfer["destination_amount"]),
            }
        )
        for transfer in answer["transfers"]
    ]


def _wish(
    *, from_card: str, wallet_code: int, to_account: int | None, to_external: tuple[str, str] | None
) -> dict[str, object]:
    wish: dict[str, object] = {"from": from_card, "wallet_code": wallet_code}
    if to_account is not None:
        wish["to_account"] = to_account
    if to_external is not None:
        wish["to_identifier"], wish["to_name"] = to_external
    return wish
