"""What hangs on which key: look-ups on LOOKUP_KEY and not SECRET_KEY, sealed text on its own place as well."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from accounts import services as accounts
from gifting.ledger import answers, wishes
from gifting.ledger.answers import Action, Claim
from gifting.ledger.wish import GiftUnderWay, SendingLimit, WishGone, WishState
from gifting.models import Answer, Wish
from guestportal.sandbox.cards import SEED
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import POINTS, Sender, posts, sender_with, state_of

CODE = "ANAC0FFEE7QK2MZP"


def accept(rosa: Sender) -> Claim:
    claimed = answers.claim(
        merchant=rosa.merchant,
        card_number=SEED.number,
        transaction_id="1",
        code=CODE,
        action=Action.ACCEPT,
        standing=None,
    )
    assert claimed is not None
    return claimed


def decline(rosa: Sender, standing: Claim | None) -> Claim | None:
    return answers.claim(
        merchant=rosa.merchant,
        card_number=SEED.number,
        transaction_id="1",
        code=CODE,
        action=Action.DECLINE,
        standing=standing,
    )


def test_another_secret_key_admits_no_second_claim_and_no_opposite_answer(
    rosa: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    """Check 48: the runbook changes SECRET_KEY in the very minute in which a gift is unknown."""
    wish = rosa.prepares()
    other = rosa.prepares(rosa.drafts(wallet_code=POINTS))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    accept(rosa)
    settings.SECRET_KEY = "another one, longer than fifty characters: 0123456789abcdef"

    with pytest.raises(GiftUnderWay):
        rosa.sends(other)
    assert rosa.follows(wish).state is WishState.UNKNOWN, "the receipt opens"
    strict = replace(rosa.merchant, limits=replace(rosa.merchant.limits, gifts_per_day=1))
    with pytest.raises(SendingLimit):
        wishes.check_day(merchant=strict, guest=rosa.guest)
    (standing,) = answers.claims_of(merchant=rosa.merchant, card_number=SEED.number)
    assert decline(rosa, standing) is None
    assert decline(rosa, None) is None
    assert len(posts(sandbox)) == 1


def test_hashes_are_computed_anew_with_another_look_up_key(
    rosa: Sender, sandbox: SandboxProcess, settings: Settings
) -> None:
    thinned, sent, wish = rosa.prepares(), rosa.prepares(), rosa.prepares(rosa.drafts(wallet_code=POINTS))
    rosa.sends(thinned)
    rosa.sends(sent, another=True)
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(wish)
    claimed = accept(rosa)
    Wish.objects.filter(id=thinned.wish_id).update(contents="", transfer="", proof="")
    guest, draft = rosa.guest, rosa.drafts(wallet_code=POINTS)
    before = set(Wish.objects.filter(transaction_key__gt="").values_list("transaction_key", flat=True))
    settings.LOOKUP_KEYS = ["another look-up key 0123456789abcdef0123456789abcdef", *settings.LOOKUP_KEYS]

    said = StringIO()
    call_command("rekey", stdout=said)
    assert "gifting.Wish: 2 hashed anew, 1 begin anew" in said.getvalue()
    assert "gifting.Answer: 1 hashed anew, 0 begin anew" in said.getvalue()
    settings.LOOKUP_KEYS = settings.LOOKUP_KEYS[:1]
    assert wishes.find(merchant=rosa.merchant, guest=guest, wish_id=wish.wish_id).state is WishState.UNKNOWN
    assert wishes.open_of(merchant=rosa.merchant, card_number=guest.card_number) is not None
    with pytest.raises(GiftUnderWay):
        rosa.sends(rosa.prepares(draft))
    (standing,) = answers.claims_of(merchant=rosa.merchant, card_number=SEED.number)
    assert replace(standing, card_key="", transaction_key="", revision=0) == replace(
        claimed, card_key="", transaction_key="", revision=0
    )
    assert decline(rosa, None) is None
    after = set(Wish.objects.filter(transaction_key__gt="").values_list("transaction_key", flat=True))
    assert len(after) == 2
    assert len(after & before) == 1, "what was thinned keeps the old one"


def test_sealed_text_moved_to_another_row_column_or_merchant_opens_nothing(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """Check 54, the ledger's half."""
    wish, victim = rosa.prepares(), rosa.prepares(rosa.drafts(wallet_code=POINTS))
    texts = {row.id: row.contents for row in Wish.objects.all()}

    def contents_of(wish_id: UUID) -> object:
        return wishes.WishRow.read(Wish.objects.get(id=wish_id)).contents

    Wish.objects.filter(id=wish.wish_id).update(contents=texts[victim.wish_id])
    assert contents_of(wish.wish_id) is None
    with pytest.raises(WishGone):
        rosa.sends(wish)
    Wish.objects.filter(id=wish.wish_id).update(contents=texts[wish.wish_id])
    assert contents_of(wish.wish_id) is not None
    Wish.objects.filter(id=wish.wish_id).update(refusal=F("contents"))
    assert contents_of(wish.wish_id) is None
    Wish.objects.filter(id=wish.wish_id).update(refusal="", merchant="second")
    assert contents_of(wish.wish_id) is None

    claimed = accept(rosa)
    Answer.objects.update(code=F("contents"))
    assert Claim.read(Answer.objects.get()).code == ""
    Answer.objects.filter(id=claimed.id).update(merchant="second")
    assert Claim.read(Answer.objects.get()).contents is None
    assert posts(sandbox) == []


def test_the_balance_is_withdrawn_wherever_the_card_is_signed_in(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    phone, stranger = sender_with(rosa.merchant), sender_with(rosa.merchant, SEED)
    wish = rosa.prepares()
    rosa.sends(wish)
    assert rosa.guest.account is None
    assert phone.guest.account is None
    assert stranger.guest.account is not None

    number = rosa.follows(wish).gift
    assert number is not None
    for each in (rosa, phone):
        accounts.read_account_anew(merchant=each.merchant, guest=each.guest)
        assert each.guest.account is not None
    sandbox.return_gift(int(number.transaction_id))
    rosa.follows(wish, look=True)
    assert phone.guest.account is None, "it came back: that is news for every sign-in"
    assert stranger.guest.account is not None


def test_a_gift_that_surely_was_not_sent_leaves_the_balance_where_it_is(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    Wish.objects.filter(id=wish.wish_id).update(created_at=timezone.now() - timedelta(minutes=14))
    row = wishes.claim(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id, another=False)
    assert row.state is WishState.SENDING
    assert rosa.guest.account is not None
    assert state_of(wish) is WishState.SENDING
    assert posts(sandbox) == []
