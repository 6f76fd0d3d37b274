"""How the tests of the floor make a call: as the portal does, and as a write would."""

from collections.abc import Mapping

from guestportal.paytronix.calls import Operation
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import PaytronixError
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.styles import CardStyle, Style
from tests.support.plain_browser import SEED_CARD, SEED_CODE

# It writes nothing, so that the sandbox answers it, and is treated as a write.
WRITE = Operation("guest/accountInformation", method="POST", writes=True)


def read_card(client: PaytronixClient, number: str = SEED_CARD, code: str = SEED_CODE) -> AccountInformation:
    """The read that the entrance makes."""
    return GuestService(client).account_information(style=CardStyle(number, code), printed_card_number=number)


def write(
    client: PaytronixClient, style: Style | None = None, parameters: Mapping[str, str] | None = None
) -> AccountInformation:
    """A call that may not be repeated."""
    return client.call(
        WRITE,
        style=style or CardStyle(SEED_CARD, SEED_CODE),
        parameters=parameters or {},
        reply=AccountInformation,
    )


def failure_of(client: PaytronixClient, *, writing: bool = False) -> PaytronixError:
    """The exception that a call ends with; fails the test when it does not."""
    try:
        if writing:
            write(client)
        else:
            read_card(client)
    except PaytronixError as error:
        return error
    raise AssertionError("the call succeeded")
