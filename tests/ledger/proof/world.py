"""Where histories happen: three guests, a sandbox that shares the portal's clock, and what Paytronix truly did.

Decides nothing about right and wrong; that is the machine's business.
"""

import dataclasses
import json
import socket
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

import time_machine
from django.utils import timezone

from accounts import credentials
from accounts.credentials import SignedInGuest
from accounts.domain import Account
from accounts.identities import CardIdentity
from accounts.models import Credential
from accounts.unthrottled import open_card
from gifting.ledger.wish import Contents, Recipient
from gifting.models import Transition, Wish
from gifting.sending.api import read_sent
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from guestportal.sandbox.cards import REPLACEMENT, RICH, SEED, Card
from guestportal.storage import clock
from tests.support.builders import wallet
from tests.support.sandbox import TRANSFER_HISTORY, TRANSFER_OUT, SandboxProcess, SandboxRequest

START: Final = datetime(2031, 5, 6, 12, tzinfo=UTC)
TICK_SECONDS: Final = 11  # five of them end before the settling time does
LONGEST_LAG_SECONDS: Final = 10  # by which a copy of the history may be behind
CARDS: Final = (RICH, SEED, REPLACEMENT)
COFFEE, FIVE_OFF = 21, 23
HELD: Final = {COFFEE: 3, FIVE_OFF: 40}  # few coffees, so that Paytronix has a reason of its own to refuse
PEOPLE: Final = (
    Recipient(address="mira@example.net", name="Mira"),
    Recipient(address="jo@example.net", name="Jo"),
    Recipient(account_code=900003),
)
MESSAGES: Final = ("", "Have one on me", "Have one on me, and one for the road")

FAILURE: Final = json.dumps(
    {"result": "failure", "errorCode": "gifttransfer.transfer_failed", "errorMessage": "Something went wrong"}
)
FAILED: Final = json.dumps(
    {"result": "failed", "errorCode": "system.error", "errorMessage": "java.util.concurrent.TimeoutException"}
)
ODD_SUCCESS: Final = json.dumps({"result": "success", "transferInfo": {}})
UNREACHABLE: Final = "unreachable"

# What transferOut may meet; None is an honest call.
OUTCOMES: Final[Mapping[str, Mapping[str, object] | None]] = {
    "ok": None,
    "lost reply": {"kind": "drop_after"},
    "lost reply, reset": {"kind": "drop_after", "reset": True},
    "lost request": {"kind": "drop_before"},
    "refused": {"kind": "replace", "body": FAILURE, "work": False},
    "refused and done": {"kind": "replace", "body": FAILURE},
    "refused, done 1 tick later": {"kind": "late", "seconds": TICK_SECONDS, "body": FAILURE},
    "failure, HTTP 400": {"kind": "status", "status": 400, "body": FAILURE},
    "failure, HTTP 400, and done": {"kind": "status", "status": 400, "body": FAILURE, "work": True},
    "failed": {"kind": "failed"},
    "failed and done": {"kind": "failed", "work": True},
    "failed, done 1 tick later": {"kind": "late", "seconds": TICK_SECONDS, "body": FAILED},
    "failed, HTTP 400, and done": {"kind": "failed", "status": 400, "work": True},
    "system error": {"kind": "failed", "result": "failure", "code": "gifttransfer.system_error"},
    "system error and done": {
        "kind": "failed",
        "result": "failure",
        "code": "gifttransfer.system_error",
        "work": True,
    },
    "HTTP 401": {"kind": "status", "status": 401},
    "HTTP 500": {"kind": "status", "status": 500},
    "HTTP 500 and done": {"kind": "status", "status": 500, "work": True},
    "HTTP 521": {"kind": "status", "status": 521},
    "HTTP 521 and done": {"kind": "status", "status": 521, "work": True},
    "broken json": {"kind": "broken_json"},
    "odd success": {"kind": "replace", "body": ODD_SUCCESS},
    "odd success, not done": {"kind": "replace", "body": ODD_SUCCESS, "work": False},
    "late by 1 tick": {"kind": "late", "seconds": TICK_SECONDS},
    "late by 3 ticks, HTTP 502": {"kind": "late", "seconds": 3 * TICK_SECONDS, "status": 502},
    "late by 5 ticks": {"kind": "late", "seconds": 5 * TICK_SECONDS},
    UNREACHABLE: None,
}

# What reading the history may meet, and how many calls it takes to spoil one reading.
UNREADABLE: Final[Mapping[str, tuple[Mapping[str, object], int]]] = {
    "HTTP 500": ({"kind": "status", "status": 500}, 1),
    "HTTP 521": ({"kind": "status", "status": 521}, 1),
    "dropped": ({"kind": "drop_before"}, 2),
    "broken json": ({"kind": "broken_json"}, 1),
    "no list": ({"kind": "replace", "body": '{"result": "success"}'}, 1),
}


class Crash(BaseException):
    """The process ends here, as far as a process can end without ending the test."""


@dataclass(slots=True)
class Pressed:
    """A wish as it is seen from outside. `posts` are the numbers of the requests that Paytronix got for it."""

    id: UUID
    place: int
    merchant: Merchant
    contents: Contents
    posts: list[int] = field(default_factory=list)
    late_until: datetime | None = None
    misled: bool = False  # stale readings and then a day in the dark: nobody can know better
    steps: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(slots=True)
class Tally:
    """What all histories together have seen, to be printed and to show that nothing was left out."""

    histories: int = 0
    sends: int = 0
    doubles: int = 0
    lost: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    meanwhile: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        ends = ", ".join(f"{state} {count}" for state, count in sorted(self.ends.items()))
        return (
            f"{self.histories} histories, {self.sends} sends, {self.crashes.total()} crashes: "
            f"doubles {self.doubles}, lost {self.lost} (ended {ends})"
        )


class Scene:
    """Three guests of one merchant, whose clock and sandbox the history moves."""

    def __init__(self, sandbox: SandboxProcess, merchant: Merchant) -> None:
        self.sandbox, self.tally = sandbox, Tally()
        limits = dataclasses.replace(merchant.limits, gifts_per_day=50, gift_recipients_per_day=50)
        self.merchant = dataclasses.replace(merchant, limits=limits)
        # Bound and never listening: whoever connects is refused, and nobody else can take the port.
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{self._closed.getsockname()[1]}/rest/26.6"
        self.unreachable = dataclasses.replace(
            self.merchant, integration=dataclasses.replace(merchant.integration, base_url=address)
        )
        self._fill_wallets()
        self.guests = tuple(_came_in(self.merchant, card) for card in CARDS)
        self._sign_ins = list(Credential.objects.all())
        # The history moves this process's time, which is not the database's everywhere.
        self._clock = patch.multiple(clock, now=timezone.now, in_statement=timezone.now)
        self._traveller: Any = None
        self._travel: time_machine.travel | None = None

    def close(self) -> None:
        """Give the port back."""
        self._closed.close()

    def begin(self) -> None:
        """A fresh world on both sides, at the same moment."""
        self._clock.start()
        Credential.objects.bulk_update(self._sign_ins, ["account", "read_at"])
        Transition.objects.all().delete()
        Wish.objects.all().delete()
        forget_clients()
        self.sandbox.reset()
        self.sandbox.clear_transfers()
        self._fill_wallets()
        self._travel = time_machine.travel(START, tick=False)
        self._traveller = self._travel.start()
        self._agree_on_time()
        self.tally.histories += 1

    def end(self) -> None:
        """Let the clock go."""
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
            self._clock.stop()

    def let_pass(self, seconds: float) -> None:
        """Time goes by for the portal and for Paytronix, which does whatever was due."""
        self._traveller.shift(timedelta(seconds=seconds))
        self._agree_on_time()

    def account_of(self, place: int) -> Account:
        """What the guest holds, as read at sign-in: what has gone since then is Paytronix's to refuse."""
        account = self.guests[place].account
        assert account is not None
        return account

    def spoil_history(self, kind: str, readings: int = 1) -> None:
        """Let the next readings of the history fail."""
        fault, calls = UNREADABLE[kind]
        self.sandbox.queue_fault(TRANSFER_HISTORY, fault, times=calls * readings)

    def mend_history(self) -> None:
        """End every fault and every lagging copy."""
        self.sandbox.clear_faults()
        forget_clients()
        self.sandbox.make_history_stale(calls=1)
        read_sent(merchant=self.merchant, card_number=CARDS[0].number)

    def posts(self) -> dict[int, SandboxRequest]:
        """Every transferOut that Paytronix got in this history, by its number."""
        return {request.number: request for request in self.sandbox.requests(TRANSFER_OUT)}

    def shows_a_balance(self, place: int) -> bool:
        """Whether the guest's sign-in still holds what was read before the history began."""
        return Credential.objects.filter(id=self.guests[place].id).exclude(account="").exists()

    def spent(self, place: int, wallet_code: int) -> int:
        """How much has left a wallet since the history began."""
        return HELD[wallet_code] - int(self.sandbox.wallets(CARDS[place].number)[wallet_code].balance)

    def _agree_on_time(self) -> None:
        now = time.time()
        self.sandbox.set_clock_offset(now - time_machine.escape_hatch.time.time())

    def _fill_wallets(self) -> None:
        balances: list[Any] = [
            wallet(balance=str(balance), giftable=True, name=f"Wallet {code}", walletCode=code)
            for code, balance in HELD.items()
        ]
        for card in CARDS:
            self.sandbox.override_fields(card.number, pointBalances=[], rewardBalances=balances)


def _came_in(merchant: Merchant, card: Card) -> SignedInGuest:
    credential_id = open_card(merchant=merchant, identity=CardIdentity(card.number, card.code))
    guest = credentials.use(merchant=merchant, credential_id=credential_id)
    assert guest is not None
    return guest
