"""A gift from the first decision to the receipt: what is asked, what is written down, what the sender is told."""

from dataclasses import replace

from gifting.sending import services
from gifting.sending.domain import WishState
from tests.gifting.sending.doing import MESSAGE, MIRA, Sender, sent_by_api, state_of, steps_of
from tests.sandbox_process import SandboxProcess


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
    assert not services.is_spent(merchant=rosa.merchant, guest=rosa.guest, draft=draft)
