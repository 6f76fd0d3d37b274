"""The Guest service: what an account holds. Each method is one call and returns the vendor's own struct."""

from dataclasses import dataclass

from guestportal.paytronix.calls import Operation
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.replies.account import AccountInformation, UserInformation
from guestportal.paytronix.styles import Style

ACCOUNT_INFORMATION = Operation("guest/accountInformation", signs_in=True)
USER_INFORMATION = Operation("guest/userInformation", signs_in=True)


@dataclass(frozen=True, slots=True)
class GuestService:
    """accountInformation and its siblings, for one merchant."""

    client: PaytronixClient

    def account_information(self, *, style: Style, printed_card_number: str) -> AccountInformation:
        """GET guest/accountInformation.json (docs/paytronix-api.md, section 5).

        Raises InvalidStatus and Refused for its two other results, and the other PaytronixErrors.
        """
        parameters = {"printedCardNumber": printed_card_number}
        return self.client.call(
            ACCOUNT_INFORMATION, style=style, parameters=parameters, reply=AccountInformation
        )

    def user_information(self, *, style: Style, username: str) -> UserInformation:
        """GET guest/userInformation.json (docs/paytronix-api.md, section 6): which cards belong to a user name."""
        return self.client.call(
            USER_INFORMATION, style=style, parameters={"username": username}, reply=UserInformation
        )
