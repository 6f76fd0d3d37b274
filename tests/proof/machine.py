"""Every history that sending may have, with what must hold after each step and at rest (security.md, check 28)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gifting.models import Wish
from gifting.sending import following as tracker
from gifting.sending import services
from gifting.sending.calls import transfer_out
from gifting.sending.domain import (
    AlreadySent,
    GiftUnderWay,
    OfferGone,
    SendingLimit,
    TwinFound,
    WishGone,
)
from gifting.sending.draft import Draft
from gifting.sending.ledger import find
from gifting.sending.rows import OPEN, Contents
from gifting.sending.settling import settle_unattended
from gifting.views.sent import PAUSES
from guestportal.paytronix.errors import PaytronixError
from tests.proof.crashing import SENDING, SETTLING, Points, fragile
from tests.proof.judging import NOT_THERE, Broken, Known, judge, worked_of
from tests.proof.scene import (
    CARDS,
    COFFEE,
    FIVE_OFF,
    MESSAGES,
    OUTCOMES,
    PEOPLE,
    TICK_SECONDS,
    UNREACHABLE,
    UNREADABLE,
    Crash,
    Pressed,
    Scene,
)
from tests.sandbox_process import SandboxRefused, SandboxTransfer

# How long the process stands still each time before the settler comes by: so long that it is believed dead, and so
# long that its gift is called not sent.
STANDING_STILL: Final = {"stall": (16,), "long stall": (16, 61, 16)}
MEANWHILE: Final = ("again", "another tab", "look", "settle", *STANDING_STILL)
# From a moment's wait to a watch that is all but over; the last one is past everything that is ever due.
REST_SECONDS: Final = (70, 16, 16, 4 * 3600, 25 * 3600)

PLACES = st.integers(0, len(CARDS) - 1)
OUTCOME = st.sampled_from([*sorted(OUTCOMES), "late by 5 ticks"])
CRASH = st.sampled_from([""] * 9 + [*SENDING])
MEANTIME = st.sampled_from(
    [("", "")] * 14 + [(when, what) for when in ("before", "after") for what in MEANWHILE]
)
PICK = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next call meets, and who comes in between."""

    outcome: str = "ok"
    when: str = ""
    meanwhile: str = ""


class Sending(RuleBasedStateMachine):
    """Three guests who send, wait, look and try again, at a Paytronix that fails in every way it can."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.sandbox = scene, scene.sandbox
        self.known = Known()
        self.wishes = self.known.wishes
        self.under_way: list[tuple[Pressed, Plan]] = []
        self.is_broken = False
        self.merchant = scene.merchant
        self.points = Points()
        self.stack = ExitStack()
        scene.begin()
        self.stack.callback(scene.end)
        self.stack.enter_context(fragile(self.points, self._transfer_out))

    @initialize(
        reference=st.sampled_from([True] * 5 + [False]), outcome=OUTCOME, crash=CRASH, meantime=MEANTIME
    )
    def send_a_first_gift(self, reference: bool, outcome: str, crash: str, meantime: tuple[str, str]) -> None:
        features = replace(self.merchant.features, send_reference=reference)
        self.merchant = replace(self.merchant, features=features)
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
            place = self._free_place(place)
        wish = self._open_page(place, wallet, person, message)
        if wish is not None and presses:
            self._press(wish, Plan(outcome, *meantime), crash)

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, outcome=OUTCOME, crash=CRASH, meantime=MEANTIME)
    def press_again(self, pick: int, outcome: str, crash: str, meantime: tuple[str, str]) -> None:
        """The button of any check page there ever was."""
        self._press(self._picked(pick), Plan(outcome, *meantime), crash)

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, outcome=OUTCOME)
    def retry(self, pick: int, outcome: str) -> None:
        """Try again with what was not sent; anything else cannot be tried again."""
        wish = self._picked(pick)
        guest, account = self.scene.guests[wish.place], self.scene.account_of(wish.place)
        not_there = Wish.objects.filter(id=wish.id, state__in=NOT_THERE)
        with self._counting():
            try:
                draft = services.retry(merchant=self.merchant, guest=guest, account=account, wish_id=wish.id)
            except WishGone:
                if not_there.exists():  # still, for it looks once more whether the gift has arrived after all
                    raise Broken("stuck: a gift that was not sent cannot be tried again") from None
                return
            except PaytronixError:
                return
            if not not_there.exists():
                raise Broken("double: a gift that may have been sent was offered again")
        again = self._prepare(wish.place, draft)
        if again is not None:
            self._press(again, Plan(outcome), "")

    @precondition(lambda self: self.wishes)
    @rule(pick=PICK, look=st.booleans(), stays=st.booleans(), crash=st.sampled_from([""] * 4 + [*SETTLING]))
    def open_receipt(self, pick: int, look: bool, stays: bool, crash: str) -> None:
        """The page that follows a gift, opened once or left open, when it looks again by itself."""
        wish = self._picked(pick)
        with self._counting():
            with self._dying(crash):
                self._follow(wish, look=look)
            for pause in PAUSES[:4] if stays else ():
                self.scene.let_pass(pause)
                self._follow(wish, look=False)

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
                with self._dying(crash):
                    settle_unattended(merchant=self.merchant)

    @rule(
        kind=st.sampled_from(["lagging"] * 3 + sorted(UNREADABLE) * 2 + ["dark day"]),
        readings=st.integers(1, 3),
    )
    def spoil_readings(self, kind: str, readings: int) -> None:
        """The next readings fail, or show this moment, whatever happens until then."""
        if kind == "lagging":
            self.sandbox.make_history_stale(calls=readings)
            self.known.stale_readings += readings
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
        with self._counting():
            judge(self.scene, self.known, at_rest=False)

    def teardown(self) -> None:
        try:
            if not self.is_broken:
                with self._counting():
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
            settle_unattended(merchant=self.merchant)
        self.scene.mend_history()
        truth = self.scene.posts()
        for wish in self.wishes:
            row = Wish.objects.filter(id=wish.id, state__in=NOT_THERE).first()
            wish.misled |= row is not None and worked_of(wish, truth) == 1 and self.known.was_misled(wish)

    def _free_place(self, place: int) -> int:
        """The first guest from this one on without an open gift; this one when there is none."""
        open_ids = Wish.objects.filter(state__in=OPEN).values_list("id", flat=True)
        taken = {wish.place for wish in self.wishes if wish.id in set(open_ids)}
        places = ((place + step) % len(CARDS) for step in range(len(CARDS)))
        return next((each for each in places if each not in taken), place)

    def _open_page(self, place: int, wallet: int, person: Any, message: str) -> Pressed | None:
        guest, account = self.scene.guests[place], self.scene.account_of(place)
        try:
            draft = services.begin(merchant=self.merchant, guest=guest, account=account)
        except PaytronixError:
            return None
        return self._prepare(place, replace(draft, wallet_code=wallet, recipient=person, message=message))

    def _prepare(self, place: int, draft: Draft) -> Pressed | None:
        guest = self.scene.guests[place]
        try:
            prepared = services.prepare(
                merchant=self.merchant, guest=guest, draft=draft, account=self.scene.account_of(place)
            )
        except OfferGone:
            return None
        row = find(merchant=self.merchant, guest=guest, wish_id=prepared.wish_id)
        assert row.contents is not None
        wish = Pressed(row.id, place, self.merchant, row.contents)
        self.wishes.append(wish)
        return wish

    def _press(self, wish: Pressed, plan: Plan, crash: str) -> None:
        self.under_way.append((wish, plan))
        try:
            with self._counting(), self._dying(crash):
                self._send(wish)
        finally:
            self.under_way.pop()

    def _send(self, wish: Pressed) -> None:
        guest = self.scene.guests[wish.place]
        for another in (False, True):
            try:
                services.send(merchant=self.merchant, guest=guest, wish_id=wish.id, another=another)
            except TwinFound:
                continue  # "Send another?" "Yes."
            except (WishGone, AlreadySent, GiftUnderWay, SendingLimit) as refusal:
                self.scene.tally.refusals[type(refusal).__name__] += 1
            return

    def _transfer_out(self, contents: Contents, *, merchant: Any, may_send: Any) -> Any:
        """In place of the one call: the same call, met by what was planned, with others coming in between."""
        wish, plan = self.under_way[-1]
        self.points.reach("after the claim")
        self.scene.tally.sends += 1
        self.scene.tally.outcomes[plan.outcome] += 1
        try:
            if plan.when == "before":
                self._come_between(wish, plan.meanwhile)
            fault = OUTCOMES[plan.outcome]
            if fault is not None:
                self.sandbox.queue_fault("gifttransfer/transferOut", fault)
                if fault["kind"] == "late":
                    wish.late_until = timezone.now() + timedelta(seconds=int(str(fault["seconds"])))
            others = Wish.objects.filter(state__in=OPEN, card_key__in=_cards_of(wish.id)).exclude(id=wish.id)
            if others.exists():
                raise Broken("double: two gifts of one card are under way")
            before = len(self.scene.posts())
            try:
                there = self.scene.unreachable if plan.outcome == UNREACHABLE else merchant
                return transfer_out(contents, merchant=there, may_send=may_send)
            finally:
                posts = self.scene.posts()
                if fault is not None and len(posts) == before:  # called off: what was planned meets nobody
                    self.sandbox.clear_faults()
                    wish.late_until = None
                self.known.take_posts(posts, wish)
        finally:
            if plan.when == "after":
                self._come_between(wish, plan.meanwhile)
            self.points.reach("after the call")

    def _come_between(self, wish: Pressed, what: str) -> None:
        """Somebody else acts while the call of this wish is under way."""
        self.scene.tally.meanwhile[what] += 1
        if what == "again":
            self._press(wish, Plan(), "")
        elif what == "another tab":
            other = self._open_page(wish.place, FIVE_OFF, PEOPLE[1], MESSAGES[1])
            if other is not None:
                self._press(other, Plan(), "")
        elif what == "look":
            self._follow(wish, look=True)
        else:
            for seconds in STANDING_STILL.get(what, (0,)):
                self.scene.let_pass(seconds)
                settle_unattended(merchant=self.merchant)

    def _follow(self, wish: Pressed, *, look: bool) -> None:
        guest = self.scene.guests[wish.place]
        try:
            following = tracker.follow(
                merchant=self.merchant, guest=guest, wish_id=wish.id, look=look, language="en"
            )
        except WishGone:
            return
        if following.state != Wish.objects.get(id=wish.id).state:
            raise Broken("wrong: the page tells another state than the ledger has")

    @contextmanager
    def _dying(self, point: str) -> Iterator[None]:
        """Inside, the process ends at this place, if it comes by, and takes everybody in it along."""
        if point:
            self.points.arm(point)
        try:
            yield
        except Crash as crash:
            if self.under_way[1:]:
                raise
            self.scene.tally.crashes[str(crash)] += 1
        finally:
            if point:
                self.points.arm("")

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Inside, what is broken is counted by its first word, once."""
        try:
            yield
        except Broken as broken:
            if not self.is_broken:
                self.is_broken = True
                self.scene.tally.doubles += str(broken).startswith("double")
                self.scene.tally.lost += str(broken).startswith("lost")
            raise

    def _picked(self, pick: int) -> Pressed:
        return self.wishes[-1 - pick % len(self.wishes)]

    def _come_to_rest(self) -> None:
        """Everything readable again, and time for whatever is late, due or watched."""
        self.scene.mend_history()
        for seconds in REST_SECONDS:
            self.scene.let_pass(seconds)
            settle_unattended(merchant=self.merchant)


def _cards_of(wish_id: UUID) -> Any:
    return Wish.objects.filter(id=wish_id).values("card_key")


def _pick(transfers: list[SandboxTransfer], pick: int) -> SandboxTransfer | None:
    return transfers[-1 - pick % len(transfers)] if transfers else None
