"""Transfers as the API writes them: TransferInfo and the objects inside it, field for field as documented.

Optional members are left out when there is nothing to say.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from guestportal.sandbox.gifts.book import GiftBook
from guestportal.sandbox.gifts.holders import Holder
from guestportal.sandbox.gifts.programme import names_of
from guestportal.sandbox.gifts.transfers import ZONE, Status, ToExternal, Transfer
from guestportal.sandbox.jsontext import JsonObject, JsonValue

_EMAIL: Final[JsonObject] = {
    "identifier": "email",
    "name": "E-mail",
    "reportingName": "E-mail address",
}
_FACEBOOK: Final[JsonObject] = {
    "identifier": "facebook",
    "name": "Facebook",
    "reportingName": "Facebook Connect",
    "detail": "Facebook id",
}


def transfer_info(book: GiftBook, transfer: Transfer, *, inbound: bool, now: datetime) -> JsonObject:
    """Return one TransferInfo as one side sees it."""
    sender, recipient = book.holders.by_code(transfer.from_account), book.recipient_of(transfer)
    info: dict[str, JsonValue] = {
        "inbound": inbound,
        "status": transfer.status,
        "fromPrintedCardNumber": sender.primary_card if sender else "",
        "fromUserInformation": _person(sender),
        "balance": _balance(transfer, now),
        "transferOutTransactionId": transfer.out_id,
        "transferDatetime": _datetime(transfer.made_at),
    }
    if transfer.shows_code and book.shows_codes:
        info["code"] = transfer.code
    if isinstance(transfer.target, ToExternal):
        info |= _external(transfer.target)
    # Whose account an address leads to is not told before that account has answered.
    if recipient is not None and (
        inbound or transfer.answered_by or not isinstance(transfer.target, ToExternal)
    ):
        info["toPrintedCardNumber"] = recipient.primary_card
        info["toUserInformation"] = _person(recipient)
    optional: dict[str, JsonValue] = {
        "transferInTransactionId": transfer.in_id,
        "voidTransferOutTransactionId": transfer.void_id,
        "transferMessage": transfer.message,
        "responseDatetime": _datetime(transfer.answered_at) if transfer.answered_at else None,
        "responseMessage": transfer.response_message,
        "transferExpirationDays": _days_left(transfer, now),
    }
    info |= {name: value for name, value in optional.items() if value is not None}
    info |= transfer.members or {}
    return {name: value for name, value in info.items() if name not in transfer.left_out}


def written_amount(amount: Decimal) -> str:
    """Return a decimal as the API's decimal string, each digit kept."""
    return format(amount, "f")


def _balance(transfer: Transfer, now: datetime) -> JsonObject:
    goods = transfer.goods
    names = names_of(goods.destination_wallet)
    balance: dict[str, JsonValue] = {
        "sourceWalletCode": goods.source_wallet,
        "sourceWalletName": names_of(goods.source_wallet).name,
        "sourceAmount": written_amount(goods.source_amount),
        "destinationWalletCode": goods.destination_wallet,
        "destinationWalletName": names.name,
        "destinationWalletPluralName": names.plural,
        "destinationAmount": written_amount(goods.destination_amount),
    }
    optional: dict[str, JsonValue] = {
        "expirationDate": transfer.expires_on.isoformat() if transfer.expires_on else None,
        "expirationDays": _days_left(transfer, now),
        "destinationWalletNameTiny": names.tiny,
        "destinationWalletNameShort": names.short,
        "destinationWalletNameLong": names.long,
    }
    return balance | {name: value for name, value in optional.items() if value is not None}


def _days_left(transfer: Transfer, now: datetime) -> int | None:
    """Return the days until a waiting transfer expires, 0 on its last day; None for all others."""
    if transfer.status is not Status.PENDING or transfer.expires_on is None:
        return None
    return (transfer.expires_on - now.astimezone(ZONE).date()).days


def _person(holder: Holder | None) -> JsonObject:
    if holder is None:
        return {}
    names = {
        "salutation": holder.salutation,
        "firstName": holder.first_name,
        "lastName": holder.last_name,
    }
    return {name: value for name, value in names.items() if value is not None}


def _external(target: ToExternal) -> JsonObject:
    integration = _EMAIL if target.is_email else _FACEBOOK
    link = f"mailto:{target.identifier}"
    if not target.is_email:
        link = f"https://www.facebook.example/{target.identifier}"
    external: JsonObject = {"integration": integration, "identifier": target.identifier, "name": target.name}
    return {"externalTarget": external, "externalTargetLink": link}


def _datetime(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S %z")
