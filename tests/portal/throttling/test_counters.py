"""Sliding windows: to the second, and exactly, also when four processes count at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guestportal.throttling import counters
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.limits import Window
from guestportal.throttling.models import Counter
from tests.support import counter_hits
from tests.support.processes import run_at_once
from tests.support.stopped_clock import START

CARD = (Window(5, 900), Window(10, 86_400))
PROCESSES, HITS, LIMIT = 4, 40, 5


def taken(key: str = "key", windows: tuple[Window, ...] = CARD) -> bool:
    return counters.take(key, windows).place is not None


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_four_processes_that_hit_at_once_are_let_through_to_the_limit_and_not_once_more(
    other_processes: None,
) -> None:
    printed = run_at_once(
        counter_hits.main,
        "key",
        LIMIT,
        HITS,
        processes=PROCESSES,
    )

    assert sum(int(number) for number, _complaints in printed) == LIMIT
    assert not taken("key", (Window(LIMIT, 900), Window(2 * LIMIT, 86_400)))


@pytest.mark.django_db
class TestWindows:
    def test_let_the_fifth_through_and_not_the_sixth(self, clock: time_machine.Traveller) -> None:
        assert [taken() for _ in range(6)] == [True] * 5 + [False]

    def test_slide_to_the_second(self, clock: time_machine.Traveller) -> None:
        for _ in range(5):
            assert taken()
            clock.shift(60)
        clock.move_to(START + timedelta(seconds=899), tick=False)
        assert not taken()
        clock.move_to(START + timedelta(seconds=900), tick=False)
        assert taken()
        assert not taken()

    def test_hold_for_the_day_when_the_quarter_hours_are_free(self, clock: time_machine.Traveller) -> None:
        admitted = 0
        for _ in range(6 * 24):
            admitted += taken()
            clock.shift(600)

        assert admitted == 10
        assert taken(), "a day after the first"

    def test_say_how_long_until_a_place_is_free(self, clock: time_machine.Traveller) -> None:
        for _ in range(5):
            counted = counters.take("key", CARD)
            assert counted.place
            counters.keep(counted.place)
        counted = counters.take("key", CARD)
        assert counters.seconds_until_free(counted, CARD, call_seconds=10) == 900
        clock.shift(899.5)
        assert counters.seconds_until_free(counters.take("key", CARD), CARD, call_seconds=10) == 1
        clock.shift(0.5)
        assert counters.take("key", CARD).place

    def test_that_only_tries_in_flight_fill_are_free_after_a_call(
        self, clock: time_machine.Traveller
    ) -> None:
        places = [counters.take("key", CARD).place for _ in range(5)]
        counted = counters.take("key", CARD)
        assert counted.place is None
        assert counters.seconds_until_free(counted, CARD, call_seconds=1.2) == 2
        for place in places[1:]:
            assert place
            counters.keep(place)
        assert counters.seconds_until_free(counters.take("key", CARD), CARD, call_seconds=1.2) == 2

        clock.shift(61)
        counted = counters.take("key", CARD)
        assert counters.seconds_until_free(counted, CARD, call_seconds=1.2) == 839, (
            "nobody will end the first one"
        )

    def test_are_each_keys_own(self) -> None:
        assert all(taken("one") for _ in range(5))
        assert taken("two")


@pytest.mark.django_db
def test_a_place_that_is_given_back_is_free_and_no_other() -> None:
    places = [counters.take("key", CARD).place for _ in range(5)]
    assert places[2] is not None
    counters.give_back(places[2])

    assert taken()
    assert not taken()
    counters.give_back(places[2])
    assert not taken(), "nothing is given back twice"


@pytest.mark.django_db
def test_clears_one_key_alone() -> None:
    for key in ("one", "two"):
        assert all(taken(key) for _ in range(5))

    counters.clear("one")

    assert taken("one")
    assert not taken("two")


@pytest.mark.django_db
def test_what_a_block_took_is_given_back_when_it_raises() -> None:
    def take_and_raise() -> None:
        with counters.together():
            assert all(taken() for _ in range(5))
            raise LookupError

    with pytest.raises(LookupError):
        take_and_raise()

    assert all(taken() for _ in range(5))


@pytest.mark.django_db
def test_sweeps_what_counts_nothing_any_more_and_nothing_else(clock: time_machine.Traveller) -> None:
    for number in range(600):
        taken(f"old {number}", (Window(1, 60),))
    taken("young", (Window(1, 900),))
    clock.shift(61)

    assert counters.sweep() == 600
    assert [row.key for row in Counter.objects.all()] == ["young"]
    assert not taken("young", (Window(1, 900),))


@pytest.mark.django_db
def test_sweeps_no_more_at_once_than_a_guests_request_may_pay_for() -> None:
    old = timezone.now() - timedelta(hours=1)
    rows = [Counter(key=f"{number:064x}", hits="", expires_at=old) for number in range(5000)]
    Counter.objects.bulk_create(rows)

    assert counters.sweep() == 2000
    call_command("sweep_sessions")
    assert not Counter.objects.exists()


@pytest.mark.django_db
def test_keeps_nothing_that_names_a_card_an_address_or_a_name() -> None:
    key = counters.key_of("demo", "card", "6000301000418000")
    taken(key)

    row = Counter.objects.get()
    assert len(row.key) == 64
    assert "6000301000418000" not in f"{row.key}{row.hits}"
    assert key != counters.key_of("other", "card", "6000301000418000")
    assert counters.key_of("a", "bc") != counters.key_of("ab", "c")


@pytest.mark.django_db
def test_the_row_stays_small_however_long_it_is_used(clock: time_machine.Traveller) -> None:
    for _ in range(60):
        taken("key", (Window(5, 60),))
        clock.shift(30)

    assert len(Counter.objects.get().hits) <= 10 * 25


@pytest.mark.django_db
def test_says_so_when_the_counters_cannot_be_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE throttling_counter RENAME TO away")

    with pytest.raises(CountersUnreachable):
        taken()


class TestAgainstAPlainModel(TestCase):
    """The same sequence of tries, pauses and gifts back, counted by a list in Python."""

    @given(
        steps=st.lists(st.tuples(st.integers(0, 400), st.booleans()), max_size=30),
        limit=st.integers(1, 4),
        more=st.integers(0, 6),
    )
    def test_admits_what_the_model_admits(self, steps: list[tuple[int, bool]], limit: int, more: int) -> None:
        windows = (Window(limit, 300), Window(limit + more, 900))
        counters.clear("key")
        model: list[datetime] = []
        with time_machine.travel(START, tick=False) as clock:
            for pause, succeeds in steps:
                clock.shift(pause)
                now = datetime.now(UTC)
                expected = all(
                    sum(now - moment < timedelta(seconds=window.seconds) for moment in model)
                    < window.failures
                    for window in windows
                )
                place = counters.take("key", windows).place
                assert (place is not None) is expected
                if place and succeeds:
                    counters.give_back(place)
                elif place:
                    model.append(now)
