"""Who may send, see and answer what: asks every question of the refusal table, then lets the book write."""

from guestportal.sandbox.gifts.holders import Holder
from guestportal.sandbox.gifts.programme import Reward, reward_of
from guestportal.sandbox.gifts.refusals import Refusal, refused
from guestportal.sandbox.gifts.transfers import (
    Goods,
    Origin,
    Status,
    Target,
    ToAccount,
    ToExternal,
    Transfer,
)
from guestportal.sandbox.world import World


def holder_of(world: World, card_number: str) -> Holder:
    """Return the account of a card; raises CallRefused when there is none."""
    holder = world.gifts.holders.by_card(card_number)
    if holder is None:
        raise refused(Refusal.CARD_NOT_FOUND)
    return holder


def send(
    world: World,
    *,
    card_number: str,
    target: Target,
    wallet_code: int,
    message: str | None,
    origin: Origin,
) -> Transfer:
    """Send one configured reward; raises CallRefused without a change when it cannot be sent."""
    sender = _active(holder_of(world, card_number))
    _check_target(world, sender, target)
    reward = _affordable_reward(world, sender, wallet_code)
    return world.gifts.send(
        sender=sender,
        target=target,
        goods=Goods.of(reward),
        days=reward.expires_in_days,
        message=message,
        now=world.now(),
        origin=origin,
    )


def accept(world: World, *, code: str, card_number: str, message: str | None) -> Transfer:
    """Give a waiting gift to an account; raises CallRefused without a change when it cannot be accepted."""
    holder = _active(holder_of(world, card_number))
    transfer = _answerable(world, code, holder)
    return world.gifts.accept(transfer, by=holder, message=message, now=world.now())


def reject(world: World, *, code: str, card_number: str | None, message: str | None) -> Transfer:
    """Give a waiting gift back to its sender. Without a card it is not checked for whom it was, as documented."""
    holder = None if card_number is None else holder_of(world, card_number)
    transfer = _answerable(world, code, holder)
    return world.gifts.reject(transfer, by=holder, message=message, now=world.now())


def pending(world: World, code: str) -> Transfer:
    """Return a waiting gift by its code; raises CallRefused when there is none or it waits no longer."""
    return _answerable(world, code, None)


def _active(holder: Holder) -> Holder:
    if not holder.active:
        raise refused(Refusal.ACCOUNT_NOT_ACTIVE)
    return holder


def _check_target(world: World, sender: Holder, target: Target) -> None:
    match target:
        case ToAccount(account_code):
            if world.gifts.holders.by_code(account_code) is None:
                raise refused(Refusal.UNKNOWN_TARGET)
            if account_code == sender.account_code:
                raise refused(Refusal.SELF)
        case ToExternal(identifier):
            # Any address and any id can be sent to: the account that links it later may accept.
            local, at, domain = identifier.partition("@")
            is_address = bool(at and local and "." in domain.strip("."))
            if not is_address and not (identifier.isascii() and identifier.isdigit()):
                raise refused(Refusal.UNKNOWN_TARGET)
            if sender.has_external(identifier):
                raise refused(Refusal.SELF)


def _affordable_reward(world: World, sender: Holder, wallet_code: int) -> Reward:
    reward = reward_of(wallet_code)
    wallet = next((wallet for wallet in world.wallets(sender) if wallet.code == wallet_code), None)
    if reward is None or (wallet is not None and not wallet.giftable):
        raise refused(Refusal.NOT_GIFTABLE)
    if wallet is None or wallet.balance < reward.quantity_required:
        raise refused(Refusal.INSUFFICIENT_BALANCE)
    return reward


def _answerable(world: World, code: str, holder: Holder | None) -> Transfer:
    transfer = world.gifts.by_code(code)
    if transfer is None:
        raise refused(Refusal.UNKNOWN_CODE)
    if holder is not None and not transfer.is_for(holder):
        raise refused(Refusal.NOT_DESTINED)
    match transfer.status:
        case Status.PENDING:
            return transfer
        case Status.ACCEPTED:
            raise refused(Refusal.ALREADY_ACCEPTED)
        case Status.EXPIRED:
            raise refused(Refusal.EXPIRED)
        case Status.REJECTED | Status.RETURNED:
            raise refused(Refusal.NOT_PENDING)
