"""The history as a list: joined, filtered, counted and paged, before any page shows it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from gifting.gift.domain import Direction, Gift
from gifting.history import listing
from gifting.history.filters import Filters, read_filters
from gifting.history.gifts import in_memory
from gifting.history.listing import Page, Total, join
from tests.support.builders import Payload, without
from tests.support.gift_payloads import balance, external, gift, person, sent, transfer

ZONE = ZoneInfo("America/New_York")


def numbered(*numbers: object, **members: object) -> list[Gift]:
    return [gift(transfer(transferOutTransactionId=number, **members)) for number in numbers]


def numbers_of(gifts: Iterable[Gift]) -> list[str]:
    return [each.transaction_id for each in gifts]


def accepted(amount: str, *, outbound: bool = False, **members: object) -> Gift:
    payload: Payload = {"status": "ACCEPTED", "balance": balance(destinationAmount=amount, **members)}
    return gift(sent(**payload) if outbound else transfer(**payload))


def matching(gifts: Iterable[Gift], filters: Filters) -> tuple[Gift, ...]:
    return listing.matching(in_memory(gifts), filters).all()


def page_of(gifts: Iterable[Gift], number: int, *, size: int = listing.PAGE_SIZE) -> Page:
    return listing.page_of(in_memory(gifts), number, zone=ZONE, size=size)


def totals(gifts: Iterable[Gift]) -> tuple[Total, ...]:
    return listing.totals(in_memory(gifts))


def amounts(total: Total) -> tuple[Decimal | None, Decimal | None]:
    return (
        total.given.amount.value if total.given else None,
        total.received.amount.value if total.received else None,
    )


def test_joins_both_lists_newest_first() -> None:
    old = numbered(7, transferDatetime="2026-01-01 00:00:00 -0500", status="ACCEPTED")
    new = numbered(3, transferDatetime="2026-11-21 00:00:00 -0500")
    middle = numbered(5, transferDatetime="2026-11-20 23:00:00 -0800", status="EXPIRED")

    assert numbers_of(join(new, [*old, *middle])) == ["5", "3", "7"]


def test_shows_a_gift_of_both_lists_once_and_in_its_later_state() -> None:
    joined = join(numbered(4, status="PENDING"), numbered(4, status="ACCEPTED"))

    assert [each.status for each in joined] == ["ACCEPTED"]


def test_never_takes_gifts_without_a_number_for_doubles() -> None:
    nameless = without(transfer(), "transferOutTransactionId")

    assert len(join([gift(nameless), gift(nameless)], [gift(nameless)])) == 3


def test_puts_gifts_without_a_date_last_and_orders_equals_by_number() -> None:
    undated = numbered(1, 2, transferDatetime="yesterday")
    same = numbered(9007199254800014, 9007199254800027)

    assert numbers_of(join(undated, same)) == ["9007199254800027", "9007199254800014", "2", "1"]


@given(st.lists(st.integers(1, 40)), st.lists(st.integers(1, 40)))
def test_has_every_number_exactly_once(pending: list[int], past: list[int]) -> None:
    joined = join(numbered(*pending), numbered(*past, status="ACCEPTED"))

    assert sorted(numbers_of(joined)) == sorted({str(number) for number in (*pending, *past)})


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["2", "1"]),
        (Filters(direction="in"), ["1"]),
        (Filters(direction="out"), ["2"]),
        (Filters(status="EXPIRED"), ["2"]),
        (Filters(status="HELD"), []),
        (Filters(direction="out", status="EXPIRED", q="next door"), ["2"]),
        (Filters(q="THÉO"), ["1"]),
        (Filters(q="theo croissant"), ["1"]),
        (Filters(q="theo pastry"), []),
        (Filters(q="j…@example.net"), ["2"]),
        (Filters(q="Marchetti"), []),
        (Filters(q="jo@example.net"), []),
        (Filters(q="  "), ["2", "1"]),
        (Filters(q="9007199254800001"), []),
    ],
)
def test_finds_what_the_page_shows_and_nothing_else(filters: Filters, found: list[str]) -> None:
    theo = person(firstName="Théo", lastName="Marchetti")
    gifts = [
        gift(sent(transferOutTransactionId=2, status="EXPIRED", externalTarget=external())),
        gift(
            transfer(transferOutTransactionId=1, fromUserInformation=theo, transferMessage="For a Croissant")
        ),
    ]

    assert numbers_of(matching(gifts, filters)) == found


def test_looks_for_no_longer_text_than_anybody_types() -> None:
    assert read_filters(QueryDict(f"q={'x' * 5000}")).q == "x" * 200


def test_reads_each_gift_once_however_many_words_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Gift] = []
    shown_text = listing._shown_text

    def counted(each: Gift) -> str:
        read.append(each)
        return shown_text(each)

    monkeypatch.setattr(listing, "_shown_text", counted)
    gifts = numbered(*range(10), transferMessage="a " * 50)

    assert len(matching(gifts, Filters(q="a e " * 50))) == 10
    assert len(read) == 10
    assert matching(gifts, Filters(q="a e " * 50, direction="out")) == ()
    assert len(read) == 10


def test_counts_only_what_was_accepted() -> None:
    others = [
        gift(transfer(status=status)) for status in ("PENDING", "REJECTED", "RETURNED", "EXPIRED", "HELD")
    ]
    (total,) = totals([accepted("1"), accepted("2"), accepted("3", outbound=True), *others])

    assert amounts(total) == (Decimal(3), Decimal(3))


def test_counts_each_reward_for_itself() -> None:
    beans: dict[str, Any] = {"destinationWalletCode": 24, "destinationWalletName": "Bag of Beans"}
    found = totals([accepted("1"), accepted("2", outbound=True, **beans), accepted("4", **beans)])

    assert [(total.item.name, amounts(total)) for total in found] == [
        ("Bag of Beans", (Decimal(2), Decimal(4))),
        ("Free Coffee", (None, Decimal(1))),
    ]


def test_adds_exactly_beyond_what_a_computer_word_holds() -> None:
    (total,) = totals([accepted("9" * 60 + ".01"), accepted("0.02")])

    assert total.received is not None
    assert total.received.amount.received == "9" * 60 + ".03"


def test_multiplies_what_stands_there_often_exactly() -> None:
    (total,) = totals([*[accepted("0.1")] * 30, *[accepted("100.00")] * 2, accepted("0.05")])

    assert amounts(total) == (None, Decimal("203.05"))


def test_says_that_a_sum_is_unknown_rather_than_too_small() -> None:
    (total,) = totals([accepted("1"), accepted("a few")])

    assert total.received is not None
    assert total.received.amount.received is None


def test_groups_by_the_month_of_the_merchants_calendar() -> None:
    late = numbered(2, transferDatetime="2026-11-01 03:59:59 +0000")  # still October in New York
    early = numbered(3, transferDatetime="2026-11-01 04:00:00 +0000")
    page = page_of(join(late, [*early, *numbered(1, transferDatetime="?")]), 1)

    assert [(str(month.first), numbers_of(month.gifts)) for month in page.months] == [
        ("2026-11-01", ["3"]),
        ("2026-10-01", ["2"]),
        ("None", ["1"]),
    ]


@pytest.mark.parametrize(
    ("number", "shown"), [(0, (1, 1, 25)), (1, (1, 1, 25)), (3, (3, 51, 53)), (999999, (3, 51, 53))]
)
def test_pages_stay_within_the_list(number: int, shown: tuple[int, int, int]) -> None:
    gifts = join([], numbered(*range(53)))
    page = page_of(gifts, number)

    assert (page.number, page.start, page.end) == shown
    assert (page.count, page.total) == (3, 53)


def test_pages_of_an_empty_list_are_one_empty_page() -> None:
    page = page_of((), 1)

    assert (page.number, page.count, page.start, page.end, page.months) == (1, 1, 0, 0, ())


def test_every_gift_stands_on_exactly_one_page() -> None:
    moments = [datetime(2026, 11, 20, tzinfo=UTC) - timedelta(days=9 * number) for number in range(60)]
    gifts = join(
        [],
        [
            gift(transfer(transferOutTransactionId=number, transferDatetime=moment.isoformat(" ")))
            for number, moment in enumerate(moments)
        ],
    )
    pages = [page_of(gifts, number, size=7) for number in range(1, 10)]
    shown = [each for page in pages for month in page.months for each in month.gifts]

    assert shown == list(gifts)
    assert all(each.direction is Direction.IN for each in shown)
