"""Tries that are still being made: they take room, but nobody has failed, and nobody is told so."""

import pytest

from guestportal.throttling import attack, tries
from guestportal.throttling.errors import ProofNeeded, Throttled
from guestportal.throttling.tries import Try
from tests.support.builders import demo_merchant

pytestmark = pytest.mark.django_db


def begin(number: int, *, address: str, proven: bool = False) -> Try:
    """A try of a card of its own."""
    return tries.begin_card(
        merchant=demo_merchant(),
        address=address,
        card_number=f"{6_099_000_000_000_000 + number}",
        proven=proven,
    )


def test_of_many_addresses_are_no_attack() -> None:
    for number in range(28):
        begin(number, address=f"198.51.100.{number}")

    assert not attack.is_on(demo_merchant())


def test_of_one_address_are_asked_for_proofs_and_then_for_the_time_of_a_call() -> None:
    held = [begin(number, address="198.51.100.1") for number in range(5)]
    with pytest.raises(ProofNeeded):
        begin(5, address="198.51.100.1")
    held += [begin(number, address="198.51.100.1", proven=True) for number in range(5, 10)]
    for proven in (False, True):
        with pytest.raises(Throttled) as caught:
            begin(10, address="198.51.100.1", proven=proven)
        assert caught.value.retry_after_seconds == demo_merchant().integration.deadline_seconds

    for each in held:
        each.succeed()
    begin(10, address="198.51.100.1").succeed()


def test_that_fail_count_for_the_whole_window() -> None:
    for number in range(10):
        begin(number, address="198.51.100.1", proven=True).fail()

    with pytest.raises(Throttled) as caught:
        begin(10, address="198.51.100.1", proven=True)
    assert caught.value.retry_after_seconds > 3500


def test_one_failure_among_them_makes_nobody_wait_for_its_window() -> None:
    begin(0, address="198.51.100.1", proven=True).fail()
    for number in range(1, 10):
        begin(number, address="198.51.100.1", proven=True)

    with pytest.raises(Throttled) as caught:
        begin(10, address="198.51.100.1", proven=True)
    assert caught.value.retry_after_seconds == demo_merchant().integration.deadline_seconds


def test_attack_mode_begins_with_the_failure_that_is_too_many() -> None:
    for number in range(21):
        attempt = begin(number, address=f"198.51.100.{number}")
        assert not attack.is_on(demo_merchant())
        attempt.fail()

    assert attack.is_on(demo_merchant())
