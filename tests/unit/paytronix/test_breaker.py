"""When calls of a service stop going out, and when they go out again; the clock is moved by hand."""

import pytest

from guestportal.paytronix.breaker import Breaker
from guestportal.paytronix.errors import Health
from tests.support.clock import Clock

BAD = [Health.SICK, Health.FAILED]


class Service:
    """A breaker, its clock, and calls that end at once."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.breaker = Breaker(clock=self.clock)

    def begin(self) -> int:
        """A call that goes out; fails the test when it may not."""
        ticket = self.breaker.begin()
        assert ticket is not None
        return ticket

    def ends(self, health: Health, times: int = 1) -> None:
        """So many calls, one after the other."""
        for _call in range(times):
            self.breaker.end(self.begin(), health)

    def refuses(self) -> bool:
        """Whether both questions say no."""
        assert self.breaker.is_open == (self.breaker.begin() is None)
        return self.breaker.is_open


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.mark.parametrize("health", BAD)
def test_opens_after_five_failures_in_a_row(service: Service, health: Health) -> None:
    service.ends(health, times=4)
    service.ends(Health.WELL)
    service.ends(health, times=4)
    assert not service.breaker.is_open
    service.ends(health)
    assert service.refuses()


def test_stays_closed_for_what_tells_nothing(service: Service) -> None:
    service.ends(Health.UNTOLD, times=20)
    assert not service.breaker.is_open


def test_forgets_no_failure_for_what_tells_nothing(service: Service) -> None:
    for _round in range(5):
        service.ends(Health.SICK)
        if _round < 4:
            service.ends(Health.UNTOLD)
    assert service.refuses()


def test_lets_one_call_per_pause_try_whether_it_is_over(service: Service) -> None:
    service.ends(Health.SICK, times=5)
    service.clock.now += 4.9
    assert service.refuses()
    service.clock.now += 0.2
    probe = service.begin()
    assert service.refuses()
    service.breaker.end(probe, Health.SICK)
    assert service.refuses()
    service.clock.now += 5.1
    service.ends(Health.WELL)
    service.ends(Health.SICK, times=4)
    assert not service.breaker.is_open


def test_gives_the_probe_of_a_call_that_told_nothing_to_the_next_one(service: Service) -> None:
    service.ends(Health.SICK, times=5)
    service.clock.now += 5
    service.ends(Health.UNTOLD)
    service.ends(Health.WELL)
    assert not service.breaker.is_open


def test_opens_three_seconds_into_a_silence(service: Service) -> None:
    for _call in range(5):
        service.begin()
    service.clock.now += 3
    assert not service.breaker.is_open
    service.clock.now += 0.1
    assert service.refuses()


def test_adds_calls_without_an_answer_to_those_that_failed(service: Service) -> None:
    for _call in range(2):
        service.begin()
    service.ends(Health.SICK, times=3)
    assert not service.breaker.is_open
    service.clock.now += 3.1
    assert service.refuses()


def test_takes_an_opening_back_for_a_late_answer(service: Service) -> None:
    slow = [service.begin() for _call in range(9)]
    service.clock.now += 4
    assert service.refuses()
    service.breaker.end(slow[0], Health.WELL)
    assert not service.breaker.is_open


def test_never_switches_off_what_is_slow_and_answers(service: Service) -> None:
    """Two calls a second, each answered after five: more than five are always late, and none is refused."""
    under_way = [service.begin()]
    for tick in range(1, 200):
        service.clock.now += 0.5
        if tick >= 10:
            service.breaker.end(under_way.pop(0), Health.WELL)
        elif tick == 9:
            continue  # the first answer is on its way
        if not service.breaker.is_open:
            under_way.append(service.begin())
        else:
            assert tick < 10, "only before the first answer"


def test_does_not_count_a_call_twice_that_was_late_and_then_failed(service: Service) -> None:
    hung = [service.begin() for _call in range(4)]
    service.clock.now += 8
    for ticket in hung:
        service.breaker.end(ticket, Health.SICK)
    assert not service.breaker.is_open
