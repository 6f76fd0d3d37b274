"""The calls to Paytronix about gifts, and what they say as domain objects; those that send are in `sending.calls`."""

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
from gifting.ledger.answers import Claim
from gifting.receiving.outcomes import KIND_BY_CODE, says_no_gift
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import client_for
from guestportal.paytronix.errors import Refused
from guestportal.paytronix.services.gift_transfer import GiftTransferService

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class PendingList:
    """What waits for a card. `asked_at` is from before the call: it is surely not newer than that.

    With `has_unread` there is something more in the list that nobody could read.
    """

    gifts: tuple[PendingGift, ...]
    asked_at: datetime
    has_unread: bool = False

    def by_transaction(self, transaction_id: str) -> PendingGift | None:
        """The gift of this outbound transaction."""
        return next((each for each in self.gifts if each.gift.transaction_id == transaction_id), None)


@dataclass(frozen=True, slots=True)
class Activity:
    """What a card has sent, and what came to it and waits no longer.

    `is_whole` is False when the reply left its list out, or has something in it that nobody could read
    (`has_unread`): then nothing follows from what is not in it.
    """

    gifts: tuple[Gift, ...]
    asked_at: datetime
    is_whole: bool = True
    has_unread: bool = False

    def received(self, transaction_id: str) -> Gift | None:
        """The gift of this outbound transaction, if it came to this card."""
        return next(
            (
                gift
                for gift in self.gifts
                if gift.transaction_id == transaction_id and gift.direction is Direction.IN
            ),
            None,
        )


def read_pending_list(*, merchant: Merchant, card_number: str) -> PendingList:
    """One call (seed: Fetch Pending Transfers To Account). Raises PaytronixErrors."""
    asked_at = timezone.now()
    reply = service_for(merchant).pending_transfers(printed_card_number=card_number)
    gifts = read_pending(reply.readable, merchant=merchant, card_number=card_number, now=asked_at)
    return PendingList(gifts, asked_at, reply.has_unread)


def read_activity(*, merchant: Merchant, card_number: str) -> Activity:
    """One call (seed: Fetch Transfer History For Account). Raises PaytronixErrors."""
    asked_at = timezone.now()
    reply = service_for(merchant).history(printed_card_number=card_number)
    gifts = [
        read_gift(each, merchant=merchant, card_number=card_number, now=asked_at) for each in reply.readable
    ]
    return Activity(tuple(gifts), asked_at, reply.is_whole, reply.has_unread)


def read_by_code(*, merchant: Merchant, card_number: str, code: str) -> Gift:
    """One call (seed: Fetch Pending Transfer). Raises Refused when nothing waits under the code, and others."""
    reply = service_for(merchant).pending_transfer(code=code)
    return read_gift(reply, merchant=merchant, card_number=card_number, now=timezone.now(), inbound=True)


@dataclass(frozen=True, slots=True)
class Finding:
    """A claimed gift as Paytronix has it, None when it neither waits nor stands in the history.

    `is_whole` is False when the history came without its list: then None proves nothing. With `may_wait` the history
    does not have it, and whether it waits nobody could say.
    """

    gift: Gift | None
    asked_at: datetime
    is_whole: bool = True
    may_wait: bool = False


def find_out(claimed: Claim, *, merchant: Merchant) -> Finding:
    """The claimed gift by its code while it waits, then in the history.

    One or two calls (design, section 6). Raises PaytronixErrors: then nothing is known.
    """
    asked_at, card_number, may_wait = timezone.now(), claimed.card_number, False
    try:
        gift = read_by_code(merchant=merchant, card_number=card_number, code=claimed.code)
        if gift.transaction_id == claimed.transaction_id:
            return Finding(gift, asked_at)
    except Refused as error:
        may_wait = error.code not in KIND_BY_CODE and not says_no_gift(error.code)
    activity = read_activity(merchant=merchant, card_number=card_number)
    return Finding(activity.received(claimed.transaction_id), asked_at, activity.is_whole, may_wait)


def send_answer(claimed: Claim, *, merchant: Merchant, note: str) -> Gift:
    """The one write of a claim (seed: Accept Transfer In, Reject Transfer In); the gift as it is afterwards.

    Raises Refused, Unavailable when it surely was not sent, OutcomeUnknown, and the other PaytronixErrors.
    """
    service, card_number = service_for(merchant), claimed.card_number
    if claimed.action == "accept":
        reply = service.accept(code=claimed.code, accepting_card_number=card_number, message=note)
    else:
        reply = service.reject(code=claimed.code, rejecting_card_number=card_number, message=note)
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
