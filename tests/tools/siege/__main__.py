"""`make siege`: attacks on a running portal, over sockets of the loopback, while good guests sign in.

It prints what got through to Paytronix and what the guests noticed; each bound decides the exit code.
Time is not faked: what a day would admit follows from the counters, which hold for the day (tests/portal/throttling).
"""

import argparse
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Self

from guestportal.sandbox.cards import RICH, SECOND, SEED, SHORT
from guestportal.sandbox.guests import GUESTS
from tests.support.sandbox import ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN
from tests.tools.siege.portal import Portal
from tests.tools.siege.visitors import Answer, Visitor

AT_ONCE = 16
GOOD_GUESTS_AT_ONCE = 2
GUEST_PAUSE_SECONDS = 0.5
CODES = 10**6
CARDS_OF_GUESTS = (SEED, RICH, SECOND, SHORT)
ROOMY = "site=200"  # where one counter is looked at alone, attack mode must not come before it

Press = Callable[[Visitor, int], Answer]


class GoodGuests:
    """Guests who come in by card, each from an address of their own, until the block ends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ended = threading.Event()
        self._numbers = count()
        self.served: list[bool] = []
        self.seconds: list[float] = []

    def __enter__(self) -> Self:
        self._threads = [threading.Thread(target=self._come) for _ in range(GOOD_GUESTS_AT_ONCE)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _come(self) -> None:
        while not self._ended.is_set():
            number = next(self._numbers)
            card = CARDS_OF_GUESTS[number % len(CARDS_OF_GUESTS)]
            guest = Visitor(self._port, f"192.0.2.{number % 250}", solves=True)
            came_in = guest.enter(card.number, card.code) is Answer.IN
            self.seconds.append(guest.seconds)
            self.served.append(came_in and guest.open("/balance/") == 200)
            guest.close()
            self._ended.wait(GUEST_PAUSE_SECONDS)

    def say(self) -> float:
        """Print how they fared and return how many percent were served."""
        percent = 100 * sum(self.served) / len(self.served)
        p95 = statistics.quantiles(self.seconds, n=20)[-1]
        print(f"  good guests served       {percent:.1f} % of {len(self.served)}")
        print(f"  p95 of their sign-in     {p95:.2f} s")
        return percent


def attack(
    portal: Portal, addresses: Sequence[str], press: Press, tries: int, *, solves: bool
) -> Counter[Answer]:
    """So many presses, spread over the addresses, by several hands."""

    def hand(start: int) -> Counter[Answer]:
        answers: Counter[Answer] = Counter()
        visitor = Visitor(portal.port, "", solves=solves)
        for number in range(start, tries, AT_ONCE):
            visitor.address = addresses[number % len(addresses)]
            answers[press(visitor, number)] += 1
        visitor.close()
        return answers

    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = sum(pool.map(hand, range(AT_ONCE)), Counter[Answer]())
    print(f"  {tries} tries in {time.monotonic() - started:.0f} s: " + said(answers))
    return answers


def said(answers: Counter[Answer]) -> str:
    return ", ".join(f"{answer.value} {number}" for answer, number in answers.most_common())


def addresses(number: int) -> list[str]:
    return [f"10.{each >> 16 & 255}.{each >> 8 & 255}.{each & 255}" for each in range(number)]


def made_up(number: int) -> str:
    """A card of the right shape that no card is."""
    return f"{6_099_000_000_000_000 + number}"


def wrong_code(cards: int) -> Press:
    return lambda visitor, number: visitor.enter(made_up(number % cards), f"{number * 7919 % CODES:06d}")


def upstream(portal: Portal) -> list[str]:
    """The attacked card of each call that reached Paytronix."""
    calls = portal.sandbox.requests(ACCOUNT_INFORMATION)
    numbers = [dict(call.query).get("printedCardNumber", "") or call.body for call in calls]
    return [number for number in numbers if "6099" in number]


def many_of_both(tries: int, *, solves: bool) -> bool:
    """Tries from half as many addresses over a fifth as many cards, and guests beside them."""
    cards, sources = tries // 5, addresses(tries // 2)
    solved = "every proof solved" if solves else "no proofs"
    print(f"{tries} tries, {len(sources)} addresses, {cards} cards, {solved}")
    with Portal() as portal:
        with GoodGuests(portal.port) as guests:
            attack(portal, sources, wrong_code(cards), tries, solves=solves)
        percent = guests.say()
        calls = upstream(portal)
        per_card = max(Counter(calls).values(), default=0)
        print(f"  calls admitted           {len(calls)}")
        print(f"  most for one card        {per_card} (a day's limit is 10)")
        print(f"  expected cracks          {len(calls) / CODES:.6f} (codes of six digits)")
        print(day_of(portal.manage("attack_report")))
    return percent >= 99 and per_card <= 10 and len(calls) / CODES <= 0.01


def day_of(report: str) -> str:
    """What the report says about the whole day."""
    lines = report.splitlines()
    return "\n".join(["  attack_report:", lines[1], *(line for line in lines if line.startswith("the day"))])


def one_card(tries: int = 500) -> bool:
    print(f"One card from {tries} addresses")
    with Portal(limits=ROOMY) as portal:
        attack(portal, addresses(tries), wrong_code(1), tries, solves=True)
        calls = len(upstream(portal))
        print(f"  calls admitted           {calls} (a quarter of an hour's limit is 5)")
    return calls == 5


def one_address() -> bool:
    print("One address over 500 cards")
    with Portal(limits=ROOMY) as portal:
        attack(portal, addresses(1), wrong_code(500), 500, solves=True)
        calls = len(upstream(portal))
        print(f"  calls before 429         {calls} (5 without a proof, 10 with)")
    return calls == 10


def spray() -> bool:
    """One password for many names, from few addresses; then many passwords for one name from many."""
    print("One password over 500 names from 5 addresses, then one name from 500 addresses")
    with Portal(limits=ROOMY) as portal:
        attack(
            portal,
            addresses(5),
            lambda visitor, number: visitor.sign_in(f"guest{number}", "Summer2026!"),
            500,
            solves=True,
        )
        names = len(portal.sandbox.requests(REQUEST_GUEST_TOKEN))
        print(f"  calls admitted           {names} (at most 20 each address in 10 minutes)")
        portal.sandbox.clear_requests()
        victim = GUESTS[0]
        attack(
            portal,
            [f"172.{each}" for each in (address.removeprefix("10.") for address in addresses(500))],
            lambda visitor, number: visitor.sign_in(victim.username, f"wrong {number}"),
            500,
            solves=True,
        )
        passwords = len(portal.sandbox.requests(REQUEST_GUEST_TOKEN))
        print(f"  calls for the one name   {passwords} (5 without a proof, 10 with)")
    return names <= 100 and passwords <= 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--proven-tries", type=int, default=1_000)
    options = parser.parse_args()
    kept = [
        many_of_both(options.tries, solves=False),
        many_of_both(options.proven_tries, solves=True),
        one_card(),
        one_address(),
        spray(),
    ]
    print("every bound kept" if all(kept) else f"bounds kept: {kept}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
