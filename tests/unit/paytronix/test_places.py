"""Who gets a place for a call while there are few."""

import threading
from contextlib import ExitStack

import pytest

from guestportal.paytronix.places import PLACES_OF_A_GUEST, Caller, Places, places_for
from guestportal.paytronix.standing import Standing

THREADS = 28  # that may stand still: of 32, four stay free
FOREVER = 30.0


class Process:
    """The places of a process, and the calls that hold them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._calls = ExitStack()

    def takes(self, merchant: str = "one", *, guest: str = "", signs_in: bool = False) -> bool:
        """Whether one more call got a place, which it then keeps."""
        return self._calls.enter_context(self.places.place(Caller(merchant, guest, signs_in=signs_in)))

    def takes_all(self, merchant: str = "one", *, signs_in: bool = False) -> int:
        """How many more get one."""
        return next(count for count in range(100) if not self.takes(merchant, signs_in=signs_in))

    def ends(self) -> None:
        """Every call gives its place back."""
        self._calls.close()


def impatient(*, per_merchant: int = 16, most: int = THREADS) -> Places:
    """Places as they are by default, for which nobody waits."""
    size = most - min(8, most // 3)
    return Places(size, per_merchant=per_merchant, waiting=0, standing=Standing(most))


@pytest.fixture
def process() -> Process:
    return Process(impatient())


@pytest.mark.parametrize("size", [20, 90])
def test_leaves_a_quarter_of_a_merchants_places_to_those_who_come_in(size: int) -> None:
    process = Process(Places(size, per_merchant=16, waiting=0))
    assert process.takes_all() == 12
    assert process.takes_all(signs_in=True) == 4


def test_lets_those_who_come_in_have_every_place_of_their_merchant(process: Process) -> None:
    assert process.takes_all(signs_in=True) == 16
    assert not process.takes()


def test_leaves_something_to_a_third_merchant_while_two_hang(process: Process) -> None:
    taken = [process.takes_all("one"), process.takes_all("two")]
    taken += [process.takes_all("one", signs_in=True), process.takes_all("two", signs_in=True)]

    assert process.takes("three")
    assert process.takes("three", signs_in=True)
    assert sum(taken) <= 18


def test_gives_one_guest_a_few(process: Process) -> None:
    assert [process.takes(guest="6000") for _tab in range(6)] == [True] * PLACES_OF_A_GUEST + [False] * 2
    assert process.takes(guest="7000")
    assert process.takes("two", guest="6000")
    assert all(process.takes() for _call in range(6)), "who is nobody's guest shares nothing"


def test_gives_places_back(process: Process) -> None:
    for _round in range(3):
        assert process.takes_all() == 12
        assert [process.takes(guest="6000", signs_in=True) for _call in range(4)] == [True] * 4
        process.ends()


def test_gives_places_back_when_the_call_raises() -> None:
    places = Places(1, per_merchant=1, waiting=0)
    with pytest.raises(ZeroDivisionError), places.place(Caller("one")):
        _ = 1 / 0
    with places.place(Caller("one")) as first, places.place(Caller("one")) as second:
        assert (first, second) == (True, False)


def test_remembers_no_guest_whose_calls_are_over(process: Process) -> None:
    process.takes(guest="6000301000418000")
    process.ends()
    assert "6000301000418000" not in repr(vars(process.places))
    assert "6000301000418000" not in repr(Caller("one", "6000301000418000"))


def test_uses_all_of_a_few_places() -> None:
    for size in (1, 2, 3):
        assert Process(Places(size, per_merchant=size, waiting=0)).takes_all() == size


class Crowd:
    """Calls that each wait in a thread of their own."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.got: list[bool] = []
        self.threads: list[threading.Thread] = []

    def waits(self, guest: str = "") -> None:
        """One more, and it is seen to wait."""
        before = self.places.waiting
        self.threads.append(threading.Thread(target=self._wait, args=(guest,)))
        self.threads[-1].start()
        while self.places.waiting == before:
            pass

    def _wait(self, guest: str) -> None:
        with self.places.place(Caller("one", guest)) as taken:
            self.got.append(taken)

    def join(self) -> list[bool]:
        """What each of them got."""
        for thread in self.threads:
            thread.join(timeout=10)
        return self.got


def test_gives_the_place_that_comes_free_to_one_who_waits() -> None:
    places = Places(1, per_merchant=1, patience_seconds=FOREVER)
    crowd = Crowd(places)
    with places.place(Caller("one")):
        crowd.waits()
        crowd.waits()
    assert crowd.join() == [True, True]


def test_lets_eight_wait_and_tells_the_ninth_at_once() -> None:
    places = Places(1, per_merchant=1, patience_seconds=FOREVER)
    crowd = Crowd(places)
    with places.place(Caller("one")):
        for _call in range(8):
            crowd.waits()
        with places.place(Caller("one")) as taken:
            assert not taken
    assert crowd.join() == [True] * 8


def test_lets_four_calls_of_one_guest_wait() -> None:
    places = Places(1, per_merchant=1, patience_seconds=FOREVER)
    crowd = Crowd(places)
    with places.place(Caller("one")):
        for _call in range(4):
            crowd.waits("6000")
        with places.place(Caller("one", "6000")) as taken:
            assert not taken
        crowd.waits("7000")
    assert crowd.join() == [True] * 5


def test_tells_those_whose_patience_is_over() -> None:
    places = Places(1, per_merchant=1, patience_seconds=0.01)
    with places.place(Caller("one")), places.place(Caller("one")) as taken:
        assert not taken
    with places.place(Caller("one")) as taken:
        assert taken, "who gave up holds nothing"


def test_waits_for_half_a_second() -> None:
    assert Places(1, per_merchant=1)._patience_seconds == 0.5


@pytest.mark.parametrize("threads", [6, 8, 16, 32, 64])
def test_never_lets_more_threads_stand_still_than_may(threads: int) -> None:
    standing = Standing(threads - 4)
    places = places_for(standing, per_merchant=1000)
    size, waiting = places._size, places._most_waiting
    assert size + waiting == threads - 4
    assert size >= 1
    assert waiting <= 8


def test_gives_no_place_while_the_threads_stand_still_for_something_else() -> None:
    standing = Standing(2)
    process = Process(Places(2, per_merchant=2, waiting=0, standing=standing))
    assert standing.enter()
    assert [process.takes(), process.takes()] == [True, False]
    process.ends()
    standing.leave()
    assert [process.takes(), process.takes()] == [True, True]
