"""The four gift endpoints that change nothing, from docs/paytronix-api.md, section 7."""

from collections.abc import Iterable

from guestportal.sandbox import identity
from guestportal.sandbox.calls import Call
from guestportal.sandbox.endpoints import gift_rules
from guestportal.sandbox.endpoints.registry import endpoint
from guestportal.sandbox.gifts.programme import REWARDS
from guestportal.sandbox.gifts.refusals import Refusal, refused
from guestportal.sandbox.gifts.transfer_info import transfer_info, written_amount
from guestportal.sandbox.gifts.transfers import Status, Transfer
from guestportal.sandbox.jsontext import JsonObject
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World


@endpoint("gifttransfer", "giftingConfig", methods=("GET",), styles=("b2b",))
def gifting_config(request: Call, _world: World) -> Reply:
    """Return what the guests of a card template may send."""
    if request.parameters.integer("cardTemplateCode") != identity.CARD_TEMPLATE_CODE:
        raise refused(Refusal.UNKNOWN_CARD_TEMPLATE)
    configs: list[JsonObject] = [
        {
            "descriptiveLabel": reward.label,
            "walletCode": reward.source_wallet,
            "quantityRequired": written_amount(reward.quantity_required),
        }
        for reward in REWARDS
    ]
    return Reply.envelope({"result": "success", "configs": configs})


@endpoint("gifttransfer", "pendingTransfer", methods=("GET",), styles=("b2b",))
def pending_transfer(request: Call, world: World) -> Reply:
    """Return one waiting transfer by its code."""
    transfer = gift_rules.pending(world, request.parameters.text("code"))
    info = transfer_info(world.gifts, transfer, inbound=True, now=world.now())
    return Reply.envelope({"result": "success", "transferInfo": info})


@endpoint("gifttransfer", "pendingTransfersToAccount", methods=("GET",), styles=("b2b",))
def pending_transfers_to_account(request: Call, world: World) -> Reply:
    """Return what waits for an account or for an external account linked to it."""
    holder = gift_rules.holder_of(world, request.parameters.text("printedCardNumber"))
    waiting = [
        transfer
        for transfer in world.gifts.all()
        if transfer.status is Status.PENDING and transfer.is_for(holder)
    ]
    return _list(_inbound(world, waiting))


@endpoint("gifttransfer", "transferHistoryForAccount", methods=("GET",), styles=("b2b",))
def transfer_history_for_account(request: Call, world: World) -> Reply:
    """Return what an account has sent, in every state, and what came to it and waits no longer."""
    holder = gift_rules.holder_of(world, request.parameters.text("printedCardNumber"))
    infos = []
    for transfer in world.history():
        if transfer.from_account == holder.account_code:
            infos.append(transfer_info(world.gifts, transfer, inbound=False, now=world.now()))
        elif transfer.is_for(holder) and transfer.status is not Status.PENDING:
            infos += _inbound(world, [transfer])
    return _list(infos)


def _inbound(world: World, transfers: Iterable[Transfer]) -> list[JsonObject]:
    return [transfer_info(world.gifts, transfer, inbound=True, now=world.now()) for transfer in transfers]


def _list(infos: list[JsonObject]) -> Reply:
    # The list has this singular name (docs/paytronix-api.md, section 7.5).
    return Reply.envelope({"result": "success", "transferInfo": infos})
