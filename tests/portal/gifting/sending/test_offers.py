"""What may be sent, what it costs and what is left; exact, and never a number that nobody knows."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from gifting.sending.domain import GiftableReward, Obstacle
from gifting.sending.offers import offers_for
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Merchant
from tests.support.sandbox import GIFTING_CONFIG, SandboxProcess
from tests.support.sending_steps import BIRTHDAY_PASTRY, FREE_COFFEE, POINTS, VISITS, Sender


def test_shows_every_reward_of_the_sandbox_with_cost_balance_and_rest(rosa: Sender) -> None:
    draft = rosa.drafts()
    listed = offers_for(draft.rewards, merchant=rosa.merchant, account=rosa.account)
    offers = {each.wallet_code: each for each in listed}
    held = {wallet.code: wallet.amount.value for wallet in (*rosa.account.points, *rosa.account.rewards)}

    coffee = offers[FREE_COFFEE]
    assert coffee.sendable
    assert coffee.balance is not None
    assert coffee.left is not None
    assert coffee.balance.value == held[FREE_COFFEE]
    assert coffee.left.value == held[FREE_COFFEE] - 1  # type: ignore[operator]
    assert offers[BIRTHDAY_PASTRY].obstacle is Obstacle.NOT_GIFTABLE
    for offer in offers.values():
        if offer.obstacle is Obstacle.SHORT and offer.balance is not None:
            assert offer.missing is not None
            assert offer.missing.value + offer.balance.value == offer.cost.value  # type: ignore[operator]
    sendable = [each.sendable for each in listed]
    assert sendable == sorted(sendable, reverse=True), "what can be sent comes first"
    assert offers[VISITS].obstacle in {None, Obstacle.SHORT}
    assert offers[POINTS].cost.value == 500


def offer_of(
    rosa: Sender, quantity: str | None, balance: str | None, *, giftable: bool | None = None
) -> object:
    wallet = rosa.account.rewards[0]
    value = None
    if balance is not None and balance.replace(".", "").replace("-", "").isdigit():
        value = Decimal(balance)
    held = replace(wallet, code=FREE_COFFEE, amount=Amount(balance, value), giftable=giftable)
    account = replace(
        rosa.account, stored_value=None, points=(), rewards=(held,) if balance is not None else ()
    )
    (offer,) = offers_for(
        [GiftableReward(FREE_COFFEE, "Coffee", quantity)], merchant=rosa.merchant, account=account
    )
    return (
        offer.obstacle,
        offer.left.received if offer.left else None,
        offer.missing.received if offer.missing else None,
    )


def test_counts_exactly_at_the_border_and_with_many_digits(rosa: Sender) -> None:
    assert offer_of(rosa, "3", "3") == (None, "0", None)
    assert offer_of(rosa, "3", "2.99") == (Obstacle.SHORT, None, "0.01")
    assert offer_of(rosa, "0.1", "0.3") == (None, "0.2", None)
    huge = "9" * 60
    assert offer_of(rosa, "1", huge) == (None, "9" * 59 + "8", None)
    assert offer_of(rosa, "3", "-2") == (Obstacle.SHORT, None, "5")
    assert offer_of(rosa, huge, "1") == (Obstacle.SHORT, None, "9" * 59 + "8")


def test_takes_nothing_unreadable_for_a_number(rosa: Sender) -> None:
    assert offer_of(rosa, "many", "3") == (Obstacle.UNREADABLE, None, None)
    assert offer_of(rosa, None, "3") == (Obstacle.UNREADABLE, None, None)
    assert offer_of(rosa, "0", "3") == (Obstacle.FREE, None, None)
    assert offer_of(rosa, "-1", "3") == (Obstacle.UNREADABLE, None, None)
    assert offer_of(rosa, "1", "a lot") == (Obstacle.UNREADABLE, None, None)
    assert offer_of(rosa, "2", None) == (Obstacle.SHORT, None, "2"), "no such wallet is not the same as 0"
    assert offer_of(rosa, "2", "5", giftable=False) == (Obstacle.NOT_GIFTABLE, None, None)


def test_two_rewards_under_one_code_cannot_be_told_apart_by_the_call(rosa: Sender) -> None:
    rewards = [GiftableReward(FREE_COFFEE, "Coffee", "1"), GiftableReward(FREE_COFFEE, "Large coffee", "2")]
    offers = offers_for(rewards, merchant=rosa.merchant, account=rosa.account)
    assert [each.obstacle for each in offers] == [Obstacle.ALIKE] * 2


def test_of_two_wallets_under_one_code_the_first_is_shown(rosa: Sender) -> None:
    first, second = (
        replace(rosa.account.rewards[0], code=FREE_COFFEE, name=name) for name in ("First", "Second")
    )
    account = replace(rosa.account, stored_value=None, points=(), rewards=(first, second))
    (offer,) = offers_for(
        [GiftableReward(FREE_COFFEE, "Coffee", "1")], merchant=rosa.merchant, account=account
    )

    assert offer.wallet_name == "First"


@pytest.mark.parametrize(("code", "offered"), [(2**63 - 1, True), (2**63, False)])
def test_leaves_out_a_code_that_no_column_holds(
    rosa: Sender, sandbox: SandboxProcess, code: int, offered: bool
) -> None:
    body = json.dumps({"result": "success", "configs": [{"walletCode": code, "quantityRequired": "1"}]})
    sandbox.queue_fault(GIFTING_CONFIG, {"kind": "replace", "body": body})

    assert [each.wallet_code for each in rosa.drafts().rewards] == [code] * offered


def test_leaves_out_what_cannot_be_read_and_offers_the_rest(rosa: Sender, sandbox: SandboxProcess) -> None:
    good = {"walletCode": FREE_COFFEE, "descriptiveLabel": "Coffee", "quantityRequired": "1"}
    odd: list[object] = [None, "odd", [], {**good, "walletCode": []}]
    sandbox.queue_fault(GIFTING_CONFIG, {"kind": "members", "members": {"configs": [*odd, good]}})

    assert rosa.drafts().rewards == (GiftableReward(FREE_COFFEE, "Coffee", "1"),)


def test_leaves_out_what_the_merchant_hides(rosa: Sender) -> None:
    setting = replace(rosa.merchant.wallet(FREE_COFFEE), hidden=True)
    hiding: Merchant = replace(rosa.merchant, wallets={**rosa.merchant.wallets, FREE_COFFEE: setting})
    assert (
        offers_for([GiftableReward(FREE_COFFEE, "Coffee", "1")], merchant=hiding, account=rosa.account) == ()
    )
