"""What must hold after each step of a history and at rest, told from the ledger and from what Paytronix truly did."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from gifting.ledger.schedule import WATCHED_FOR
from gifting.ledger.wish import Contents, WishState
from gifting.ledger.wishes import OPEN, WishRow, find
from gifting.models import Transition, Wish
from gifting.sending.api import read_record
from tests.ledger.proof.world import CARDS, HELD, Pressed, Scene
from tests.support.sandbox import SandboxRequest, SandboxTransfer

_ENDS_IN_REFERENCE: Final = re.compile(r"Ref [0-9A-Z]{8}$")
NOT_THERE: Final = (WishState.NOT_SENT, WishState.FAILED)


class Broken(AssertionError):
    """Something happened that must never happen; the text begins with what."""


@dataclass(slots=True)
class Known:
    """What a history knows of itself: every wish, every call it has seen, and how its readings were spoiled."""

    wishes: list[Pressed] = field(default_factory=list)
    posts: set[int] = field(default_factory=set)
    stale_readings: int = 0
    dark_days: int = 0

    def was_misled(self) -> bool:
        """Whether lagging copies alone can have made a wish look as if it had never happened."""
        return self.stale_readings >= 2

    def take_posts(self, truth: dict[int, SandboxRequest], wish: Pressed | None) -> None:
        """Let the calls that have reached Paytronix since the last look be this wish's, or nobody's."""
        fresh = set(truth) - self.posts
        self.posts |= fresh
        if wish is not None:
            wish.posts += sorted(fresh)
        elif fresh:
            raise Broken("double: transferOut was called outside of sending")


def judge(scene: Scene, known: Known, *, at_rest: bool) -> None:
    """Raise Broken for the first thing that is not as it must be."""
    if not known.wishes:
        return
    truth = scene.posts()
    known.take_posts(truth, None)
    rows = {row.id: row for row in Wish.objects.filter(id__in=[wish.id for wish in known.wishes])}
    steps: dict[UUID, list[tuple[str, str, Any]]] = {}
    for step in Transition.objects.order_by("id"):
        steps.setdefault(step.row, []).append((step.state, step.cause, step.at))
    for wish in known.wishes:
        row, passed = rows.get(wish.id), steps.get(wish.id, [])
        worked = worked_of(wish, truth)
        _check_calls(wish, worked)
        _check_row(wish, row, passed, worked)
        if row is None:
            continue
        _check_steps(wish, row, passed)
        wish.steps = tuple(passed)
        if row.state in WishRow.balance_states and scene.shows_a_balance(wish.place):
            raise Broken("wrong: a balance is shown that was read before the gift")
        if row.state in NOT_THERE:
            _check_not_there(known, wish, worked, at_rest=at_rest)
        if at_rest:
            scene.tally.ends[row.state] += 1
            _check_end(scene, known, wish, row)
    if at_rest:
        _check_wallets(scene, known, rows.values(), truth)


def _check_not_there(known: Known, wish: Pressed, worked: int, *, at_rest: bool) -> None:
    if wish.late_until is not None and timezone.now() < wish.late_until:
        raise Broken("lost: called not sent while its call can still arrive")
    excused = wish.misled if at_rest else known.was_misled()
    if worked and not excused:
        raise Broken("lost: called not sent although Paytronix has it")


def _check_end(scene: Scene, known: Known, wish: Pressed, row: Wish) -> None:
    if row.state in OPEN:
        raise Broken("open: a gift that never comes to an end")
    if row.next_look_at is not None:
        raise Broken("open: somebody has to look at it for ever")
    if row.state == WishState.NEEDS_REVIEW and not _is_undecidable(scene, known, wish):
        raise Broken("open: a person has to look at what reading could have told")
    if row.state == WishState.SENT:
        _check_proof(scene, wish)


def _check_proof(scene: Scene, wish: Pressed) -> None:
    """What is kept as this gift is a gift of this card with this very message."""
    guest = scene.guests[wish.place]
    kept = find(merchant=wish.merchant, guest=guest, wish_id=wish.id).transfer
    gift = read_record(kept, merchant=wish.merchant, card_number=guest.card_number, now=timezone.now())
    truth = {str(each.transaction_id): each for each in scene.sandbox.transfers()}
    proof = truth.get(gift.transaction_id) if gift else None
    if proof is None or (proof.message or "") != wish.contents.sent_message:
        raise Broken("wrong: another gift was taken as the proof of this one")


def _is_undecidable(scene: Scene, known: Known, wish: Pressed) -> bool:
    """Whether there are look-alikes, a success that names nothing, or a day without an answer."""
    causes = [cause for _state, cause, _at in wish.steps]
    if not wish.contents.reference:
        return True
    if causes[-1] == "no_answer_for_a_day":
        return known.dark_days > 0
    if causes[-1] == "in_doubt" and "odd_success" in causes:
        return True
    return any(
        wish.contents.reference in (twin.message or "") or _may_be_ours(twin, wish.contents)
        for twin in scene.sandbox.transfers(origin="elsewhere")
        if _is_from(twin, CARDS[wish.place].number, wish.contents.wallet_code)
    )


def _may_be_ours(twin: SandboxTransfer, contents: Contents) -> bool:
    """Whether only its words tell a gift of this card and wallet from the wish's, and they end in no reference."""
    recipient = contents.recipient
    same_person = twin.to_identifier is None or twin.to_identifier == recipient.address
    is_new = twin.transaction_id > contents.baseline
    return same_person and is_new and _ENDS_IN_REFERENCE.search(twin.message or "") is None


def _check_wallets(
    scene: Scene, known: Known, rows: Iterable[Wish], truth: dict[int, SandboxRequest]
) -> None:
    """What left the wallets is what the ledger says was sent, and what was sent elsewhere."""
    elsewhere = scene.sandbox.transfers(origin="elsewhere")
    states = {row.id: row.state for row in rows}
    for place, card in enumerate(CARDS):
        for wallet_code in HELD:
            sent = sum(_is_from(each, card.number, wallet_code) for each in elsewhere)
            for wish in known.wishes:
                if wish.place != place or wish.contents.wallet_code != wallet_code:
                    continue
                unclear = states.get(wish.id) == WishState.NEEDS_REVIEW or wish.misled
                sent += worked_of(wish, truth) if unclear else states.get(wish.id) == WishState.SENT
            if sent != scene.spent(place, wallet_code):
                raise Broken("lost: the wallets tell of other gifts than the ledger")


def _check_calls(wish: Pressed, worked: int) -> None:
    if len(wish.posts) > 1:
        raise Broken("double: transferOut was called twice for one wish")
    if worked > 1:
        raise Broken("double: one wish was done twice")


def _check_row(wish: Pressed, row: Wish | None, passed: list[Any], worked: int) -> None:
    if row is None:
        if wish.posts or wish.steps:
            raise Broken("lost: a wish that was sent is no longer in the ledger")
        return
    if wish.posts and row.state == WishState.PREPARED:
        raise Broken("double: transferOut was called for a wish that nobody has claimed")
    if row.state == WishState.SENT and worked != 1:
        raise Broken("wrong: called sent although Paytronix has nothing of it")
    if (row.state == WishState.SENT) is not bool(row.transaction_key):
        raise Broken("wrong: sent without the transaction that proves it")
    if row.state in NOT_THERE and row.claimed_at and timezone.now() < row.claimed_at + WATCHED_FOR:
        watched = row.next_look_at is not None or passed[-1][1] == "surely_not_sent"
        if not watched:
            raise Broken("lost: called not sent, and nobody watches whether it arrives")


def _check_steps(wish: Pressed, row: Wish, passed: list[Any]) -> None:
    """The list only grows, begins with the claim, never stands still and ends where the row is."""
    states = [state for state, _cause, _at in passed]
    moments = [at for _state, _cause, at in passed]
    if tuple(passed[: len(wish.steps)]) != wish.steps:
        raise Broken("wrong: the list of transitions was rewritten")
    if not passed:
        if row.state != WishState.PREPARED:
            raise Broken("wrong: a transition is missing")
        return
    if passed[0][:2] != (WishState.SENDING, "claimed") or states[-1] != row.state:
        raise Broken("wrong: the transitions do not lead from the claim to the state")
    if any(first[:2] == second[:2] for first, second in pairwise(passed)):
        raise Broken("wrong: a transition that leads nowhere")
    if moments != sorted(moments):
        raise Broken("wrong: transitions go back in time")


def worked_of(wish: Pressed, truth: dict[int, SandboxRequest]) -> int:
    """How often Paytronix truly did what this wish asked for."""
    return sum(truth[number].worked for number in wish.posts)


def _is_from(transfer: SandboxTransfer, card_number: str, wallet_code: int) -> bool:
    return transfer.from_card == card_number and transfer.source_wallet == wallet_code
