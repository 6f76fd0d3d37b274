"""The ledger of answers by itself: one claim at a time, nothing readable, no later claim written over."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from gifting.ledger import answers
from gifting.ledger.answers import Action, Claim, State
from gifting.models import Answer
from guestportal.web.sealing import unseal
from tests.support.answer_rows import let_pass, states
from tests.support.builders import demo_merchant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

CARD, OTHER_CARD = "6000301000418000", "6000301000731206"
NUMBER = "9007199254800001"
CODE = "ANAC0FFEE7QK2MZP"
CREDENTIAL = UUID("5b0e7f4e-8d0c-4a53-9d57-0f3f6f2a7c11")
PARALLEL, ROUNDS = 8, 25


def claim(action: str = Action.ACCEPT, *, card: str = CARD, number: str = NUMBER) -> Claim | None:
    return answers.claim(
        merchant=demo_merchant(),
        card_number=card,
        transaction_id=number,
        code=CODE,
        action=action,
        credential_id=CREDENTIAL,
    )


def claimed(action: str = Action.ACCEPT) -> Claim:
    found = claim(action)
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


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED])
def test_a_decided_gift_cannot_be_claimed_again(state: State) -> None:
    answers.settle(claimed(), state)

    assert claim() is None
    assert claim(Action.DECLINE) is None


def test_a_released_gift_can_be_answered_the_other_way() -> None:
    first = claimed()
    answers.doubt(first)
    assert answers.release(first)
    second = claim(Action.DECLINE)

    assert second is not None
    assert second.claim != first.claim
    assert states() == [("decline", "claimed")]


def test_an_earlier_claim_writes_nothing_over_a_later_one() -> None:
    first = claimed()
    answers.release(first)
    claim(Action.DECLINE)

    assert not answers.settle(first, State.ACCEPTED)
    assert not answers.release(first)
    answers.doubt(first)
    assert states() == [("decline", "claimed")]


def test_a_decision_is_never_taken_back() -> None:
    first = claimed()
    answers.settle(first, State.ACCEPTED)

    assert not answers.settle(first, State.ENDED)
    assert not answers.release(first)
    answers.doubt(first)
    assert states() == [("accept", "accepted")]


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
            return claim(action)
        finally:
            connection.close()

    answers.release(claimed())
    with ThreadPoolExecutor(PARALLEL) as pool:
        for _round in range(ROUNDS):
            given = [each for each in pool.map(attempt, [Action.ACCEPT, Action.DECLINE] * 4) if each]
            assert len(given) == 1
            answers.release(given[0])


def test_keeps_nothing_readable() -> None:
    claimed()
    row = str(Answer.objects.values().get())

    for secret in (CARD, CARD[-6:], CODE, NUMBER):
        assert secret not in row


def test_forgets_card_and_code_once_settled() -> None:
    answers.settle(claimed(), State.ACCEPTED)
    row = Answer.objects.get()

    assert (row.card, row.code) == ("", "")
    assert unseal(row.transaction).decode() == NUMBER, "what names the gift in a later address"


def test_deletes_settled_rows_after_the_merchants_time_and_no_open_one() -> None:
    answers.settle(claimed(), State.ACCEPTED)
    claim(number="2")
    old = timezone.now() - timedelta(days=91)
    Answer.objects.update(claimed_at=old)
    Answer.objects.filter(state=State.ACCEPTED).update(settled_at=old)

    merchant = demo_merchant()
    patient = replace(merchant, limits=replace(merchant.limits, gift_retention_days=92))
    assert answers.thin(merchant=patient) == 0
    assert answers.thin(merchant=merchant) == 1
    assert states() == [("accept", "claimed")]


def test_seals_rows_anew_with_the_first_key(settings: Settings) -> None:
    claimed()
    new_key, old_keys = Fernet.generate_key().decode(), settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [new_key, *old_keys]
    assert answers.reseal() == 1
    settings.ENCRYPTION_KEYS = [new_key]

    found = answers.claim_on(merchant=demo_merchant(), card_number=CARD, transaction_id=NUMBER)
    assert found is not None
    assert found.code == CODE
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert answers.claims_of(merchant=demo_merchant(), card_number=CARD) == ()
    assert claim() is None, "what no key opens still keeps the gift from being answered twice"
    assert answers.reseal() == 0


def test_an_open_claim_is_due_when_its_call_has_surely_ended() -> None:
    claimed()
    merchant = demo_merchant()
    let_pass(14)
    assert answers.due(merchant=merchant) == ()
    let_pass(2)

    (found,) = answers.due(merchant=merchant)
    assert found.code == CODE
    answers.settle(found, State.ACCEPTED)
    assert answers.due(merchant=merchant) == ()


def test_of_many_who_find_a_claim_due_at_once_one_looks() -> None:
    claimed()
    let_pass(16)
    later = timezone.now() + timedelta(seconds=10)

    def attempt(found: Claim) -> bool:
        try:
            return answers.note_look(found, next_look_at=later)
        finally:
            connection.close()

    (found,) = answers.due(merchant=demo_merchant())
    with ThreadPoolExecutor(PARALLEL) as pool:
        assert sum(pool.map(attempt, [found] * PARALLEL)) == 1
    assert answers.due(merchant=demo_merchant()) == ()


def test_nobody_looks_about_a_claim_that_was_settled_meanwhile() -> None:
    claimed()
    let_pass(16)
    (found,) = answers.due(merchant=demo_merchant())
    answers.settle(found, State.ENDED)

    assert not answers.note_look(found, next_look_at=timezone.now())


def test_a_decision_that_is_taken_back_can_be_claimed_anew_once() -> None:
    first = claimed()
    assert not answers.reopen(first), "it is no decision"
    answers.settle(first, State.ACCEPTED, is_news=True)

    assert answers.reopen(first)
    assert not answers.reopen(first)
    assert not Answer.objects.get().is_news
    assert claim(Action.DECLINE) is not None
