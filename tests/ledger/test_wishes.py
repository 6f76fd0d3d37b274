"""What the ledger refuses, keeps and forgets."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.identities import PasswordIdentity
from gifting.ledger import wishes
from gifting.ledger.wish import (
    AlreadySent,
    GiftUnderWay,
    Recipient,
    SendingLimit,
    TwinFound,
    WishGone,
    WishState,
)
from gifting.models import Transition, Wish
from gifting.sending import send
from guestportal.sandbox.cards import SEED
from guestportal.storage.sealing import seal_for
from tests.support.gift_faults import FAILURE
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import (
    MESSAGE,
    MIRA,
    POINTS,
    Sender,
    posts,
    sender_with,
    sent_by_api,
    state_of,
    steps_of,
)

SOMEBODY = [Recipient(address=f"guest{number}@example.net", name=f"Guest {number}") for number in range(9)]


def test_sends_a_wish_once_however_often_it_is_pressed(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    rosa.sends(wish)
    for _ in range(3):
        with pytest.raises(AlreadySent) as again:
            rosa.sends(wish, another=True)
        assert again.value.wish_id == wish.wish_id
    assert len(posts(sandbox)) == 1


def test_sends_nothing_else_while_a_gift_is_open(rosa: Sender, sandbox: SandboxProcess) -> None:
    """Check 24."""
    first = rosa.prepares()
    second = rosa.prepares(rosa.drafts(wallet_code=POINTS, recipient=SOMEBODY[1]))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(first)
    with pytest.raises(GiftUnderWay) as standing:
        rosa.sends(second)

    assert standing.value.wish_id == first.wish_id
    assert state_of(second) is WishState.PREPARED
    assert len(posts(sandbox)) == 1


def test_an_open_gift_of_one_card_is_nothing_to_another(rosa: Sender, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    rosa.sends(rosa.prepares())
    wallet = {"walletCode": 21, "name": "Free Coffee", "balance": "2", "giftable": True}
    sandbox.override_fields(SEED.number, rewardBalances=[wallet])
    ana = sender_with(rosa.merchant, SEED)
    wish = ana.prepares()
    ana.sends(wish)
    assert state_of(wish) is WishState.SENT


def test_a_wish_belongs_to_its_card(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    ana = sender_with(rosa.merchant, SEED)
    for press in (ana.sends, ana.follows):
        with pytest.raises(WishGone):
            press(wish)
    with pytest.raises(WishGone):
        rosa.sends(uuid4())
    with pytest.raises(WishGone):
        rosa.follows(wish)
    assert posts(sandbox) == []


def test_a_replaced_or_old_check_page_sends_nothing(rosa: Sender, sandbox: SandboxProcess) -> None:
    draft = rosa.drafts()
    old = rosa.prepares(draft)
    rosa.prepares(replace(draft, wish_id=old.wish_id, recipient=SOMEBODY[0]))
    with pytest.raises(WishGone):
        rosa.sends(old)

    wish = rosa.prepares()
    Wish.objects.filter(id=wish.wish_id).update(created_at=timezone.now() - timedelta(minutes=15))
    with pytest.raises(WishGone):
        rosa.sends(wish)
    assert posts(sandbox) == []


def test_asks_before_a_twin(rosa: Sender, sandbox: SandboxProcess) -> None:
    first = rosa.prepares()
    rosa.sends(first)
    second = rosa.prepares()
    assert second.twin is not None
    assert second.twin.wish_id == first.wish_id
    with pytest.raises(TwinFound) as found:
        rosa.sends(second)
    assert found.value.twin.recipient_words == MIRA.name
    assert len(posts(sandbox)) == 1

    rosa.sends(second, another=True)
    assert len(sent_by_api(sandbox)) == 2


def test_asks_before_a_twin_of_a_gift_sent_elsewhere(rosa: Sender, sandbox: SandboxProcess) -> None:
    sandbox.send_elsewhere(
        from_card=rosa.guest.card_number, wallet_code=21, to_external=("MIRA@example.net", "Mira")
    )
    wish = rosa.prepares()
    assert wish.twin is not None
    assert wish.twin.wish_id is None
    assert not wish.first_time
    with pytest.raises(TwinFound):
        rosa.sends(wish)
    assert posts(sandbox) == []


def test_another_reward_or_another_person_is_no_twin(rosa: Sender) -> None:
    rosa.sends(rosa.prepares())
    assert rosa.prepares(rosa.drafts(wallet_code=POINTS)).twin is None
    assert rosa.prepares(rosa.drafts(recipient=SOMEBODY[0])).twin is None
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=2), tick=False):
        another_day = sender_with(rosa.merchant)
        sandbox_says_yesterday = another_day.prepares()
        assert sandbox_says_yesterday.twin is None


def test_the_sixth_gift_of_a_day_is_refused(rosa: Sender, sandbox: SandboxProcess) -> None:
    for number in range(5):
        wish = rosa.prepares(rosa.drafts(recipient=SOMEBODY[number % 2], wallet_code=POINTS))
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": success(number), "work": False})
        rosa.sends(wish, another=True)
        assert state_of(wish) is WishState.SENT
    with pytest.raises(SendingLimit) as limit:
        rosa.sends(rosa.prepares(rosa.drafts(recipient=SOMEBODY[0])), another=True)

    assert (limit.value.kind, limit.value.per_day) == ("gifts", 5)
    assert len(posts(sandbox)) == 5
    Wish.objects.filter(claimed_at__isnull=False).update(claimed_at=timezone.now() - timedelta(days=1))
    rosa.sends(rosa.prepares(rosa.drafts(recipient=SOMEBODY[0])), another=True)
    assert len(posts(sandbox)) == 6


def success(number: int) -> str:
    """A reply to transferOut that is right in all it says."""
    return json.dumps({"result": "success", "transferInfo": {"transferOutTransactionId": 10**18 + number}})


def test_gifts_to_more_people_than_the_merchant_allows_are_refused(rosa: Sender) -> None:
    limits = replace(rosa.merchant.limits, gift_recipients_per_day=2)
    strict = replace(rosa, merchant=replace(rosa.merchant, limits=limits))
    for number in range(2):
        strict.sends(strict.prepares(strict.drafts(recipient=SOMEBODY[number], wallet_code=21 + number * 2)))
    with pytest.raises(SendingLimit) as limit:
        strict.sends(strict.prepares(strict.drafts(recipient=SOMEBODY[3], wallet_code=POINTS)))
    assert limit.value.kind == "recipients"
    strict.sends(strict.prepares(strict.drafts(recipient=SOMEBODY[0], wallet_code=POINTS)))


def test_the_database_itself_allows_one_open_wish_and_one_wish_per_transaction(rosa: Sender) -> None:
    first, second = rosa.prepares(), rosa.prepares(rosa.drafts(wallet_code=POINTS))
    now = timezone.now()
    Wish.objects.filter(id=first.wish_id).update(state="unknown", claimed_at=now, transaction_key="a")
    for change in ({"state": "sending"}, {"state": "sent", "transaction_key": "a"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wish.objects.filter(id=second.wish_id).update(claimed_at=now, **change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.filter(id=second.wish_id).update(state="sent", claimed_at=None)


def test_keeps_nothing_readable_and_forgets_in_time(rosa: Sender, sandbox: SandboxProcess) -> None:
    wish = rosa.prepares()
    rosa.sends(wish)
    secrets = (MIRA.address, MIRA.name, MESSAGE, wish.reference, rosa.guest.card_number)
    dump = repr(list(Wish.objects.values())) + repr(list(Transition.objects.values()))
    assert not [secret for secret in secrets if secret in dump]

    with time_machine.travel(timezone.now() + timedelta(days=89, hours=23), tick=False):
        call_command("settle_gifts", verbosity=0, stdout=Silent())
        assert not sender_with(rosa.merchant).follows(wish).forgotten
    with time_machine.travel(timezone.now() + timedelta(days=90, seconds=2), tick=False):
        call_command("settle_gifts", stdout=Silent())
        receipt = sender_with(rosa.merchant).follows(wish)
    assert receipt.forgotten
    assert receipt.state is WishState.SENT
    assert receipt.recipient == Recipient()
    assert not receipt.may_retry
    assert steps_of(wish)[-1] == ("sent", "success")


class Silent:
    """A stream for output that nobody reads."""

    def write(self, text: str) -> None:
        """Take it."""


def test_is_read_with_an_older_key_and_sealed_anew_with_the_first(rosa: Sender, settings: Settings) -> None:
    wish = rosa.prepares()
    rosa.sends(wish)
    guest, old = rosa.guest, settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE=", *old]
    call_command("reseal", stdout=StringIO())
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    row = wishes.find(merchant=rosa.merchant, guest=guest, wish_id=wish.wish_id)
    assert row.contents is not None
    assert row.contents.recipient == MIRA


@pytest.mark.parametrize("contents", [{}, {"recipient": {}}])
def test_what_another_release_wrote_counts_as_forgotten(
    rosa: Sender, sandbox: SandboxProcess, contents: dict[str, object]
) -> None:
    wish = rosa.prepares()
    content = json.dumps(contents).encode()
    Wish.objects.update(contents=seal_for(Wish, "contents", content, row=wish.wish_id, merchant="demo"))

    assert wishes.find(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id).contents is None
    with pytest.raises(WishGone):
        rosa.sends(wish)
    assert posts(sandbox) == []


def test_forgets_nothing_of_what_is_still_to_be_looked_at(rosa: Sender, sandbox: SandboxProcess) -> None:
    watched = rosa.prepares()
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
    rosa.sends(watched)
    assert rosa.is_sure_of(watched).state is WishState.FAILED
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        wishes.thin(merchant=rosa.merchant)
        assert Wish.objects.get().contents
        Wish.objects.update(next_look_at=None)
        wishes.thin(merchant=rosa.merchant)
        assert not Wish.objects.get().contents


def test_keeps_what_a_person_has_yet_to_look_at_and_no_check_page_for_long(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    doubtful, unsent = rosa.prepares(), rosa.prepares(rosa.drafts(wallet_code=POINTS))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.sends(doubtful)
    sandbox.send_twin(sent_by_api(sandbox)[0].transaction_id)
    rosa.follows(doubtful)
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        wishes.thin(merchant=rosa.merchant)
    assert Wish.objects.get(id=doubtful.wish_id).contents
    assert not Wish.objects.filter(id=unsent.wish_id).exists()


def test_refused_tries_end_some_time(rosa: Sender, sandbox: SandboxProcess) -> None:
    for number in range(15):
        wish = rosa.prepares(rosa.drafts(recipient=Recipient(account_code=70_000 + number)))
        rosa.sends(wish)
        assert rosa.is_sure_of(wish).state is WishState.FAILED
    with pytest.raises(SendingLimit) as limit:
        rosa.sends(rosa.prepares(rosa.drafts(recipient=Recipient(account_code=80_000))))
    assert (limit.value.kind, limit.value.per_day) == ("tries", 15)
    assert len(posts(sandbox)) == 15


def test_a_check_page_replaced_while_it_is_sent_deletes_nothing(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """Each delete is one statement with the state in it: between a look and a delete the wish could be claimed."""
    draft = rosa.drafts()
    wish = rosa.prepares(draft)
    with CaptureQueriesContext(connection) as statements:
        rosa.prepares(replace(draft, wish_id=wish.wish_id, message="Other words"))
    deletes = [each["sql"] for each in statements if each["sql"].startswith("DELETE")]
    assert len(deletes) == 2, "the replaced one, and those of another day"
    assert all('"gifting_wish"' in each and '"state" = ' in each for each in deletes)


def test_a_user_name_typed_otherwise_is_the_same_guest(rosa: Sender) -> None:
    for username in ("Gold.Rosa", "gold.rosa"):
        identity = PasswordIdentity(username=username, card_numbers=(rosa.guest.card_number,))
        guest = replace(rosa.guest, identity=identity)
        send.prepare(merchant=rosa.merchant, guest=guest, draft=rosa.drafts(), account=rosa.account)
    first, second = Wish.objects.values_list("guest_key", flat=True)
    assert first == second
