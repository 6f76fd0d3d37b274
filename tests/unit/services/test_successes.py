"""What a success says, as the portal's own values; and successes whose parts are not of the agreed shape."""

import dataclasses
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from responses import RequestsMock

from accounts.reading import read_account
from accounts.tokens import identity_from
from gifting.gift.api import read_activity, read_by_code, read_pending_list
from gifting.gift.domain import Direction, GiftStatus, TargetKind
from gifting.gift.reading import read_gift
from gifting.sending.api import read_rewards, read_sent
from gifting.sending.domain import GiftableReward
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.client import forget_clients
from guestportal.paytronix.errors import ContractBroken, OddSuccess, PaytronixError
from guestportal.paytronix.replies.account import AccountInformation, UserInformation
from guestportal.paytronix.replies.gift_transfer import TransferReply
from guestportal.paytronix.replies.oauth import GuestToken
from tests.support.builders import (
    CARD_NUMBER,
    Payload,
    account_information,
    demo_merchant,
    integration,
    without,
)
from tests.support.gift_payloads import ROSA_CARD, transfer
from tests.support.gift_payloads import sent as sent_gift
from tests.unit.services.operations import (
    BASE_URL,
    GIFT_CODE,
    OPERATIONS,
    TOKEN,
    TOKENS,
    Asked,
    named,
    new_client,
)

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
BY_NAME = {asked.name: asked for asked in OPERATIONS}
OUT_ID = "9007199254800001"


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    """The demo merchant whose Paytronix stands at the address that the tests answer for."""
    yield dataclasses.replace(demo_merchant(), integration=integration(BASE_URL))
    forget_clients()


def answered(upstream: RequestsMock, asked: Asked, reply: Payload | None = None) -> object:
    """What the call returns for this reply, or for the documented success."""
    upstream.add(asked.method, asked.url, json=asked.success if reply is None else reply)
    return asked.ask(new_client())


@pytest.mark.parametrize("style", ["card", "token", "password"])
def test_reads_an_account_by_every_style(upstream: RequestsMock, style: str) -> None:
    reply = answered(upstream, BY_NAME[f"accountInformation by {style}"])

    assert isinstance(reply, AccountInformation)
    account = read_account(reply, merchant=demo_merchant(), card_number=CARD_NUMBER, read_at=NOW)
    assert (account.status, account.card.ending, account.username) == ("ACTIVE", "418000", "GuestREST")
    assert [each.name for each in account.points] == ["Visits", "Points"]
    assert (account.card_template_code, account.tells_rewards) == (3, True)


@pytest.mark.parametrize("style", ["token", "password"])
@pytest.mark.parametrize(
    ("sent", "numbers"),
    [
        ([CARD_NUMBER, "04210077315562"], [CARD_NUMBER, "04210077315562"]),
        ([6000301000418000], [CARD_NUMBER]),
        ([None, CARD_NUMBER, {}], [CARD_NUMBER]),
        ([], []),
    ],
)
def test_reads_the_cards_of_a_user_name(
    upstream: RequestsMock, style: str, sent: object, numbers: list[str]
) -> None:
    reply = answered(
        upstream,
        BY_NAME[f"userInformation by {style}"],
        {"result": "success", "primaryCardNumbers": sent, "accountIds": [900001], "fields": {"email": "a"}},
    )

    assert isinstance(reply, UserInformation)
    assert list(reply.primary_card_numbers) == numbers


@pytest.mark.parametrize("grant", ["password", "refresh token"])
@pytest.mark.parametrize(
    ("sent", "lifetime_seconds"),
    [(1800, 1800), ("600", 600), (1, 1), (86400, 86400), (0, 1800), (86401, 1800), (-5, 1800), (None, 1800)],
)
def test_reads_tokens_and_how_long_they_live(
    upstream: RequestsMock, grant: str, sent: object, lifetime_seconds: int
) -> None:
    reply = answered(upstream, BY_NAME[f"requestGuestToken by {grant}"], {**TOKENS, "expires_in": sent})

    assert isinstance(reply, GuestToken)
    identity = identity_from(reply, username="GuestREST", card_numbers=(), asked_at=NOW)
    assert (identity.access_token, identity.refresh_token) == (TOKEN, "next")
    assert identity.expires_at == NOW + timedelta(seconds=lifetime_seconds)


def test_takes_a_token_that_cannot_be_renewed(upstream: RequestsMock) -> None:
    asked = BY_NAME["requestGuestToken by password"]
    reply = answered(upstream, asked, {"result": "success", "access_token": TOKEN, "username": None})

    assert isinstance(reply, GuestToken)
    assert identity_from(reply, username="x", card_numbers=(), asked_at=NOW).refresh_token == ""


def test_reads_what_may_be_sent_and_leaves_out_what_no_wallet_has(
    upstream: RequestsMock, merchant: Merchant
) -> None:
    asked = BY_NAME["giftingConfig"]
    codes = [21, "22", 23.0, None, "x", -1, 2**63, 2**63 - 1]
    configs = [
        {"walletCode": code, "descriptiveLabel": " Free\tCoffee ", "quantityRequired": "1"} for code in codes
    ]
    upstream.add(asked.method, asked.url, json={"result": "success", "configs": configs})

    assert read_rewards(merchant=merchant, card_template_code=3) == tuple(
        GiftableReward(code, "Free Coffee", "1") for code in (21, 22, 23, 2**63 - 1)
    )


@pytest.mark.parametrize("configs", [[], [None], ["odd"]])
def test_offers_nothing_where_nothing_is_configured(
    upstream: RequestsMock, merchant: Merchant, configs: list[object]
) -> None:
    asked = BY_NAME["giftingConfig"]
    upstream.add(asked.method, asked.url, json={"result": "success", "configs": configs})

    assert read_rewards(merchant=merchant, card_template_code=3) == ()


def test_reads_the_gift_behind_a_code(upstream: RequestsMock, merchant: Merchant) -> None:
    asked = BY_NAME["pendingTransfer"]
    upstream.add(asked.method, asked.url, json=asked.success)

    gift = read_by_code(merchant=merchant, card_number=CARD_NUMBER, code=GIFT_CODE)

    assert (gift.direction, gift.status, gift.transaction_id) == (Direction.IN, GiftStatus.PENDING, OUT_ID)
    assert (gift.sender.first_name, gift.sender.initial, gift.recipient.first_name) == ("Rosa", "L", "Ana")
    assert (gift.item.wallet_code, gift.item.name, gift.item.amount.value) == (21, "Free Coffee", Decimal(1))
    assert gift.sent.at == datetime(2026, 11, 20, 21, 29, 22, tzinfo=UTC)


def test_reads_what_waits_for_a_card_with_the_codes_that_answer_it(
    upstream: RequestsMock, merchant: Merchant
) -> None:
    asked = BY_NAME["pendingTransfersToAccount"]
    upstream.add(asked.method, asked.url, json=asked.success)

    waiting = read_pending_list(merchant=merchant, card_number=CARD_NUMBER, asked_at=timezone.now())

    assert [(each.gift.transaction_id, each.code) for each in waiting.gifts] == [(OUT_ID, GIFT_CODE)]
    assert not waiting.has_unread


def test_reads_what_was_sent_apart_from_what_was_received(upstream: RequestsMock, merchant: Merchant) -> None:
    asked = BY_NAME["transferHistoryForAccount"]
    gifts = [sent_gift(transferOutTransactionId=1), transfer(transferOutTransactionId=2, status="ACCEPTED")]
    upstream.add(asked.method, asked.url, json={"result": "success", "transferInfo": gifts})

    activity = read_activity(merchant=merchant, card_number=CARD_NUMBER, asked_at=timezone.now())
    sent = read_sent(merchant=merchant, card_number=CARD_NUMBER)

    assert [(each.transaction_id, each.direction) for each in activity.gifts] == [
        ("1", Direction.OUT),
        ("2", Direction.IN),
    ]
    assert activity.received("2") is activity.gifts[1]
    assert activity.received("1") is None, "what the card has sent did not come to it"
    assert [each.gift.transaction_id for each in sent.transfers] == ["1"]
    assert (activity.is_whole, sent.is_whole) == (True, True)


@pytest.mark.parametrize("name", ["pendingTransfersToAccount", "transferHistoryForAccount"])
@pytest.mark.parametrize(
    ("listed", "read", "is_whole", "has_unread"),
    [
        ({"transferInfo": []}, 0, True, False),
        ({"transferInfo": [transfer()]}, 1, True, False),
        ({"transferInfo": [transfer(), "a gift"]}, 1, False, True),
        ({"transferInfo": [None, transfer()]}, 1, True, False),
        ({"transferInfos": [transfer()]}, 1, True, False),
        ({"transfers": []}, 0, True, False),
    ],
)
def test_knows_whether_a_list_says_everything(
    upstream: RequestsMock,
    merchant: Merchant,
    caplog: pytest.LogCaptureFixture,
    name: str,
    listed: Payload,
    read: int,
    is_whole: bool,
    has_unread: bool,
) -> None:
    asked = BY_NAME[name]
    upstream.add(asked.method, asked.url, json={"result": "success", **listed})
    with caplog.at_level(logging.ERROR, "guestportal.paytronix"):
        if name == "transferHistoryForAccount":
            activity = read_activity(merchant=merchant, card_number=CARD_NUMBER, asked_at=timezone.now())
            assert activity.is_whole is is_whole
            found = (len(activity.gifts), activity.has_unread)
        else:
            waiting = read_pending_list(merchant=merchant, card_number=CARD_NUMBER, asked_at=timezone.now())
            found = (len(waiting.gifts), waiting.has_unread)

    assert found == (read, has_unread)
    logged = [getattr(record, "fields", {}) for record in caplog.records]
    assert [(each["operation"], each["unread"]) for each in logged] == [(asked.path, 1)] * has_unread


ONE_TRANSFER = [asked for asked in OPERATIONS if isinstance(asked.success.get("transferInfo"), dict)]


@pytest.mark.parametrize("asked", ONE_TRANSFER, ids=named)
def test_reads_the_one_transfer_of_a_reply(upstream: RequestsMock, asked: Asked) -> None:
    reply = answered(upstream, asked)
    assert isinstance(reply, TransferReply)

    gift = read_gift(reply, merchant=demo_merchant(), card_number=CARD_NUMBER, now=NOW)

    assert (gift.transaction_id, gift.status) == (OUT_ID, GiftStatus.PENDING)
    outward = asked.path.endswith("transferOut")
    assert gift.direction is (Direction.OUT if outward else Direction.IN)
    assert gift.target.kind is (TargetKind.EMAIL if outward else TargetKind.ACCOUNT)
    assert reply.from_printed_card_number == (CARD_NUMBER if outward else ROSA_CARD)


NO_TRANSFER: tuple[Payload, ...] = (
    {"transferInfo": None},
    {"transferInfo": ["SECRET"]},
    {"transferInfo": {"status": ["SECRET"]}},
)
ODD_PARTS: tuple[tuple[str, Payload], ...] = (
    ("userInformation", {"primaryCardNumbers": None}),
    ("userInformation", {"primaryCardNumbers": "SECRET"}),
    ("userInformation", {"primaryCardNumbers": [{"SECRET": 1}]}),
    ("requestGuestToken", {"access_token": None}),
    ("requestGuestToken", {"access_token": ["SECRET"]}),
    ("giftingConfig", {"configs": None}),
    ("giftingConfig", {"configs": "SECRET"}),
    ("pendingTransfersToAccount", {"transferInfo": None}),
    ("pendingTransfersToAccount", {"transferInfo": transfer()}),
    ("transferHistoryForAccount", {"transferInfo": None}),
    ("transferHistoryForAccount", {"transferInfo": "SECRET"}),
    *(("pendingTransfer", part) for part in NO_TRANSFER),
    *(("transferOut", part) for part in NO_TRANSFER),
    *(("acceptTransferIn", part) for part in NO_TRANSFER),
    *(("rejectTransferIn", part) for part in NO_TRANSFER),
)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        pytest.param(asked, part, id=f"{asked.name}-{place}")
        for asked in OPERATIONS
        for place, (name, part) in enumerate(ODD_PARTS)
        if asked.path.rpartition("/")[2] == name
    ],
)
def test_breaks_the_contract_by_a_path_and_never_by_a_value(
    upstream: RequestsMock, asked: Asked, part: Payload
) -> None:
    with pytest.raises(PaytronixError) as caught:
        answered(upstream, asked, {**asked.success, **part})

    # What a write calls a success stays one, whatever it says of it.
    assert type(caught.value) is (OddSuccess if asked.writes else ContractBroken)
    (name,) = part
    assert f"$.{name}" in caught.value.reason
    assert "SECRET" not in f"{caught.value} {caught.value.reason}"


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_ignores_what_a_newer_release_adds(upstream: RequestsMock, asked: Asked) -> None:
    """Replies may gain fields at any time (docs/paytronix-api.md, section 1)."""
    documented = answered(upstream, asked)

    assert answered(upstream, asked, {"brandNew": [{}], **asked.success, "releaseInfo": "x"}) == documented


@pytest.mark.parametrize("missing", sorted(set(account_information()) - {"result"}))
def test_needs_no_member_of_an_account(upstream: RequestsMock, missing: str) -> None:
    asked = BY_NAME["accountInformation by card"]

    assert answered(upstream, asked, without(account_information(), missing))


NEEDED = {
    "giftingConfig": "configs",
    "pendingTransfersToAccount": "transferInfo",
    "transferHistoryForAccount": "transferInfo",
}


@pytest.mark.parametrize(("name", "needed"), NEEDED.items())
def test_needs_the_list_that_was_asked_for(upstream: RequestsMock, name: str, needed: str) -> None:
    """A reply without it says nothing, least of all "none" (docs/paytronix-api.md, section 7)."""
    asked = BY_NAME[name]
    with pytest.raises(ContractBroken) as caught:
        answered(upstream, asked, without(asked.success, needed))

    assert caught.value.reason == f"no list at $.{needed}"
