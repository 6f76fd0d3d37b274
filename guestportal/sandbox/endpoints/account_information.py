"""guest/accountInformation.json: what is on a card (docs/paytronix-api.md, section 5)."""

from guestportal.sandbox.calls import Call
from guestportal.sandbox.endpoints.registry import endpoint
from guestportal.sandbox.replies import Reply
from guestportal.sandbox.world import World


@endpoint(
    "guest",
    "accountInformation",
    methods=("GET", "POST"),
    styles=("card", "guest", "oauth", "b2b"),
    scope="account_read",
)
def account_information(request: Call, world: World) -> Reply:
    """Return the card's account; a guest who proved a user name sees that guest's own cards only."""
    number = request.parameters.text("printedCardNumber")
    if not world.may_see(username=request.username, card_number=number):
        return Reply.failure("account_info.card_not_found", "The card was not found")
    return world.account_reply(number)
