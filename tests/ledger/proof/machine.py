"""Every history that sending may have, and what holds after each step and at rest (docs/threats.md, check 28)."""

from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gifting.gift.looking_again import PAUSES
from gifting.models import Wish
from gifting.sending.settle import settle_unattended
from tests.ledger.proof.crash_points import SENDING, SETTLING, fragile
from tests.ledger.proof.guests import MEANWHILE, Guests, Plan
from tests.ledger.proof.invariants import NOT_THERE, Known, judge, worked_of
from tests.ledger.proof.world import (
    CARDS,
    COFFEE,
    FIVE_OFF,
    LONGEST_LAG_SECONDS,
    MESSAGES,
    OUTCOMES,
    PEOPLE,
    TICK_SECONDS,
    UNREADABLE,
    Pressed,
    Scene,
)
from tests.support.sandbox import SandboxRefused, SandboxTransfer

# From a moment's wait to a watch that is all but over; the last one is past everything that is ever due.
REST_SECONDS: Final = (70, 16, 16, 4 * 3600, 25 * 3600)

PLACES = st.integers(0, len(CARDS) - 1)
OUTCOME = st.sampled_from([*sorted(OUTCOMES), "late by 5 ticks"])
CRASH = st.sampled_from([""] * 9 + [*SENDING])
MEANTIME = st.sampled_from(
    [("", "")] * 14 + [(when, what) for when in ("before", "after") for what in MEANWHILE]
)
PICK = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])


class Sending(RuleBasedStateMachine):
    """Three guests who send, wait, look and try again, at a Paytronix that fails in every way it can."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.sandbox = scene, scene.sandbox
        self.known = Known()
        self.wishes = self.known.wishes
        self.guests = Guests(scene, self.known)
        self.stack = ExitStack()
        scene.begin()
        self.stack.callback(scene.end)
        self.stack.enter_context(fragile(self.guests.points, self.guests.transfer_out))

    @initialize(
        reference=st.sampled_from([True] * 5 + [False]), outcome=OUTCOME, crash=CRASH, meantime=MEANTIME
    )
    def send_a_first_gift(self, reference: bool, outcome: str, crash: str, meantime: tuple[str, str]) -> None:
        features = replace(self.guests.merchant.features, send_reference=reference)
        self.guests.merchant = replace(self.guests.merchant, features=features)
        self.send(0, FIVE_OFF, PEOPLE[0], MESSAGES[1], False, True, outcome, crash, meantime)

    @rule(
        place=PLACES,
        wallet=st.sampled_from([COFFEE, FIVE_OFF, FIVE_OFF]),
        person=st.sampled_from(PEOPLE),
        message=st.sampled_from(MESSAGES),
        insists=st.sampled_from([False] * 4 + [True]),
        presses=st.sampled_from([True] * 5 + [False]),
        outcome=OUTCOME,
        crash=CRASH,
        meantime=MEANTIME,
    )
    def send(
        self,
        place: int,
        wallet: int,
        person: Any,
        message: str,
        insists: bool,
        presses: bool,
        outcome: str,
        crash: str,
        meantime: tuple[str, str],
    ) -> None:
        """A guest goes through all pages and presses the button, or leaves the check page open.

        Mostly it is one who can: `insists` are those for whom another gift is still being confirmed.
        """
        if not insists:
            place = self.guests.free_place(place)
        wish = self.guests.open_page(place, wallet, person, message)
        if wish is not None and presses:
            self.guests.press(wish, Plan(outcome, *meantime), crash)

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, outcome=OUTCOME, crash=CRASH, meantime=MEANTIME)
    def press_again(self, pick: int, outcome: str, crash: str, meantime: tuple[str, str]) -> None:
        """The button of any check page there ever was."""
        self.guests.press(self._picked(pick), Plan(outcome, *meantime), crash)

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, outcome=OUTCOME)
    def retry(self, pick: int, outcome: str) -> None:
        """Try again with what was not sent; anything else cannot be tried again."""
        again = self.guests.try_again(self._picked(pick))
        if again is not None:
            self.guests.press(again, Plan(outcome), "")

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, look=st.booleans(), stays=st.booleans(), crash=st.sampled_from([""] * 4 + [*SETTLING]))
    def open_receipt(self, pick: int, look: bool, stays: bool, crash: str) -> None:
        """The page that follows a gift, opened once or left open, when it looks again by itself."""
        wish = self._picked(pick)
        with self.guests.counting():
            with self.guests.dying(crash):
                self.guests.follow(wish, look=look)
            for pause in PAUSES[:4] if stays else ():
                self.scene.let_pass(pause)
                self.guests.follow(wish, look=False)

    @rule(
        seconds=st.sampled_from([1, 5, TICK_SECONDS, 16, 16, 3 * TICK_SECONDS, 44, 61, 61, 300, 3600]),
        times=st.sampled_from([1, 1, 2, 3]),
        settles=st.sampled_from([True, True, False]),
        crash=st.sampled_from([""] * 4 + [*SETTLING]),
    )
    def wait(self, seconds: int, times: int, settles: bool, crash: str) -> None:
        """Time passes, and mostly `settle_gifts` comes by, once or each time."""
        for _ in range(times):
            self.scene.let_pass(seconds)
            if settles:
                with self.guests.dying(crash):
                    settle_unattended(merchant=self.guests.merchant)

    @rule(
        kind=st.sampled_from(
            ["lagging"] * 3 + ["seconds behind"] * 2 + sorted(UNREADABLE) * 2 + ["dark day"]
        ),
        readings=st.integers(1, 3),
        lag_seconds=st.sampled_from([1, 6, LONGEST_LAG_SECONDS, LONGEST_LAG_SECONDS]),
    )
    def spoil_readings(self, kind: str, readings: int, lag_seconds: int) -> None:
        """The next readings fail, or show this moment, whatever happens until then."""
        if kind == "lagging":
            self.sandbox.make_history_stale(calls=readings)
            self.known.stale_readings += readings
        elif kind == "seconds behind":
            self.sandbox.make_history_stale(calls=readings, lag_seconds=lag_seconds)
        elif kind != "dark day":
            self.scene.spoil_history(kind, readings)
        elif self.wishes and not self.known.dark_days:
            self._live_through_a_dark_day()

    @rule(
        pick=PICK,
        change=st.sampled_from(["same", "cut off", "other", "no twin"]),
        person=st.sampled_from(PEOPLE),
        message=st.sampled_from(MESSAGES),
    )
    def send_elsewhere(self, pick: int, change: str, person: Any, message: str) -> None:
        """A gift from somewhere else: one of ours once more, with its message or another, or one of its own."""
        model = _pick(self.sandbox.transfers(origin="api"), pick)
        if model is not None and change != "no twin":
            words = (model.message or "").partition("\nRef ")[0]
            message_of_twin = {"same": None, "cut off": words, "other": "Enjoy!"}[change]
            with suppress(SandboxRefused):
                self.sandbox.send_twin(model.transaction_id, message=message_of_twin)
            return
        to: dict[str, Any] = {"to_external": (person.address, person.name)}
        if person.account_code is not None:
            to = {"to_account": person.account_code}
        card_number = CARDS[pick % len(CARDS)].number
        with suppress(SandboxRefused):
            self.sandbox.send_elsewhere(
                from_card=card_number, wallet_code=FIVE_OFF, message=message or None, **to
            )

    @invariant()
    def nothing_is_doubled_or_called_what_it_is_not(self) -> None:
        with self.guests.counting():
            judge(self.scene, self.known, at_rest=False)

    def teardown(self) -> None:
        try:
            if not self.guests.is_broken:
                with self.guests.counting():
                    self._come_to_rest()
                    judge(self.scene, self.known, at_rest=True)
        finally:
            self.stack.close()

    def _live_through_a_dark_day(self) -> None:
        """Nothing can be read for a day while the settler comes by again and again."""
        self.known.dark_days += 1
        self.scene.spoil_history("HTTP 521", 200)
        for _ in range(6):
            self.scene.let_pass(4 * 3600 + 1)
            settle_unattended(merchant=self.guests.merchant)
        self.scene.mend_history()
        truth = self.scene.posts()
        for wish in self.wishes:
            row = Wish.objects.filter(id=wish.id, state__in=NOT_THERE).first()
            wish.misled |= row is not None and worked_of(wish, truth) == 1 and self.known.was_misled()

    def _picked(self, pick: int) -> Pressed:
        return self.wishes[-1 - pick % len(self.wishes)]

    def _come_to_rest(self) -> None:
        """Everything readable again, and time for whatever is late, due or watched."""
        self.scene.mend_history()
        for seconds in REST_SECONDS:
            self.scene.let_pass(seconds)
            settle_unattended(merchant=self.guests.merchant)


def _pick(transfers: list[SandboxTransfer], pick: int) -> SandboxTransfer | None:
    return transfers[-1 - pick % len(transfers)] if transfers else None
