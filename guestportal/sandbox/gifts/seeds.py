"""The gifts that are there at the start: what waits for whom, and a past with every state in both directions.

They move no wallet: the seeded balances are those after them. Only their ends do, as for any other gift.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from guestportal.sandbox import identity
from guestportal.sandbox.gifts.book import GiftBook
from guestportal.sandbox.gifts.holders import ANA, NOBODY, ROSA, SOFIA, THEO, Holder
from guestportal.sandbox.gifts.transfers import (
    ZONE,
    Goods,
    Origin,
    Status,
    Target,
    ToAccount,
    ToExternal,
    Transfer,
    last_day,
)

COFFEE, FIVE_OFF, BEANS = identity.WALLET_FREE_COFFEE, identity.WALLET_FIVE_OFF, identity.WALLET_BAG_OF_BEANS
POINTS, TREAT = identity.WALLET_POINTS, identity.WALLET_COFFEE_AND_PASTRY

# The codes of seeded gifts that links and tests may name.
CODE_COFFEE_FOR_ANA: Final = "ANAC0FFEE7QK2MZP"
CODE_TREAT_FOR_ROSA: Final = "R0SATREAT9XW4HDK"

LONG_MESSAGE: Final = (
    "Dear Ana,\n\nthank you for standing in for me all week \U0001f49b It rained, the machine broke "
    "twice, and you still drew a fern on every cup \u2615\U0001f33f\n\n"
    "Take a friend along and order whatever you like:\n- one for you\n- one for them\n\n"
    "Th\u00e9o \U0001f468\u200d\U0001f373\U0001f1eb\U0001f1f7"
)


def plant_gifts(book: GiftBook, *, now: datetime) -> None:
    """Put the seeded transfers into the book, the oldest first."""
    seeds = sorted((*_waiting(now), *_past(now)), key=lambda transfer: transfer.made_at)
    for number, seed in enumerate(seeds):
        book.put_in(replace(seed, code=seed.code or f"SEED{number:02d}GIFT5T8VXC"), now=seed.made_at)


def _waiting(now: datetime) -> Iterator[Transfer]:
    """Yield the gifts that still wait."""
    yield _gift(
        now,
        days_ago=28,
        days_left=2,
        sender=ROSA,
        target=ToAccount(ANA.account_code),
        wallet=COFFEE,
        message="Thank you for the lift on Tuesday!",
        code=CODE_COFFEE_FOR_ANA,
    )
    yield _gift(
        now,
        days_ago=3,
        days_left=11,
        sender=THEO,
        target=ToExternal("Ana@Example.COM", "Ana"),
        wallet=FIVE_OFF,
        amount="2",
        message=LONG_MESSAGE,
    )
    yield _gift(
        now, days_ago=59, days_left=1, sender=NOBODY, target=ToAccount(ANA.account_code), wallet=BEANS
    )
    yield _gift(
        now,
        days_ago=2,
        sender=SOFIA,
        target=ToAccount(ANA.account_code),
        wallet=POINTS,
        amount="250",
        message="No hurry: these wait for you.",
    )
    yield _gift(
        now,
        days_ago=1,
        days_left=29,
        sender=ROSA,
        target=ToExternal("100004567890123", "Ana Example"),
        wallet=COFFEE,
        message="For the early shift.",
        shows_code=False,
    )
    yield _gift(
        now,
        days_ago=4,
        days_left=5,
        sender=ANA,
        target=ToAccount(ROSA.account_code),
        wallet=TREAT,
        message="Happy birthday, Rosa!\nHave one on me.",
        code=CODE_TREAT_FOR_ROSA,
    )
    yield _gift(
        now,
        days_ago=6,
        days_left=24,
        sender=SOFIA,
        target=ToExternal("rosa@example.com", "Rosa L."),
        wallet=COFFEE,
        amount="3",
    )
    yield _gift(
        now,
        days_ago=5,
        days_left=25,
        sender=ROSA,
        target=ToAccount(THEO.account_code),
        wallet=COFFEE,
        message="See you at the corner table.",
    )
    yield _gift(
        now,
        days_ago=8,
        days_left=6,
        sender=ANA,
        target=ToExternal("jo@example.net", "Jo"),
        wallet=FIVE_OFF,
        message="Welcome to the street!",
    )


def _past(now: datetime) -> Iterator[Transfer]:
    """Yield what is over: each state from Rosa to Ana and back, and gifts to people without an account."""
    ana, rosa = ToAccount(ANA.account_code), ToAccount(ROSA.account_code)
    yield _gift(
        now,
        days_ago=40,
        sender=ROSA,
        target=ana,
        wallet=FIVE_OFF,
        message="For your first week.",
        status=Status.ACCEPTED,
        answer="That was so kind, thank you! \U0001f64f",
        answered_by=ANA,
    )
    yield _gift(
        now,
        days_ago=75,
        sender=ROSA,
        target=ToExternal("ana@example.com", "Ana"),
        wallet=BEANS,
        amount="2",
        status=Status.REJECTED,
        answer="Kind of you, but I only drink tea.",
        answered_by=ANA,
    )
    yield _gift(now, days_ago=110, sender=ROSA, target=ana, wallet=COFFEE, status=Status.EXPIRED)
    yield _gift(
        now,
        days_ago=95,
        sender=ROSA,
        target=ana,
        wallet=COFFEE,
        message="Sent twice by mistake.",
        status=Status.RETURNED,
    )
    yield _gift(
        now,
        days_ago=38,
        sender=ANA,
        target=rosa,
        wallet=COFFEE,
        message="Back to you!",
        status=Status.ACCEPTED,
        answered_by=ROSA,
    )
    yield _gift(
        now, days_ago=80, sender=ANA, target=rosa, wallet=TREAT, status=Status.REJECTED, answered_by=ROSA
    )
    yield _gift(
        now,
        days_ago=130,
        sender=ANA,
        target=rosa,
        wallet=COFFEE,
        amount="2",
        message="Two, so that you can share.",
        status=Status.EXPIRED,
    )
    yield _gift(now, days_ago=200, sender=ANA, target=rosa, wallet=FIVE_OFF, status=Status.RETURNED)
    yield _gift(
        now,
        days_ago=150,
        sender=ROSA,
        target=ToExternal("olof@example.se", "Grandpa Olof"),
        wallet=COFFEE,
        message="Come by when you are in town.",
        status=Status.RETURNED,
    )
    yield _gift(
        now,
        days_ago=400,
        sender=ROSA,
        target=ToAccount(THEO.account_code),
        wallet=POINTS,
        amount="500",
        message="Half a thousand points for half a thousand coffees.",
        status=Status.ACCEPTED,
        answer="Merci !",
        answered_by=THEO,
    )


def _gift(
    now: datetime,
    *,
    days_ago: int,
    sender: Holder,
    target: Target,
    wallet: int,
    days_left: int | None = None,
    amount: str = "1",
    message: str | None = None,
    code: str = "",
    shows_code: bool = True,
    status: Status = Status.PENDING,
    answer: str | None = None,
    answered_by: Holder | None = None,
) -> Transfer:
    """Return a transfer whose wallets are the same on both sides; an answer came a day and an hour later."""
    made_at = (now - timedelta(days=days_ago)).astimezone(ZONE).replace(minute=29, second=22, microsecond=0)
    over = status is not Status.PENDING
    return Transfer(
        code=code,
        origin=Origin.SEED,
        out_id=0,
        from_account=sender.account_code,
        target=target,
        goods=Goods(
            source_wallet=wallet,
            source_amount=Decimal(amount),
            destination_wallet=wallet,
            destination_amount=Decimal(amount),
        ),
        made_at=made_at,
        expires_on=last_day(made_at, 30) if over else last_day(now, days_left),
        message=message,
        status=status,
        answered_at=made_at + timedelta(days=1, hours=1) if answered_by else None,
        response_message=answer,
        answered_by=answered_by.account_code if answered_by else None,
        shows_code=shows_code,
    )
