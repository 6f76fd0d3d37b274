"""The three gift endpoints that move value, from docs/paytronix-api.md, section 7. A refusal changes nothing."""

from guestportal.sandbox.calls import Call, CallRefused, Parameters
from guestportal.sandbox.endpoints import gift_rules
from guestportal.sandbox.endpoints.registry import endpoint
from guestportal.sandbox.gifts.transfer_info import transfer_info
from guestportal.sandbox.gifts.transfers import Origin, Target, ToAccount, ToExternal, Transfer
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World


@endpoint("gifttransfer", "transferOut", methods=("POST",), styles=("b2b",))
def transfer_out(request: Call, world: World) -> Reply:
    """Send one configured reward to an account or an external account."""
    parameters = request.parameters
    transfer = gift_rules.send(
        world,
        card_number=parameters.text("fromPrintedCardNumber"),
        target=_target(parameters.object("to")),
        wallet_code=parameters.integer("walletCode"),
        message=parameters.optional_text("transferMessage"),
        origin=Origin.API,
    )
    return _success(world, transfer, inbound=False)


@endpoint("gifttransfer", "acceptTransferIn", methods=("POST",), styles=("b2b",))
def accept_transfer_in(request: Call, world: World) -> Reply:
    """Give a waiting transfer to the account it is destined for."""
    transfer = gift_rules.accept(
        world,
        code=request.parameters.text("code"),
        card_number=request.parameters.text("acceptingPrintedCardNumber"),
        message=request.parameters.optional_text("message"),
    )
    return _success(world, transfer, inbound=True)


@endpoint("gifttransfer", "rejectTransferIn", methods=("POST",), styles=("b2b",))
def reject_transfer_in(request: Call, world: World) -> Reply:
    """Give a waiting transfer back to its sender."""
    transfer = gift_rules.reject(
        world,
        code=request.parameters.text("code"),
        card_number=request.parameters.optional_text("rejectingPrintedCardNumber"),
        message=request.parameters.optional_text("message"),
    )
    return _success(world, transfer, inbound=True)


def _target(to: Parameters) -> Target:
    """Return TransferToAccount or TransferToExternal, whichever the object is; it cannot be both."""
    if "accountCode" in to.names():
        if to.names() & {"identifier", "name"}:
            raise CallRefused(
                Reply.failure("request.wrong_type", "Parameter to names an account and an external account")
            )
        return ToAccount(to.integer("accountCode"))
    return ToExternal(to.text("identifier"), to.text("name"))


def _success(world: World, transfer: Transfer, *, inbound: bool) -> Reply:
    info = transfer_info(world.gifts, transfer, inbound=inbound, now=world.now())
    return Reply.envelope({"result": "success", "transferInfo": info})
