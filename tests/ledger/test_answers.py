"""The ledger of answers by itself: one claim at a time, nothing readable, no later claim written over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import count
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from gifting.ledger import answers, rows
from gifting.ledger.answers import Action, Answered, Claim, State
from gifting.ledger.rows import RefusalNote, Step
from gifting.models import Answer, Transition
from guestportal.merchants.definition import Merchant
from tests.support.answer_rows import let_pass, states
from tests.support.builders import demo_merchant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

CARD, OTHER_CARD = "6000301000418000", "6000301000731206"
NUMBER = "9007199254800001"
CODE = "ANAC0FFEE7QK2MZP"
PARALLEL, ROUNDS = 8, 25


def claim(
    action: str = Action.ACCEPT,
    *,
    card: str = CARD,
    number: str = NUMBER,
    standing: Claim | None = None,
    merchant: Merchant | None = None,
) -> Claim | None:
    return answers.claim(
        merchant=merchant or demo_merchant(),
        card_number=card,
        transaction_id=number,
        code=CODE,
        action=action,
        standing=standing,
    )


def claimed(action: str = Action.ACCEPT) -> Claim:
    found = claim(action)
    assert found is not None
    return found


def written(row: Claim, state: State, **more: Any) -> Claim | None:
    """The row after a step into this state; None when it was not written."""
    return rows.write(row, Step(state=state, cause="test", **more), merchant=demo_merchant())


def in_state(state: State) -> Claim:
    found = written(claimed(), state)
    assert found is not None
    return found


def test_gives_one_claim_on_a_gift_whatever_the_answer() -> None:
    first = claimed()

    assert (first.action, first.state, first.code) == ("accept", "claimed", CODE)
    assert (first.transaction_id, first.card_number) == (NUMBER, CARD)
    assert claim() is None
    assert claim(Action.DECLINE) is None
    assert states() == [("accept", "claimed")]


def test_claims_of_other_gifts_and_guests_do_not_meet() -> None:
    claimed()

    assert claim(number="9007199254800014") is not None
    assert claim(card=OTHER_CARD) is not None


@pytest.mark.parametrize("state", [State.CLAIMED, State.UNKNOWN, State.ACCEPTED, State.DECLINED])
def test_what_is_decided_or_open_cannot_be_claimed_again(state: State) -> None:
    standing = claimed() if state is State.CLAIMED else in_state(state)

    for action in Action:
        assert claim(action) is None
        assert claim(action, standing=standing) is None


@pytest.mark.parametrize("state", [State.RELEASED, State.ENDED])
def test_a_released_gift_can_be_answered_the_other_way(state: State) -> None:
    second = claim(Action.DECLINE, standing=in_state(state))

    assert second is not None
    assert (second.state, second.refusal, second.settled_at) == (State.CLAIMED, None, None)
    assert states() == [("decline", "claimed")]
    assert Claim.read(Answer.objects.get()) == second, "what is returned is what was written"


def test_a_refused_answer_can_be_repeated_once_a_reading_was_clean_and_the_other_cannot() -> None:
    refused = written(claimed(), State.UNKNOWN, refusal=RefusalNote("code", "words", "REF"))
    assert refused is not None
    assert claim(standing=refused) is None
    now = timezone.now()
    seen = rows.write(
        refused, rows.stay(refused, next_look_at=now, clean_read_at=now), merchant=demo_merchant()
    )
    assert seen is not None

    assert claim(Action.DECLINE, standing=seen) is None
    again = claim(standing=seen)
    assert again is not None
    assert (again.refusal, again.clean_reads) == (None, 0)


def test_an_earlier_claim_writes_nothing_over_a_later_one() -> None:
    first = claimed()
    released = written(first, State.RELEASED)
    claim(Action.DECLINE, standing=released)

    assert written(first, State.ACCEPTED) is None
    step = Step(state=State.ACCEPTED, cause="success")
    assert rows.insist(first, step, merchant=demo_merchant(), over=answers.UNDECIDED).state is State.CLAIMED
    assert states() == [("decline", "claimed")]


def test_what_the_call_told_is_written_over_a_doubt_and_over_no_decision() -> None:
    first = claimed()
    written(first, State.UNKNOWN)
    step = Step(state=State.ACCEPTED, cause="success")
    assert rows.insist(first, step, merchant=demo_merchant(), over=answers.UNDECIDED).state is State.ACCEPTED

    late = Step(state=State.RELEASED, cause="surely_not_sent")
    assert rows.insist(first, late, merchant=demo_merchant(), over=answers.OPEN).state is State.ACCEPTED
    assert [step.state for step in Transition.objects.order_by("id")] == ["claimed", "unknown", "accepted"]


def test_refuses_to_claim_inside_a_wider_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        claim()
    assert states() == []


def test_of_many_claims_at_once_one_is_given() -> None:
    numbers = count(1)

    def attempt(number_and_action: tuple[int, str]) -> bool:
        number, action = number_and_action
        try:
            return claim(action, number=str(number)) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        for _round in range(ROUNDS):
            number = next(numbers)
            actions = [Action.ACCEPT, Action.DECLINE] * (PARALLEL // 2)
            assert sum(pool.map(attempt, [(number, action) for action in actions])) == 1
    assert len(states()) == ROUNDS


def test_of_many_claims_at_once_on_a_released_gift_one_is_given() -> None:
    def attempt(action: str) -> Claim | None:
        try:
            return claim(action, standing=standing)
        finally:
            connection.close()

    standing = in_state(State.RELEASED)
    with ThreadPoolExecutor(PARALLEL) as pool:
        for _round in range(ROUNDS):
            given = [each for each in pool.map(attempt, [Action.ACCEPT, Action.DECLINE] * 4) if each]
            assert len(given) == 1
            released = written(given[0], State.RELEASED)
            assert released is not None
            standing = released


def test_keeps_nothing_readable() -> None:
    claimed()
    row = str(Answer.objects.values().get())

    for secret in (CARD, CARD[-6:], CODE, NUMBER):
        assert secret not in row


def test_forgets_the_code_once_settled() -> None:
    in_state(State.ACCEPTED)
    row = Answer.objects.get()

    assert row.code == ""
    assert Claim.read(row).contents == Answered(CARD, NUMBER), "what its hashes are made of"


def test_deletes_settled_rows_after_the_merchants_time_and_no_open_one() -> None:
    in_state(State.ACCEPTED)
    claim(number="2")
    old = timezone.now() - timedelta(days=91)
    Answer.objects.update(claimed_at=old)
    Answer.objects.filter(state=State.ACCEPTED).update(settled_at=old)

    merchant = demo_merchant()
    patient = replace(merchant, limits=replace(merchant.limits, gift_retention_days=92))
    assert answers.thin(merchant=patient) == 0
    assert answers.thin(merchant=merchant) == 1
    assert states() == [("accept", "claimed")]
    assert Transition.objects.count() == 1, "its steps went with it"


def test_seals_rows_anew_with_the_first_key(settings: Settings) -> None:
    claimed()
    new_key, old_keys = Fernet.generate_key().decode(), settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [new_key, *old_keys]
    call_command("reseal", stdout=StringIO())
    settings.ENCRYPTION_KEYS = [new_key]

    (found,) = answers.claims_of(merchant=demo_merchant(), card_number=CARD)
    assert found.code == CODE
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert answers.claims_of(merchant=demo_merchant(), card_number=CARD) == ()
    assert claim() is None, "what no key opens still keeps the gift from being answered twice"


def due() -> tuple[Claim, ...]:
    return rows.due(Claim, merchant=demo_merchant())


def test_an_open_claim_is_due_when_its_call_has_surely_ended() -> None:
    claimed()
    let_pass(14)
    assert due() == ()
    let_pass(2)

    (found,) = due()
    assert found.code == CODE
    written(found, State.ACCEPTED)
    assert due() == ()


def test_of_many_who_find_a_claim_due_at_once_one_looks() -> None:
    claimed()
    let_pass(16)
    later = timezone.now() + timedelta(seconds=10)

    def attempt(found: Claim) -> bool:
        try:
            return (
                rows.write(found, rows.stay(found, next_look_at=later), merchant=demo_merchant()) is not None
            )
        finally:
            connection.close()

    (found,) = due()
    with ThreadPoolExecutor(PARALLEL) as pool:
        assert sum(pool.map(attempt, [found] * PARALLEL)) == 1
    assert due() == ()


def test_an_answer_open_at_one_file_of_a_program_is_open_at_the_other() -> None:
    """Check 49: the opposite answer is refused there too, whether its row was read or not."""
    there = replace(demo_merchant(), slug="second")
    first = claimed()
    assert answers.claims_of(merchant=there, card_number=CARD) == (first,)
    assert claim(Action.DECLINE, merchant=there) is None
    assert claim(Action.DECLINE, merchant=there, standing=first) is None
    assert states() == [("accept", "claimed")]

    released = written(first, State.RELEASED)
    second = claim(Action.DECLINE, merchant=there, standing=released)
    assert second is not None
    assert second.id == first.id
    assert Claim.read(Answer.objects.get()).code == CODE, "it is sealed for the file that it belongs to now"
