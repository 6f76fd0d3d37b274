"""A process killed at each step of sending, and of settling, or standing still: truth and state agree.

Source: docs/threats.md, check 26.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.management import call_command

from gifting.models import Transition, Wish
from tests.support import killed_send, killed_settler
from tests.support.processes import kill_within, standing_within
from tests.support.sandbox import SandboxProcess
from tests.support.sending_steps import grow_older, posts, sent_by_api

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.usefixtures("same_limits"),
]

# How many calls there are, what stands in the ledger at once, and what once it is settled.
STEPS = {
    "before the claim": (0, "prepared", "prepared"),
    "inside the claim": (0, "prepared", "prepared"),
    "after the claim": (0, "sending", "not_sent"),
    "before the request": (0, "sending", "not_sent"),
    "connected": (0, "sending", "not_sent"),
    "request sent, no reply yet": (1, "sending", "sent"),
    "reply in hand": (1, "sending", "sent"),
    "before it is recorded": (1, "sending", "sent"),
    "inside recording": (1, "sending", "sent"),
    "after it is recorded": (1, "sent", "sent"),
}


def states() -> list[str]:
    return list(Wish.objects.values_list("state", flat=True))


def steps() -> list[str]:
    return list(Transition.objects.order_by("id").values_list("state", flat=True))


def killed_at(step: str) -> None:
    kill_within(killed_send.main, step)


def standing_at(step: str) -> AbstractContextManager[Callable[[], None]]:
    return standing_within(killed_send.main, step, "still")


def settle(*seconds: int) -> None:
    """`settle_gifts` after each of these times."""
    for each in seconds:
        grow_older(each)
        call_command("settle_gifts")


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_while_sending_is_settled_as_the_truth(sandbox: SandboxProcess, step: str) -> None:
    calls, at_once, settled = STEPS[step]
    killed_at(step)

    assert states() == [at_once]
    settle(1)
    assert states() == [at_once], "its process could still be at work"
    settle(20, 60, 16, 3600)
    assert states() == [settled]
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == calls
    assert (settled == "sent") is bool(sent_by_api(sandbox))


@pytest.mark.parametrize("point", ["after reading", "inside writing", "after writing"])
@pytest.mark.parametrize(("step", "settled"), [("after the claim", "not_sent"), ("reply in hand", "sent")])
def test_a_settler_killed_in_the_middle_leaves_it_to_the_next_one(
    sandbox: SandboxProcess, step: str, settled: str, point: str
) -> None:
    killed_at(step)
    grow_older(20)
    kill_within(killed_settler.main, point)
    settle(60, 16, 16)

    assert states() == [settled]
    assert steps() == ["sending", "unknown", settled]
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == (settled == "sent")


BEFORE_IT_LEAVES = ["after the claim", "before the request", "connected"]


@pytest.mark.parametrize("step", BEFORE_IT_LEAVES)
def test_a_process_that_stood_still_sends_nothing_that_was_called_not_sent_meanwhile(
    sandbox: SandboxProcess, step: str
) -> None:
    with standing_at(step) as go_on:
        settle(20, 60, 16)
        assert states() == ["not_sent"], "the guest may try again from here on"
        go_on()

    assert posts(sandbox) == []
    assert steps() == ["sending", "unknown", "not_sent"]


@pytest.mark.parametrize("step", BEFORE_IT_LEAVES)
@pytest.mark.parametrize("settler_comes_by", [True, False])
def test_a_process_that_stood_still_too_long_says_that_it_surely_sent_nothing(
    sandbox: SandboxProcess, step: str, settler_comes_by: bool
) -> None:
    with standing_at(step) as go_on:
        grow_older(20)
        if settler_comes_by:
            call_command("settle_gifts")
        go_on()

    assert posts(sandbox) == []
    assert states() == ["not_sent"]
    assert Transition.objects.latest("id").cause == "surely_not_sent"


@pytest.mark.parametrize("step", [*BEFORE_IT_LEAVES, "request sent, no reply yet"])
def test_a_process_that_stood_still_for_a_moment_sends_once(sandbox: SandboxProcess, step: str) -> None:
    with standing_at(step) as go_on:
        go_on()

    assert states() == ["sent"]
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == 1
