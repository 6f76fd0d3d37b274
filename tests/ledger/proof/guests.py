"""What the guests of a history do: open pages, press, look, and come in between each other's calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from gifting.ledger.wish import AlreadySent, Contents, GiftUnderWay, SendingLimit, TwinFound, WishGone
from gifting.ledger.wishes import OPEN, find
from gifting.models import Wish
from gifting.sending import follow as tracker
from gifting.sending import send
from gifting.sending.api import transfer_out
from gifting.sending.domain import OfferGone
from gifting.sending.draft import Draft
from gifting.sending.settle import settle_unattended
from guestportal.paytronix.errors import PaytronixError
from tests.ledger.proof.crash_points import Points
from tests.ledger.proof.invariants import NOT_THERE, Broken, Known
from tests.ledger.proof.world import (
    CARDS,
    FIVE_OFF,
    MESSAGES,
    OUTCOMES,
    PEOPLE,
    UNREACHABLE,
    Crash,
    Pressed,
    Scene,
)

# How long the process stands still each time before the settler comes by: so long that it is believed dead, and so
# long that its gift is called not sent.
STANDING_STILL: Final = {"stall": (16,), "long stall": (16, 61, 16)}
MEANWHILE: Final = ("again", "another tab", "look", "settle", *STANDING_STILL)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the next call meets, and who comes in between."""

    outcome: str = "ok"
    when: str = ""
    meanwhile: str = ""


class Guests:
    """Three guests of one merchant, in whatever number of tabs."""

    def __init__(self, scene: Scene, known: Known) -> None:
        self.merchant = scene.merchant
        self.points = Points()
        self.is_broken = False
        self._scene, self._known = scene, known
        self._under_way: list[tuple[Pressed, Plan]] = []

    def free_place(self, place: int) -> int:
        """The first guest from this one on without an open gift; this one when there is none."""
        open_ids = Wish.objects.filter(state__in=OPEN).values_list("id", flat=True)
        taken = {wish.place for wish in self._known.wishes if wish.id in set(open_ids)}
        places = ((place + step) % len(CARDS) for step in range(len(CARDS)))
        return next((each for each in places if each not in taken), place)

    def open_page(self, place: int, wallet: int, person: Any, message: str) -> Pressed | None:
        """Go through all pages to the check page, None when Paytronix cannot be read or the gift is not on offer."""
        guest, account = self._scene.guests[place], self._scene.account_of(place)
        try:
            draft = send.begin(merchant=self.merchant, guest=guest, account=account)
        except PaytronixError:
            return None
        return self.prepare(place, replace(draft, wallet_code=wallet, recipient=person, message=message))

    def prepare(self, place: int, draft: Draft) -> Pressed | None:
        """The check page of a draft, None when its gift is no longer on offer."""
        guest = self._scene.guests[place]
        try:
            prepared = send.prepare(
                merchant=self.merchant, guest=guest, draft=draft, account=self._scene.account_of(place)
            )
        except OfferGone:
            return None
        row = find(merchant=self.merchant, guest=guest, wish_id=prepared.wish_id)
        assert row.contents is not None
        wish = Pressed(row.id, place, self.merchant, row.contents)
        self._known.wishes.append(wish)
        return wish

    def try_again(self, wish: Pressed) -> Pressed | None:
        """The check page after "Try again" or "Change the gift", None when this wish offers neither now."""
        guest, account = self._scene.guests[wish.place], self._scene.account_of(wish.place)
        not_there = Wish.objects.filter(id=wish.id, state__in=NOT_THERE)
        with self.counting():
            try:
                draft = send.retry(merchant=self.merchant, guest=guest, account=account, wish_id=wish.id)
            except WishGone:
                if not_there.exists():  # still, for it looks once more whether the gift has arrived after all
                    raise Broken("stuck: a gift that was not sent cannot be tried again") from None
                return None
            except PaytronixError:
                return None
            refused = find(merchant=self.merchant, guest=guest, wish_id=wish.id).is_refused
            if not not_there.exists() and not refused:
                raise Broken("double: a gift that may have been sent was offered again")
        return self.prepare(wish.place, draft)

    def press(self, wish: Pressed, plan: Plan, crash: str) -> None:
        """Press the button of a check page; `plan` is what its call meets, `crash` where the process ends."""
        self._under_way.append((wish, plan))
        try:
            with self.counting(), self.dying(crash):
                self._send(wish)
        finally:
            self._under_way.pop()

    def _send(self, wish: Pressed) -> None:
        guest = self._scene.guests[wish.place]
        for another in (False, True):
            try:
                send.send(merchant=self.merchant, guest=guest, wish_id=wish.id, another=another)
            except TwinFound:
                continue  # "Send another?" "Yes."
            except (WishGone, AlreadySent, GiftUnderWay, SendingLimit) as refusal:
                self._scene.tally.refusals[type(refusal).__name__] += 1
            return

    def transfer_out(self, contents: Contents, *, merchant: Any, may_send: Any) -> Any:
        """In place of the one call: the same call, met by what was planned, with others coming in between."""
        wish, plan = self._under_way[-1]
        self.points.reach("after the claim")
        self._scene.tally.sends += 1
        self._scene.tally.outcomes[plan.outcome] += 1
        try:
            if plan.when == "before":
                self._come_between(wish, plan.meanwhile)
            fault = OUTCOMES[plan.outcome]
            if fault is not None:
                self._scene.sandbox.queue_fault("gifttransfer/transferOut", fault)
                if fault["kind"] == "late":
                    wish.late_until = timezone.now() + timedelta(seconds=int(str(fault["seconds"])))
            others = Wish.objects.filter(state__in=OPEN, card_key__in=_cards_of(wish.id)).exclude(id=wish.id)
            if others.exists():
                raise Broken("double: two gifts of one card are under way")
            before = len(self._scene.posts())
            try:
                there = self._scene.unreachable if plan.outcome == UNREACHABLE else merchant
                return transfer_out(contents, merchant=there, may_send=may_send)
            finally:
                posts = self._scene.posts()
                if fault is not None and len(posts) == before:  # called off: what was planned meets nobody
                    self._scene.sandbox.clear_faults()
                    wish.late_until = None
                self._known.take_posts(posts, wish)
        finally:
            if plan.when == "after":
                self._come_between(wish, plan.meanwhile)
            self.points.reach("after the call")

    def _come_between(self, wish: Pressed, what: str) -> None:
        """Somebody else acts while the call of this wish is under way."""
        self._scene.tally.meanwhile[what] += 1
        if what == "again":
            self.press(wish, Plan(), "")
        elif what == "another tab":
            other = self.open_page(wish.place, FIVE_OFF, PEOPLE[1], MESSAGES[1])
            if other is not None:
                self.press(other, Plan(), "")
        elif what == "look":
            self.follow(wish, look=True)
        else:
            for seconds in STANDING_STILL.get(what, (0,)):
                self._scene.let_pass(seconds)
                settle_unattended(merchant=self.merchant)

    def follow(self, wish: Pressed, *, look: bool) -> None:
        """Open the page that follows a gift; `look` presses its button."""
        guest = self._scene.guests[wish.place]
        try:
            following = tracker.follow(
                merchant=self.merchant, guest=guest, wish_id=wish.id, look=look, language="en"
            )
        except WishGone:
            return
        if following.state != Wish.objects.get(id=wish.id).state:
            raise Broken("wrong: the page tells another state than the ledger has")

    @contextmanager
    def dying(self, point: str) -> Iterator[None]:
        """Inside, the process ends at this place, if it comes by, and takes everybody in it along."""
        if point:
            self.points.arm(point)
        try:
            yield
        except Crash as crash:
            if self._under_way[1:]:
                raise
            self._scene.tally.crashes[str(crash)] += 1
        finally:
            if point:
                self.points.arm("")

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Inside, what is broken is counted by its first word, once."""
        try:
            yield
        except Broken as broken:
            if not self.is_broken:
                self.is_broken = True
                self._scene.tally.doubles += str(broken).startswith("double")
                self._scene.tally.lost += str(broken).startswith("lost")
            raise


def _cards_of(wish_id: UUID) -> Any:
    return Wish.objects.filter(id=wish_id).values("card_key")
