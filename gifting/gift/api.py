"""The calls that read gifts, each result as domain objects; and how two are read at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import connections
from django.utils import timezone

from gifting.gift.domain import Direction, Gift, PendingGift
from gifting.gift.reading import read_gift, read_pending
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import client_for
from guestportal.paytronix.services.gift_transfer import GiftTransferService

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class PendingList:
    """What waits for a card. `asked_at` is from before the call, by the caller's clock: it is surely not newer.

    With `has_unread` the list holds more that could not be read.
    """

    gifts: tuple[PendingGift, ...]
    asked_at: datetime
    has_unread: bool = False

    def by_transaction(self, transaction_id: str) -> PendingGift | None:
        """The gift of this outbound transaction; None when it is not in the list."""
        return next((each for each in self.gifts if each.gift.transaction_id == transaction_id), None)


@dataclass(frozen=True, slots=True)
class Activity:
    """What a card has sent, and what came to it and waits no longer.

    `is_whole` is False when it holds something that could not be read (`has_unread`): then nothing follows from what
    is not in it. `asked_at` is from before the call.
    """

    gifts: tuple[Gift, ...]
    asked_at: datetime
    is_whole: bool = True
    has_unread: bool = False

    def received(self, transaction_id: str) -> Gift | None:
        """The gift of this outbound transaction; None unless it came to this card."""
        return next(
            (
                gift
                for gift in self.gifts
                if gift.transaction_id == transaction_id and gift.direction is Direction.IN
            ),
            None,
        )


def read_pending_list(*, merchant: Merchant, card_number: str, asked_at: datetime) -> PendingList:
    """The gifts that wait for a card, in one call, which begins at `asked_at`. Raises PaytronixErrors.

    Source: docs/paytronix-api.md, section 7, Fetch Pending Transfers To Account.
    """
    reply = service_for(merchant).pending_transfers(printed_card_number=card_number)
    gifts = read_pending(reply.readable, merchant=merchant, card_number=card_number, now=asked_at)
    return PendingList(gifts, asked_at, reply.has_unread)


def read_activity(*, merchant: Merchant, card_number: str, asked_at: datetime) -> Activity:
    """The history of a card, in one call, which begins at `asked_at`. Raises PaytronixErrors.

    Source: docs/paytronix-api.md, section 7, Fetch Transfer History For Account.
    """
    reply = service_for(merchant).history(printed_card_number=card_number)
    gifts = [
        read_gift(each, merchant=merchant, card_number=card_number, now=asked_at) for each in reply.readable
    ]
    return Activity(tuple(gifts), asked_at, reply.is_whole, reply.has_unread)


def read_by_code(*, merchant: Merchant, card_number: str, code: str) -> Gift:
    """The gift behind a code, in one call (docs/paytronix-api.md, section 7: pendingTransfer).

    Raises Refused when nothing waits under the code, and the other PaytronixErrors.
    """
    reply = service_for(merchant).pending_transfer(code=code)
    return read_gift(reply, merchant=merchant, card_number=card_number, now=timezone.now(), inbound=True)


def at_once(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Both results, read at the same time; `first` runs in a thread of its own. Raises what either raises."""
    context = copy_context()  # language, time zone and deadlines go with the request

    def in_thread() -> A:
        try:
            return context.run(first)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="gifting") as pool:
        waiting = pool.submit(in_thread)
        there = second()
        return waiting.result(), there


def service_for(merchant: Merchant) -> GiftTransferService:
    """The merchant's Gift Transfer service."""
    return GiftTransferService(client_for(merchant.integration))
