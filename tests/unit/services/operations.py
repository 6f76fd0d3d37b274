"""Every call that the portal makes to Paytronix: how it is asked for, what it sends, and a success of it.

Requests and replies are written from the vendor's documentation as it is summarised in
docs/paytronix-api.md, sections 3 to 7, never from our own code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.services.gift_transfer import (
    GiftTransferService,
    TransferToAccount,
    TransferToExternal,
)
from guestportal.paytronix.services.guest import GuestService
from guestportal.paytronix.services.oauth import OAuthService
from guestportal.paytronix.styles import CardStyle, GuestStyle, OAuthStyle
from tests.support.builders import CARD_NUMBER, Payload, account_information, integration
from tests.support.gift_payloads import sent, transfer

BASE_URL = "https://m777777.api.pxslab.example/rest/26.6"
CODE, TOKEN, PASSWORD = "123456", "rIe7dgL5pthisisnotarealtokenqrFbA268pw5GP", " pä ss&word=1?#%20\u2028 "
GIFT_CODE = "ANAC0FFEE7QK2MZP"


class Kind(Enum):
    """What decides the meaning of a failure: whose credentials are sent, and whether anything is changed."""

    GUEST_READ = "a read with the guest's own credentials"
    SERVER_READ = "a read with ours alone"
    WRITE = "a write with ours alone"
    SIGN_IN = "a token for the guest's secret, which is used up by asking"


@dataclass(frozen=True, slots=True)
class Asked:
    """One call. `parameters` are all it carries beside `merchantId`; in a query string each is text."""

    name: str
    kind: Kind
    ask: Callable[[PaytronixClient], object]
    method: str
    path: str
    parameters: Payload
    success: Payload

    @property
    def url(self) -> str:
        """The address without its query string."""
        return f"{BASE_URL}/{self.path}.json"

    @property
    def writes(self) -> bool:
        """Whether it may never be sent twice."""
        return self.kind in {Kind.WRITE, Kind.SIGN_IN}


def new_client() -> PaytronixClient:
    """A client with a closed breaker."""
    return PaytronixClient(integration(BASE_URL))


def _account(style: CardStyle | GuestStyle | OAuthStyle) -> Callable[[PaytronixClient], object]:
    return lambda client: GuestService(client).account_information(
        style=style, printed_card_number=CARD_NUMBER
    )


def _user(style: GuestStyle | OAuthStyle) -> Callable[[PaytronixClient], object]:
    return lambda client: GuestService(client).user_information(style=style, username="GuestREST")


BY_CARD: Payload = {
    "authentication": "card",
    "printedCardNumber": CARD_NUMBER,
    "registrationCode": CODE,
}
BY_TOKEN: Payload = {"authentication": "oauth", "access_token": TOKEN}
BY_PASSWORD: Payload = {"authentication": "guest", "username": "GuestREST", "password": PASSWORD}
BY_SERVER: Payload = {"authentication": "b2b"}
FOR_TOKEN: Payload = {"authentication": "anonymous", "scope": "user_read account_read"}

USER: Payload = {"result": "success", "primaryCardNumbers": [CARD_NUMBER]}
TOKENS: Payload = {
    "result": "success",
    "access_token": TOKEN,
    "refresh_token": "next",
    "token_type": "bearer",
    "expires_in": 1800,
    "scope": "user_read account_read",
    "username": "GuestREST",
}
ONE_GIFT: Payload = {"result": "success", "transferInfo": transfer()}
GIFTS: Payload = {"result": "success", "transferInfo": [transfer()]}
CONFIGS: Payload = {
    "result": "success",
    "configs": [{"descriptiveLabel": "Free Coffee", "walletCode": 21, "quantityRequired": "1"}],
}

OPERATIONS = (
    Asked(
        "accountInformation by card",
        Kind.GUEST_READ,
        _account(CardStyle(CARD_NUMBER, CODE)),
        "GET",
        "guest/accountInformation",
        BY_CARD,
        account_information(),
    ),
    Asked(
        "accountInformation by token",
        Kind.GUEST_READ,
        _account(OAuthStyle(TOKEN)),
        "GET",
        "guest/accountInformation",
        {**BY_TOKEN, "printedCardNumber": CARD_NUMBER},
        account_information(),
    ),
    Asked(
        "accountInformation by password",
        Kind.GUEST_READ,
        _account(GuestStyle("GuestREST", PASSWORD)),
        "POST",  # the vendor forbids this style in a query string, because addresses are logged
        "guest/accountInformation",
        {**BY_PASSWORD, "printedCardNumber": CARD_NUMBER},
        account_information(),
    ),
    Asked(
        "userInformation by token",
        Kind.GUEST_READ,
        _user(OAuthStyle(TOKEN)),
        "GET",
        "guest/userInformation",
        {**BY_TOKEN, "username": "GuestREST"},
        USER,
    ),
    Asked(
        "userInformation by password",
        Kind.GUEST_READ,
        _user(GuestStyle("GuestREST", PASSWORD)),
        "POST",
        "guest/userInformation",
        BY_PASSWORD,
        USER,
    ),
    Asked(
        "requestGuestToken by password",
        Kind.SIGN_IN,
        lambda client: OAuthService(client).token_by_password(username="GuestREST", password=PASSWORD),
        "POST",
        "oauth/requestGuestToken",
        {**FOR_TOKEN, "grant_type": "password", "username": "GuestREST", "password": PASSWORD},
        TOKENS,
    ),
    Asked(
        "requestGuestToken by refresh token",
        Kind.SIGN_IN,
        lambda client: OAuthService(client).token_by_refresh(refresh_token="spent-by-this"),
        "POST",
        "oauth/requestGuestToken",
        {**FOR_TOKEN, "grant_type": "refresh_token", "refresh_token": "spent-by-this"},
        TOKENS,
    ),
    Asked(
        "giftingConfig",
        Kind.SERVER_READ,
        lambda client: GiftTransferService(client).gifting_config(card_template_code=3),
        "GET",
        "gifttransfer/giftingConfig",
        {**BY_SERVER, "cardTemplateCode": 3},
        CONFIGS,
    ),
    Asked(
        "pendingTransfer",
        Kind.SERVER_READ,
        lambda client: GiftTransferService(client).pending_transfer(code=GIFT_CODE),
        "GET",
        "gifttransfer/pendingTransfer",
        {**BY_SERVER, "code": GIFT_CODE},
        ONE_GIFT,
    ),
    Asked(
        "pendingTransfersToAccount",
        Kind.SERVER_READ,
        lambda client: GiftTransferService(client).pending_transfers(printed_card_number=CARD_NUMBER),
        "GET",
        "gifttransfer/pendingTransfersToAccount",
        {**BY_SERVER, "printedCardNumber": CARD_NUMBER},
        GIFTS,
    ),
    Asked(
        "transferHistoryForAccount",
        Kind.SERVER_READ,
        lambda client: GiftTransferService(client).history(printed_card_number=CARD_NUMBER),
        "GET",
        "gifttransfer/transferHistoryForAccount",
        {**BY_SERVER, "printedCardNumber": CARD_NUMBER},
        GIFTS,
    ),
    Asked(
        "transferOut to an address",
        Kind.WRITE,
        lambda client: GiftTransferService(client).transfer_out(
            from_card_number=CARD_NUMBER,
            to=TransferToExternal("jo@example.net", "Jo"),
            wallet_code=21,
            message="Enjoy",
            may_send=lambda: True,
        ),
        "POST",
        "gifttransfer/transferOut",
        {
            **BY_SERVER,
            "fromPrintedCardNumber": CARD_NUMBER,
            "to": {"identifier": "jo@example.net", "name": "Jo"},
            "walletCode": 21,
            "transferMessage": "Enjoy",
        },
        {"result": "success", "transferInfo": sent()},
    ),
    Asked(
        "transferOut to an account, without a message",
        Kind.WRITE,
        lambda client: GiftTransferService(client).transfer_out(
            from_card_number=CARD_NUMBER,
            to=TransferToAccount(9007199254740993),
            wallet_code=21,
            message="",
            may_send=lambda: True,
        ),
        "POST",
        "gifttransfer/transferOut",
        {
            **BY_SERVER,
            "fromPrintedCardNumber": CARD_NUMBER,
            "to": {"accountCode": 9007199254740993},
            "walletCode": 21,
        },
        {"result": "success", "transferInfo": sent()},
    ),
    Asked(
        "acceptTransferIn",
        Kind.WRITE,
        lambda client: GiftTransferService(client).accept(
            code=GIFT_CODE, accepting_card_number=CARD_NUMBER, message="Thanks", may_send=lambda: True
        ),
        "POST",
        "gifttransfer/acceptTransferIn",
        {
            **BY_SERVER,
            "code": GIFT_CODE,
            "acceptingPrintedCardNumber": CARD_NUMBER,
            "message": "Thanks",
        },
        ONE_GIFT,
    ),
    Asked(
        "rejectTransferIn, without a message",
        Kind.WRITE,
        lambda client: GiftTransferService(client).reject(
            code=GIFT_CODE, rejecting_card_number=CARD_NUMBER, message="", may_send=lambda: True
        ),
        "POST",
        "gifttransfer/rejectTransferIn",
        # "rejectingPrintedCardNumber" is optional there and always sent from here.
        {**BY_SERVER, "code": GIFT_CODE, "rejectingPrintedCardNumber": CARD_NUMBER},
        ONE_GIFT,
    ),
)


def named(asked: Asked) -> str:
    """How a test's parameter is called."""
    return asked.name
