"""Two merchant files that lead to one Paytronix program: the same guests, cards and gifts, and one set of limits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from gifting.ledger import wishes
from gifting.ledger.wish import GiftUnderWay, Recipient, SendingLimit, WishGone, WishState
from gifting.models import Wish
from gifting.sending.settle import settle_unattended
from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import POINTS, Sender, posts, sender_with, sent_by_api, state_of

JO = Recipient(address="jo@example.net", name="Jo")


def second_file(merchant: Merchant, *, merchant_id: int | None = None) -> Merchant:
    integration = replace(
        merchant.integration, slug="second", merchant_id=merchant_id or merchant.integration.merchant_id
    )
    return replace(merchant, slug="second", hosts=("second.example",), integration=integration)


@pytest.fixture
def rosa_there(rosa: Sender) -> Iterator[Sender]:
    """Rosa with the same card at the other site."""
    there = second_file(rosa.merchant)
    with serving(rosa.merchant, there):
        yield sender_with(there)


def with_limit(sender: Sender, **limits: int) -> Sender:
    return replace(
        sender, merchant=replace(sender.merchant, limits=replace(sender.merchant.limits, **limits))
    )


def test_a_days_gifts_are_counted_once(rosa: Sender, rosa_there: Sender, sandbox: SandboxProcess) -> None:
    here, there = with_limit(rosa, gifts_per_day=1), with_limit(rosa_there, gifts_per_day=1)
    here.sends(here.prepares())
    with pytest.raises(SendingLimit):
        there.sends(there.prepares(there.drafts(wallet_code=POINTS, recipient=JO)))

    assert len(posts(sandbox)) == 1


def test_another_program_counts_for_itself(rosa: Sender) -> None:
    draft = with_limit(rosa, gifts_per_day=1).drafts()
    rosa.sends(rosa.prepares(draft))
    other = second_file(rosa.merchant, merchant_id=rosa.merchant.integration.merchant_id + 1)
    stranger = with_limit(replace(rosa, merchant=other), gifts_per_day=1)
    guest = rosa.guest  # a number that two programs have given to two guests

    wishes.check_day(merchant=stranger.merchant, guest=guest)
    with pytest.raises(SendingLimit):
        wishes.check_day(merchant=with_limit(rosa, gifts_per_day=1).merchant, guest=guest)


def test_a_gift_sent_at_one_withdraws_the_balance_at_both(rosa: Sender, rosa_there: Sender) -> None:
    wish = rosa.prepares()
    assert rosa_there.guest.account is not None
    rosa.sends(wish)
    assert rosa_there.guest.account is None


def test_one_open_gift_of_a_card_holds_up_both(
    rosa: Sender, rosa_there: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    other = rosa_there.prepares(rosa_there.drafts(wallet_code=POINTS, recipient=JO))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    rosa.sends(wish)
    with pytest.raises(GiftUnderWay) as standing:
        rosa_there.sends(other)

    assert standing.value.wish_id == wish.wish_id
    assert rosa_there.follows(wish).is_unsettled, "its receipt opens there too"
    assert len(posts(sandbox)) == 1


def test_a_gift_is_settled_by_the_times_of_the_file_it_was_sent_by(
    rosa: Sender, rosa_there: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    now = timezone.now()
    for seconds in (100, 140, 180):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            settle_unattended(merchant=rosa_there.merchant)
            assert rosa_there.follows(wish, look=True).state is WishState.UNKNOWN
    for seconds in (200, 240):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            rosa.follows(wish)
    assert state_of(wish) is WishState.NOT_SENT
    assert rosa_there.follows(wish).may_retry


def test_a_check_page_sends_where_it_was_shown_alone(
    rosa: Sender, rosa_there: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    with pytest.raises(WishGone):
        rosa_there.sends(wish)
    assert posts(sandbox) == []


def test_asks_before_a_twin_that_was_sent_by_the_other(rosa: Sender, rosa_there: Sender) -> None:
    wish = rosa.prepares()
    rosa.sends(wish)
    twin = rosa_there.prepares().twin
    assert twin is not None
    assert twin.wish_id == wish.wish_id


def test_a_transaction_proves_one_gift_of_them(
    rosa: Sender, rosa_there: Sender, sandbox: SandboxProcess
) -> None:
    """Without references a look-alike is all there is, and it may be the other's."""
    rosa.sends(rosa.prepares())
    features = replace(rosa_there.merchant.features, send_reference=False)
    plain = replace(rosa_there, merchant=replace(rosa_there.merchant, features=features))
    draft = plain.drafts()
    second = plain.prepares(replace(draft, baseline=0))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    plain.sends(second, another=True)

    assert plain.follows(second).state is WishState.UNKNOWN
    assert len(sent_by_api(sandbox)) == 1
    keys = list(Wish.objects.filter(merchant="demo").values_list("transaction_key", flat=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.filter(id=second.wish_id).update(state="sent", transaction_key=keys[0])
