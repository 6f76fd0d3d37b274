"""Places for calls: how many of a process, of a merchant and of a guest wait for Paytronix at once.

Without them one hung merchant would take every thread, or one guest with forty tabs every place.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from guestportal.paytronix.standing import Standing

MOST_WAITING = 8
PATIENCE_SECONDS = 0.5
PLACES_OF_A_GUEST = 4
WAITING_OF_A_GUEST = 4


_Key: TypeAlias = tuple[str, str | bool]


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom a call is. `guest` is a number, name or code, empty where the call has none: it stays in memory.

    `signs_in` are calls that a guest needs to come in, for which some places are kept.
    """

    merchant: str
    guest: str = field(default="", repr=False)
    signs_in: bool = False


class Places:
    """`size` calls at once, `per_merchant` of one merchant; up to `waiting` more wait a moment for a place.

    A quarter of a merchant's places, and a fifth of all, are kept for signing in. The last fifth goes to merchants
    that hold fewer places than are free, so that two hung ones leave something to a third.
    """

    def __init__(
        self,
        size: int,
        *,
        per_merchant: int,
        waiting: int = MOST_WAITING,
        patience_seconds: float = PATIENCE_SECONDS,
        standing: Standing | None = None,
    ) -> None:
        self.per_merchant = per_merchant
        self._size = size
        self._kept = size // 5  # for signing in
        self._most_waiting = waiting
        self._patience_seconds = patience_seconds
        self._standing = standing or Standing(size + waiting)
        self._changed = threading.Condition()
        self._of_merchants: Counter[_Key] = Counter()  # by merchant and whether they sign in
        self._of_guests: Counter[_Key] = Counter()
        self._waiting = 0
        self._waiting_of_guests: Counter[_Key] = Counter()

    @contextmanager
    def place(self, caller: Caller) -> Iterator[bool]:
        """Yields whether there was a place, and gives it back afterwards."""
        taken = self._standing.enter() and (self._take(caller) or self._left())
        try:
            yield taken
        finally:
            if taken:
                self._give_back(caller)
                self._standing.leave()

    @property
    def waiting(self) -> int:
        """How many calls wait for a place just now."""
        return self._waiting

    def _left(self) -> bool:
        self._standing.leave()
        return False

    def _take(self, caller: Caller) -> bool:
        with self._changed:
            if not (self._fits(caller) or self._waits(caller)):
                return False
            self._of_merchants[caller.merchant, caller.signs_in] += 1
            if caller.guest:
                self._of_guests[caller.merchant, caller.guest] += 1
            return True

    def _give_back(self, caller: Caller) -> None:
        with self._changed:
            _subtract(self._of_merchants, (caller.merchant, caller.signs_in))
            if caller.guest:
                _subtract(self._of_guests, (caller.merchant, caller.guest))
            self._changed.notify_all()

    def _fits(self, caller: Caller) -> bool:
        by_merchant = {signs_in: self._of_merchants[caller.merchant, signs_in] for signs_in in (True, False)}
        held, most = sum(by_merchant.values()), self.per_merchant
        free = self._size - sum(self._of_merchants.values())
        if not caller.signs_in:
            coming_in = sum(count for (_merchant, signs_in), count in self._of_merchants.items() if signs_in)
            free -= max(0, self._kept - coming_in)
            most -= max(0, self.per_merchant // 4 - by_merchant[True])
        is_scarce = free <= self._size // 5
        return (
            free > 0
            and held < most
            and not (is_scarce and held >= free)
            and self._of_guests[caller.merchant, caller.guest] < PLACES_OF_A_GUEST
        )

    def _waits(self, caller: Caller) -> bool:
        """Whether a place came free in time. No call waits behind `waiting` others, nor behind four of one guest."""
        guest = (caller.merchant, caller.guest)
        of_guest = self._waiting_of_guests[guest] if caller.guest else 0
        if self._waiting >= self._most_waiting or of_guest >= WAITING_OF_A_GUEST:
            return False
        self._waiting += 1
        self._waiting_of_guests[guest] += 1
        try:
            return self._changed.wait_for(lambda: self._fits(caller), self._patience_seconds)
        finally:
            self._waiting -= 1
            _subtract(self._waiting_of_guests, guest)


def places_for(standing: Standing, *, per_merchant: int) -> Places:
    """The places of a process in which so many threads may stand still: those who wait are among them."""
    waiting = min(MOST_WAITING, standing.most // 3)
    return Places(standing.most - waiting, per_merchant=per_merchant, waiting=waiting, standing=standing)


def _subtract(counter: Counter[_Key], key: _Key) -> None:
    """One less; what reaches nothing is forgotten, so that no number stays in memory."""
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
