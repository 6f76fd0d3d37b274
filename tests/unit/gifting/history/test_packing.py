"""Frozen values as bytes: what comes back is what was packed, or nothing at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from gifting.gift.domain import Gift
from gifting.history.packing import NotPacked, pack, unpack
from tests.support.gift_payloads import balance, external, gift, sent, transfer

ZONE = ZoneInfo("America/New_York")


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Inner:
    at: datetime | None
    day: date | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Outer:
    colour: Colour
    text: str
    number: int | None
    truth: bool
    inner: Inner | None
    many: tuple[Inner, ...]


FULL = Outer(
    Colour.RED,
    "ñ 😀 \x00 'quoted'",
    9007199254800001,
    True,
    Inner(datetime(2026, 11, 1, 12, 30, tzinfo=UTC), date(2026, 11, 1), Decimal("1E+3")),
    (Inner(None, None, Decimal("0.10")), Inner(None, None, None)),
)


def test_brings_back_every_kind_of_member() -> None:
    opened = unpack(pack(FULL), Outer, zone=ZONE)

    assert opened == FULL
    assert isinstance(opened.colour, Colour)
    assert opened.inner is not None
    assert opened.inner.at is not None
    assert opened.inner.at.tzinfo is ZONE, "days are counted in the merchant's calendar"
    assert str(opened.many[0].amount) == "0.10"
    assert unpack(pack(Outer(Colour.RED, "", None, False, None, ())), Outer, zone=ZONE).inner is None


def test_brings_back_gifts_of_all_kinds() -> None:
    gifts = (
        gift(transfer()),
        gift(sent(externalTarget=external(), status="HELD")),
        gift(transfer(balance=balance(destinationAmount="a few", expirationDate="2026-12-31"))),
        gift(transfer(transferDatetime="once", status="ACCEPTED", responseMessage="Thank you")),
    )

    assert unpack(pack(gifts), tuple[Gift, ...], zone=ZONE) == gifts


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no packed value",
        pack(FULL)[:-3],
        pack((FULL,)),
        pack(FULL.inner),
        pack(("blue", "", None, True, None, ())),
        pack(("red", "", None, True, ("yesterday", None, None), ())),
        pack(("red", "", None, True, (None, None, "many"), ())),
        pack(("red", "", None, True, None, None)),
    ],
)
def test_says_so_when_another_release_has_packed_it(content: bytes) -> None:
    with pytest.raises(NotPacked):
        unpack(content, Outer, zone=ZONE)
