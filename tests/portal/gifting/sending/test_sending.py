"""A gift from the first decision to the receipt: what is asked, what is written down, what the sender is told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from gifting.ledger.wish import WishState
from gifting.models import Wish
from gifting.sending import send
from gifting.sending.words import cost_words
from guestportal.sandbox.cards import RICH
from tests.support.builders import Payload, without
from tests.support.gift_payloads import balance, external, sent
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import MESSAGE, MIRA, Sender, sent_by_api, state_of, steps_of


def test_sends_with_three_calls_and_follows_with_none(rosa: Sender, sandbox: SandboxProcess) -> None:
    draft = rosa.drafts()
    wish = rosa.prepares(draft)
    rosa.sends(wish)
    receipt = rosa.follows(wish)

    calls = [request.operation.partition("/")[2] for request in sandbox.requests()]
    assert sorted(calls[:2]) == ["giftingConfig", "transferHistoryForAccount"]
    assert calls[2:] == ["transferOut"]
    (transfer,) = sent_by_api(sandbox)
    assert transfer.to_identifier == MIRA.address
    assert transfer.to_name == MIRA.name
    assert transfer.message == f"{MESSAGE}\nRef {wish.reference}"
    assert receipt.state is WishState.SENT
    assert receipt.gift is not None
    assert receipt.gift.transaction_id == str(transfer.transaction_id)
    assert receipt.gift.waits
    assert steps_of(wish) == [("sending", "claimed"), ("sent", "success")]


def test_the_same_decisions_keep_their_key_and_changed_ones_end_the_old_one(rosa: Sender) -> None:
    draft = rosa.drafts()
    first = rosa.prepares(draft)
    draft = replace(draft, wish_id=first.wish_id)
    assert rosa.prepares(draft).wish_id == first.wish_id

    second = rosa.prepares(replace(draft, message="Something else"))
    assert second.wish_id != first.wish_id
    assert second.reference != first.reference
    assert state_of(second) is WishState.PREPARED
    assert not send.is_spent(merchant=rosa.merchant, guest=rosa.guest, draft=draft)


@pytest.mark.parametrize(("minutes", "same"), [(7, True), (8, False)])
def test_a_check_page_of_some_age_is_replaced_before_its_time_is_over(
    rosa: Sender, minutes: int, same: bool
) -> None:
    draft = rosa.drafts()
    old = rosa.prepares(draft)
    Wish.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))

    assert (rosa.prepares(replace(draft, wish_id=old.wish_id)).wish_id == old.wish_id) is same


def answering(sandbox: SandboxProcess, **members: object) -> None:
    """Let transferOut do its work and reply with a transfer of the documented form that says this."""
    transfer = sent(
        fromPrintedCardNumber=RICH.number,
        transferOutTransactionId=10**18,
        transferDatetime=f"{timezone.now():%Y-%m-%d %H:%M:%S} +0000",
        externalTarget=external(identifier=MIRA.address),
    )
    body = json.dumps({"result": "success", "transferInfo": {**transfer, **members}})
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": body})


@pytest.mark.parametrize("longest", [250, 40, 0], ids=["within the reference", "within the words", "all"])
@pytest.mark.parametrize("words", ["Tom & Jerry " * 20, "Tom &amp; Jerry " * 20], ids=["plain", "escaped"])
def test_a_success_whose_message_came_back_changed_or_cut_off_needs_nobody(
    rosa: Sender, sandbox: SandboxProcess, words: str, longest: int
) -> None:
    wish = rosa.prepares(rosa.drafts(message="Tom & Jerry " * 20 + "y"))
    answering(sandbox, transferMessage=f"{words}y\nRef {wish.reference}"[:longest])
    rosa.sends(wish)

    assert steps_of(wish) == [("sending", "claimed"), ("sent", "success")]


def test_a_success_that_names_the_person_but_no_address_needs_nobody(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    answering(sandbox, externalTarget=without(external(), "identifier"))
    rosa.sends(wish)

    assert steps_of(wish) == [("sending", "claimed"), ("sent", "success")]


@pytest.mark.parametrize(
    "members",
    [
        {"transferMessage": "Have one on me\nRef 00000000"},
        {"externalTarget": external(identifier="jo@example.net")},
        {"transferOutTransactionId": 1},
    ],
    ids=["reference", "person", "older"],
)
def test_a_success_of_another_gift_is_not_believed(
    rosa: Sender, sandbox: SandboxProcess, members: dict[str, object]
) -> None:
    wish = rosa.prepares()
    answering(sandbox, **members)
    rosa.sends(wish)

    assert steps_of(wish)[1:] == [("unknown", "odd_success")]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (balance(sourceAmount="3", destinationAmount="3"), "3 × Free Coffee"),
        (balance(sourceAmount="3"), "3 × Free Coffee"),
        (balance(sourceWalletCode=5, sourceWalletName="Visits", sourceAmount="10"), "10 Visits"),
        (without(balance(), "sourceAmount", "destinationAmount"), "1 × Free Coffee"),
        ({}, "1 × Free Coffee"),
    ],
    ids=["as much as given", "more than given", "of another wallet", "not told", "nothing told"],
)
def test_tells_what_was_taken_and_only_else_what_was_to_be(
    rosa: Sender, sandbox: SandboxProcess, told: Payload, words: str
) -> None:
    wish = rosa.prepares()
    answering(sandbox, balance=told)
    rosa.sends(wish)
    receipt = rosa.follows(wish)

    assert receipt.state is WishState.SENT
    assert cost_words(receipt) == words
