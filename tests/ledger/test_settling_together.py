"""Two processes that settle at once, on whatever database is set: each row is read and written by one of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connections

from accounts.credentials import SignedInGuest
from gifting.ledger import wishes
from gifting.ledger.unattended import Settled
from gifting.ledger.wish import Contents, WishState
from gifting.sending import api, settle
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import OLD_RELEASE, REPLACEMENT, RICH, SECOND, SEED, SHORT, UNREGISTERED
from tests.support import killed_settler
from tests.support.builders import wallet
from tests.support.processes import run_at_once
from tests.support.sandbox import TRANSFER_HISTORY, SandboxProcess
from tests.support.sending_steps import FREE_COFFEE, MIRA, grow_older, sender_with, steps_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
CARDS = (RICH, SEED, SHORT, SECOND, REPLACEMENT, OLD_RELEASE, UNREGISTERED)
CLAIMED = (WishState.SENDING, "claimed")
ENDED = (WishState.UNKNOWN, "process_ended")
FOUND = (WishState.SENT, "found_in_history")


@pytest.fixture
def guest(
    merchant: Merchant, transactional_db: None, sandbox: SandboxProcess, other_processes: None
) -> Iterator[SignedInGuest]:
    yield sender_with(merchant).guest
    connections.close_all()


def roomy(merchant: Merchant) -> Merchant:
    """The same guest sends from every card here."""
    return replace(merchant, limits=replace(merchant.limits, gifts_per_day=50))


def abandoned(merchant: Merchant, guest: SignedInGuest, card_number: str, reference: str) -> UUID:
    """A wish of this card whose process died after its claim, a while ago."""
    contents = Contents(card_number, FREE_COFFEE, "Free Coffee", "", "1", MIRA, "", reference, baseline=0)
    wish_id, holder = uuid4(), replace(guest, card_number=card_number)
    wishes.prepare(merchant=merchant, guest=holder, contents=contents, wish_id=wish_id, replaced=None)
    wishes.claim(merchant=merchant, guest=holder, wish_id=wish_id, another=True)
    return wish_id


def settle_twice_at_once() -> list[int]:
    """How many rows each of two processes looked at."""
    looked_at = []
    for printed, complaints in run_at_once(killed_settler.main, "never", processes=2):
        assert "Traceback" not in complaints
        found = re.search(r"gifts: looked at (\d+), settled \d+, could not read 0", printed)
        assert found, printed + complaints
        looked_at.append(int(found[1]))
    return looked_at


def test_reads_and_writes_each_row_once(
    merchant: Merchant, guest: SignedInGuest, sandbox: SandboxProcess
) -> None:
    wishes = []
    for place, card in enumerate(CARDS):
        reference = f"TW0TW0T{place}"
        wishes.append(abandoned(roomy(merchant), guest, card.number, reference))
        if place % 2:
            coffee = wallet(balance="1", giftable=True, name="Free Coffee", walletCode=FREE_COFFEE)
            sandbox.override_fields(card.number, rewardBalances=[coffee])
            sandbox.send_elsewhere(
                from_card=card.number,
                wallet_code=FREE_COFFEE,
                to_external=(MIRA.address, MIRA.name),
                message=f"Ref {reference}",
            )
    grow_older(20)
    sandbox.clear_requests()
    sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "delay_before", "seconds": 0.15}, times=4 * len(CARDS))

    looked_at = settle_twice_at_once()

    assert sum(looked_at) == len(CARDS)
    assert all(looked_at), "they took turns instead of working at once"
    assert len(sandbox.requests(TRANSFER_HISTORY)) == len(CARDS)
    for place, wish_id in enumerate(wishes):
        assert steps_of(wish_id) == [CLAIMED, ENDED, FOUND][: 3 if place % 2 else 2]


def test_finds_the_second_clean_reading_only_after_a_pause(
    merchant: Merchant, guest: SignedInGuest, sandbox: SandboxProcess
) -> None:
    """Two who read at the same moment are no two readings."""
    wishes = [
        abandoned(roomy(merchant), guest, card.number, f"TW0TW0T{place}") for place, card in enumerate(CARDS)
    ]
    grow_older(80)
    settle_twice_at_once()
    assert {steps_of(wish_id)[-1] for wish_id in wishes} == {ENDED}
    assert settle_twice_at_once() == [0, 0]
    grow_older(16)
    settle_twice_at_once()
    assert {steps_of(wish_id)[-1] for wish_id in wishes} == {(WishState.NOT_SENT, "not_in_history")}


def test_leaves_alone_what_another_is_just_reading(
    merchant: Merchant, guest: SignedInGuest, sandbox: SandboxProcess
) -> None:
    wish_id = abandoned(merchant, guest, RICH.number, "TW0TW0T0")
    grow_older(20)
    read, late_comers = api.read_sent, []

    def read_while_another_comes(**inputs: Any) -> Any:
        late_comers.append(settle.settle_unattended(merchant=merchant))
        return read(**inputs)

    with patch.object(settle, "read_sent", read_while_another_comes):
        assert settle.settle_unattended(merchant=merchant) == Settled(looked_at=1)
    assert late_comers == [Settled()]
    assert steps_of(wish_id) == [CLAIMED, ENDED]
