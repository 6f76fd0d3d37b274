"""`resolve_gift` and `after_restore`: what a person decides, and what a restored database may not do again."""

import logging
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from gifting.ledger import wishes
from gifting.ledger.wish import WishGone, WishState
from gifting.models import Answer, Transition, Wish
from gifting.sending.domain import Prepared
from tests.support.answer_rows import states
from tests.support.answering_steps import answer, handle_of, transfer
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_pages import CHECK, visitor, wish_on
from tests.support.sending_steps import (
    POINTS,
    Sender,
    grow_older,
    posts,
    sent_by_api,
    state_of,
    steps_of,
)


def run(*arguments: str) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def in_review(rosa: Sender, sandbox: SandboxProcess) -> Prepared:
    """A gift with a twin that reading cannot tell apart."""
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish)
    sandbox.send_twin(sent_by_api(sandbox)[0].transaction_id)
    assert rosa.follows(wish).state is WishState.NEEDS_REVIEW
    return wish


def test_a_gift_that_needs_a_person_is_an_error_in_the_log(
    rosa: Sender, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    in_review(rosa, sandbox)
    (line,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert (line.message, line.fields["cause"]) == ("gift_transition", "candidates")  # type: ignore[attr-defined]


@pytest.mark.parametrize("by_reference", [True, False], ids=["by reference", "by id"])
def test_a_person_says_that_it_was_sent_and_it_is_thinned_like_others(
    rosa: Sender, sandbox: SandboxProcess, by_reference: bool
) -> None:
    wish = in_review(rosa, sandbox)
    number = str(sent_by_api(sandbox)[0].transaction_id)
    ref = wish.reference.lower() if by_reference else str(wish.wish_id)
    assert "sent  resolved by Mo Riley" in run("resolve_gift", ref, "--sent", number, "--by", " Mo  Riley ")

    assert steps_of(wish)[-1] == ("sent", "resolved by Mo Riley")
    told = rosa.follows(wish, look=True)
    assert told.state is WishState.SENT
    assert told.gift is not None
    assert told.gift.transaction_id == number
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        wishes.thin(merchant=rosa.merchant)
    assert Wish.objects.get().contents == ""


def test_a_person_says_that_it_was_not_sent_and_the_guest_may_try_again(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = in_review(rosa, sandbox)
    run("resolve_gift", str(wish.wish_id), "--not-sent", "--by", "Mo")
    assert rosa.follows(wish).may_retry


def test_what_cannot_be_resolved_is_left_as_it_is_and_says_why(rosa: Sender, sandbox: SandboxProcess) -> None:
    sent = rosa.prepares(rosa.drafts(wallet_code=POINTS))
    rosa.sends(sent)
    taken = str(sent_by_api(sandbox)[0].transaction_id)
    wish = in_review_again(rosa, sandbox)
    ref = str(wish.wish_id)
    for reason, arguments in {
        "No gift has this id": (str(uuid4()), "--not-sent", "--by", "Mo"),
        "needs no review: it is sent": (str(sent.wish_id), "--not-sent", "--by", "Mo"),
        "No gift that needs review has this reference": (sent.reference, "--not-sent", "--by", "Mo"),
        "takes the number": (ref, "--sent", "twelve", "--by", "Mo"),
        "--sent takes the number": (ref, "--sent", "", "--by", "Mo"),
        "takes the number of the transfer": (ref, "--sent", "000", "--by", "Mo"),
        "number of the transfer": (ref, "--sent", "9" * 21, "--by", "Mo"),
        "proves another gift already": (ref, "--sent", taken, "--by", "Mo"),
        "proves another gift": (ref, "--sent", f"00{taken}", "--by", "Mo"),
        "Say who": (ref, "--not-sent", "--by", "  "),
        "required": (ref, "--not-sent"),
        "one of the arguments": (ref, "--by", "Mo"),
    }.items():
        with pytest.raises(CommandError, match=reason):
            run("resolve_gift", *arguments)
    assert state_of(wish) is WishState.NEEDS_REVIEW


def in_review_again(rosa: Sender, sandbox: SandboxProcess) -> Prepared:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(wish, another=True)
    sandbox.send_twin(sent_by_api(sandbox)[1].transaction_id)
    assert rosa.follows(wish).state is WishState.NEEDS_REVIEW
    return wish


def restore(dump: list[Wish]) -> None:
    """The database as it was when the rows were read."""
    Transition.objects.all().delete()
    Wish.objects.all().delete()
    Wish.objects.bulk_create(dump)


def test_a_check_page_of_a_restored_database_sends_nothing(rosa: Sender, sandbox: SandboxProcess) -> None:
    """Check 52: the dump was taken before the gift was sent, and its page is still open."""
    wish = rosa.prepares()
    dump = list(Wish.objects.all())
    rosa.sends(wish)
    guest = rosa.guest
    restore(dump)
    said = run("after_restore")

    assert "Check pages voided: 1" in said
    assert "Signed out: 1" in said
    with pytest.raises(WishGone):
        wishes.claim(merchant=rosa.merchant, guest=guest, wish_id=wish.wish_id, another=True)
    assert len(posts(sandbox)) == 1


def test_the_open_page_of_a_restored_database_leads_to_the_sign_in(
    guest_client: Client, sandbox: SandboxProcess
) -> None:
    browser = visitor(guest_client)
    browser.decide()
    wish = wish_on(browser.get(CHECK))
    said = run("after_restore")
    pressed = browser.client.post(CHECK, {"wish": wish})

    assert "Sessions ended: 1" in said
    assert pressed.status_code in {302, 403}
    assert posts(sandbox) == []


def test_calls_under_way_in_a_restored_database_are_settled_by_reading(
    ana: Client, rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    wishes.claim(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id, another=False)
    dump = list(Wish.objects.all())
    answer(ana, "accept", handle_of(ana))
    Answer.objects.update(state="claimed", settled_at=None)
    restore(dump)
    assert "Calls to be confirmed by reading: 2" in run("after_restore")

    assert state_of(wish) is WishState.UNKNOWN
    assert states() == [("accept", "unknown")]
    for seconds in (100, 16):
        grow_older(seconds)
        run("settle_gifts")
    assert state_of(wish) is WishState.NOT_SENT
    assert states() == [("accept", "accepted")]
    assert transfer(sandbox).status == "ACCEPTED"
