"""What a guest may send: giftingConfig beside the guest's own wallets. The browser only picks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.domain import Account, Wallet
from accounts.reading import own_label, read_amount
from gifting.sending.domain import GiftableReward, Obstacle, Offer
from guestportal.merchants.definition import Merchant


def offers_for(
    rewards: Iterable[GiftableReward], *, merchant: Merchant, account: Account
) -> tuple[Offer, ...]:
    """The rewards with what they cost this guest, those that can be sent first.

    Wallets that the merchant hides are left out: what is in them is shown nowhere. Two rewards under one wallet
    code cannot be told apart by transferOut, so neither is sendable.
    """
    shown = [each for each in rewards if not merchant.wallet(each.wallet_code).hidden]
    entries = Counter(each.wallet_code for each in shown)
    wallets = _wallets(account)
    offers = (
        _offer(each, wallets.get(each.wallet_code), merchant, is_clear=entries[each.wallet_code] == 1)
        for each in shown
    )
    return tuple(sorted(offers, key=lambda offer: not offer.sendable))


def _wallets(account: Account) -> dict[int, Wallet]:
    stored = (account.stored_value,) if account.stored_value else ()
    wallets = (*stored, *account.points, *account.rewards)
    return {wallet.code: wallet for wallet in reversed(wallets) if wallet.code is not None}


def _offer(reward: GiftableReward, wallet: Wallet | None, merchant: Merchant, *, is_clear: bool) -> Offer:
    cost = read_amount(reward.quantity, merchant=merchant, wallet_code=reward.wallet_code)
    wallet_name = wallet.name if wallet else own_label(reward.wallet_code, merchant)
    offer = Offer(
        wallet_code=reward.wallet_code,
        label=reward.label or wallet_name or _("Gift"),
        cost=cost,
        wallet_name=wallet_name,
        balance=wallet.amount if wallet else None,
    )
    if wallet is not None and wallet.giftable is False:
        return replace(offer, obstacle=Obstacle.NOT_GIFTABLE)
    if not is_clear:
        return replace(offer, obstacle=Obstacle.ALIKE)
    if cost.value is None or cost.value < 0:
        return replace(offer, obstacle=Obstacle.UNREADABLE)
    if cost.value == 0:
        return replace(offer, obstacle=Obstacle.FREE)
    if wallet is None:
        return replace(offer, missing=cost, obstacle=Obstacle.SHORT)
    if wallet.amount.value is None:
        return replace(offer, obstacle=Obstacle.UNREADABLE)
    if wallet.amount.value < cost.value:
        return replace(offer, missing=cost.minus(wallet.amount), obstacle=Obstacle.SHORT)
    return replace(offer, left=wallet.amount.minus(cost))
