"""A process of its own whose tries end as `failed`, with answers between, beside others that do the same."""

import sys

from guestportal.throttling import tries
from tests.support.builders import demo_merchant
from tests.support.processes import wait_to_be_told

ROUNDS = 5
CARDS = [f"{6_099_000_000_000_000 + number}" for number in range(4)]


def main(name: str) -> None:
    """Tries of the same cards as the others', an answer after each round; prints how many were let through."""
    merchant = demo_merchant()
    wait_to_be_told()
    let_through = 0
    for number in range(ROUNDS):
        for card in CARDS:
            attempt = tries.begin_card(
                merchant=merchant, address=f"{name} {number}", card_number=card, proven=True
            )
            let_through += not attempt.is_limited
            attempt.forget() if attempt.is_limited else attempt.doubt()
        tries.begin_card(
            merchant=merchant, address=f"{name} {number}", card_number=f"{name}", proven=True
        ).succeed()
    sys.stdout.write(f"{let_through}\n")
