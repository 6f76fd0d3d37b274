"""Which transfers of a history may be a wish's own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gifting.gift.domain import Direction, Gift, Item, Moment, Party, Target, TargetKind
from gifting.ledger.wish import Contents, Recipient
from gifting.sending.matching import candidates, contradicts
from guestportal.merchants.amounts import Amount

PRESSED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CONTENTS = Contents(
    card_number="6000301000731206",
    wallet_code=21,
    label="Free Coffee",
    wallet_name="Free Coffee",
    cost="1",
    recipient=Recipient(address="Mira@Example.net", name="Mira"),
    message="For you",
    reference="7K3M9QX2",
    baseline=100,
)
NO_REFERENCE = replace(CONTENTS, reference="")
GIFT = Gift(
    direction=Direction.OUT,
    status="PENDING",
    sender=Party(),
    recipient=Party(),
    target=Target(TargetKind.EMAIL, address="mira@example.NET"),
    item=Item(21, "Free Coffee", "", Amount("1", None)),
    cost=None,
    message="For you\nRef 7K3M9QX2",
    reply="",
    sent=Moment(PRESSED_AT + timedelta(seconds=2)),
    answered=Moment(None),
    deadline=None,
    transaction_id="101",
    source_wallet=21,
)
ACCOUNT = Target(TargetKind.ACCOUNT)


def test_a_gift_with_our_reference_is_ours() -> None:
    found = candidates([GIFT], contents=CONTENTS, claimed_at=PRESSED_AT)
    assert found.gifts == (GIFT,)
    assert found.doubtful == ()


OTHERS = {
    "came in": replace(GIFT, direction=Direction.IN),
    "before the baseline": replace(GIFT, transaction_id="100"),
    "another wallet": replace(GIFT, source_wallet=3, item=replace(GIFT.item, wallet_code=3)),
    "another address": replace(GIFT, target=Target(TargetKind.EMAIL, address="mira@example.org")),
    "another network": replace(GIFT, target=Target(TargetKind.OTHER, address="10000456789")),
    "long before": replace(GIFT, sent=Moment(PRESSED_AT - timedelta(minutes=16))),
    "long after": replace(GIFT, sent=Moment(PRESSED_AT + timedelta(days=1, seconds=1))),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
@pytest.mark.parametrize("contents", [CONTENTS, NO_REFERENCE], ids=["reference", "none"])
def test_a_gift_that_contradicts_the_wish_is_another_one(other: Gift, contents: Contents) -> None:
    found = candidates([replace(other, message="")], contents=contents, claimed_at=PRESSED_AT)
    assert found.gifts == found.odd == found.doubtful == ()


def test_where_our_reference_is_found_transaction_numbers_decide_nothing() -> None:
    lower = replace(GIFT, transaction_id="7")
    assert candidates([lower], contents=CONTENTS, claimed_at=PRESSED_AT).gifts == (lower,)
    assert not contradicts(lower, CONTENTS)


ODD = {name: other for name, other in OTHERS.items() if name != "before the baseline"}


@pytest.mark.parametrize("other", ODD.values(), ids=ODD.keys())
def test_a_gift_that_bears_our_reference_all_the_same_is_odd(other: Gift) -> None:
    found = candidates([other], contents=CONTENTS, claimed_at=PRESSED_AT)
    assert found.gifts == found.doubtful == ()
    assert found.odd == (() if other.direction is Direction.IN else (other,))


def test_a_reference_in_a_guests_own_words_is_not_the_gifts() -> None:
    quoting = replace(GIFT, message="About Ref 7K3M9QX2: here is more\nRef 00000000")
    found = candidates([quoting], contents=CONTENTS, claimed_at=PRESSED_AT)
    assert found.gifts == found.odd == found.doubtful == ()


@pytest.mark.parametrize(
    "message", ["Ref 7K3M9QX3", "For you\nRef 00000000 ", "About Ref 7K3M9QX2\nRef 00000000"]
)
def test_a_gift_that_ends_in_another_reference_is_a_twin(message: str) -> None:
    found = candidates([replace(GIFT, message=message)], contents=CONTENTS, claimed_at=PRESSED_AT)
    assert found.gifts == found.doubtful == ()


MANGLED = {
    "left out": "",
    "reference left out": "For you",
    "cut within the reference": "For you\nRef 7K3",
    "cut within the words": "Fo",
    "escaped and cut": "For &#121;ou",
    "another case": "for you ref 7k3m9qx2",
    "added to": "For you\nRef 7K3M9QX2\nSent with the app",
    "grown together": "Ref 7K3M9QX22",
    "something else": "something else",
}


@pytest.mark.parametrize("message", MANGLED.values(), ids=MANGLED.keys())
def test_a_gift_that_ends_in_no_reference_may_be_ours(message: str) -> None:
    found = candidates([replace(GIFT, message=message)], contents=CONTENTS, claimed_at=PRESSED_AT)
    assert found.gifts == ()
    assert len(found.doubtful) == 1


@pytest.mark.parametrize("message", MANGLED.values(), ids=MANGLED.keys())
def test_a_success_whose_message_was_changed_or_cut_off_is_still_ours(message: str) -> None:
    assert not contradicts(replace(GIFT, message=message), CONTENTS)


LEFT_OUT = {
    "time": replace(GIFT, sent=Moment(None)),
    "wallet": replace(GIFT, source_wallet=None, item=replace(GIFT.item, wallet_code=None)),
    "target": replace(GIFT, target=ACCOUNT),
    "address": replace(GIFT, target=Target(TargetKind.OTHER, name="Mira")),
    "transaction": replace(GIFT, transaction_id=""),
    "given to": replace(GIFT, source_wallet=3),
}


@pytest.mark.parametrize("gift", LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_a_reply_leaves_out_contradicts_nothing(gift: Gift) -> None:
    assert candidates([gift], contents=CONTENTS, claimed_at=PRESSED_AT).gifts == (gift,)
    assert not contradicts(gift, CONTENTS)


def test_a_gift_for_an_account_is_named_by_nothing_that_we_sent() -> None:
    contents = replace(CONTENTS, recipient=Recipient(account_code=900001))
    to_account = replace(GIFT, target=ACCOUNT)
    assert candidates([to_account, GIFT], contents=contents, claimed_at=PRESSED_AT).gifts == (to_account,)
    assert contradicts(GIFT, contents)


def test_without_a_reference_every_look_alike_is_a_candidate() -> None:
    twin = replace(GIFT, transaction_id="102", message="anything")
    found = candidates([GIFT, twin], contents=NO_REFERENCE, claimed_at=PRESSED_AT)
    assert found.gifts == (GIFT, twin)


def test_a_success_that_speaks_of_another_gift_is_contradicted() -> None:
    assert not contradicts(GIFT, CONTENTS)
    assert contradicts(replace(GIFT, transaction_id="100", message="For you"), CONTENTS)
    assert contradicts(replace(GIFT, message="For you\nRef 00000000"), CONTENTS)
    assert contradicts(replace(GIFT, direction=Direction.IN), CONTENTS)
