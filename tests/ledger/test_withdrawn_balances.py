"""A balance that was read while an end was unknown is shown no more once the end is known, whatever it is."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import unthrottled
from accounts.models import Credential
from accounts.services import read_account_anew
from gifting.models import Wish
from gifting.receiving.settle import settle_unattended
from guestportal.merchants.definition import Merchant
from tests.support.answer_rows import let_pass, states
from tests.support.answering_steps import URL_BY_ACTION, answer, handle_of
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import Sender, sender_with, state_of

pytestmark = pytest.mark.django_db

LOST = {"kind": "drop_before"}


def shown_balances() -> int:
    return Credential.objects.exclude(account="").count()


@pytest.mark.parametrize("by_hand", [False, True], ids=["by reading", "by a person"])
def test_a_gift_that_was_not_sent_after_all(rosa: Sender, sandbox: SandboxProcess, by_hand: bool) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, LOST)
    rosa.sends(wish)
    read_account_anew(merchant=rosa.merchant, guest=rosa.guest)
    assert shown_balances() == 1
    if by_hand:
        Wish.objects.update(state="needs_review")
        call_command("resolve_gift", str(wish.wish_id), "--not-sent", "--by", "Mo")
    else:
        rosa.is_sure_of(wish)

    assert state_of(wish) == "not_sent"
    assert shown_balances() == 0


def test_an_answer_that_was_not_given_after_all(
    ana: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(URL_BY_ACTION["accept"], LOST)
    answer(ana, "accept", handle)
    ana.get("/balance/")
    assert shown_balances() == 1
    let_pass(61)
    settle_unattended(merchant=merchant)

    assert states() == [("accept", "released")]
    assert shown_balances() == 0


def test_a_sign_in_whose_reading_began_before_the_gift(
    rosa: Sender, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second phone has its reading; before it is stored, the gift goes from the first."""
    wish = rosa.prepares()
    read = unthrottled._account_information

    def slowly(*inputs: Any) -> Any:
        reply = read(*inputs)
        rosa.sends(wish)
        return reply

    with monkeypatch.context() as patch:
        patch.setattr(unthrottled, "_account_information", slowly)
        phone = sender_with(rosa.merchant)
    assert state_of(wish) == "sent"
    assert shown_balances() == 0

    read_account_anew(merchant=phone.merchant, guest=phone.guest)
    assert sender_with(rosa.merchant).guest.account is not None, "what is read later is kept"
    assert shown_balances() == 2
