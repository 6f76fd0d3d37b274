"""Every refusal of the gift service, in one table. No codes are published: these follow the pattern
`<service>.<reason>` that the other services have (docs/paytronix-api.md, section 7)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from guestportal.sandbox.calls import CallRefused
from guestportal.sandbox.replies import Reply


class Refusal(StrEnum):
    """The codes, in the order in which they are looked for."""

    CARD_NOT_FOUND = "gifttransfer.card_not_found"
    ACCOUNT_NOT_ACTIVE = "gifttransfer.account_not_active"
    UNKNOWN_CARD_TEMPLATE = "gifttransfer.unknown_card_template"
    UNKNOWN_TARGET = "gifttransfer.unknown_target"
    SELF = "gifttransfer.self"
    NOT_GIFTABLE = "gifttransfer.not_giftable"
    INSUFFICIENT_BALANCE = "gifttransfer.insufficient_balance"
    UNKNOWN_CODE = "gifttransfer.unknown_code"
    NOT_DESTINED = "gifttransfer.not_destined"
    ALREADY_ACCEPTED = "gifttransfer.already_accepted"
    EXPIRED = "gifttransfer.expired"
    NOT_PENDING = "gifttransfer.not_pending"


MESSAGES: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.CARD_NOT_FOUND: "The card was not found",
        Refusal.ACCOUNT_NOT_ACTIVE: "The account is not active",
        Refusal.UNKNOWN_CARD_TEMPLATE: "The card template was not found",
        Refusal.UNKNOWN_TARGET: "The target of the transfer was not found",
        Refusal.SELF: "A transfer to the same account is not allowed",
        Refusal.NOT_GIFTABLE: "The wallet cannot be transferred",
        Refusal.INSUFFICIENT_BALANCE: "The balance of the wallet is too low",
        Refusal.UNKNOWN_CODE: "The transfer was not found",
        Refusal.NOT_DESTINED: "The transfer is not destined for this account",
        Refusal.ALREADY_ACCEPTED: "The transfer has already been accepted",
        Refusal.EXPIRED: "The transfer has expired",
        Refusal.NOT_PENDING: "The transfer is no longer pending",
    }
)


def refused(refusal: Refusal) -> CallRefused:
    """Return the exception that answers a call with a refusal; nothing has been changed."""
    return CallRefused(Reply.failure(refusal, MESSAGES[refusal]))
