"""The Gift Transfer service (docs/paytronix-api.md, section 7). Every call is b2b: callers decide whose card it is.

b2b proves nothing about the guest, so each card number given here must come from a signed-in guest's session.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from guestportal.paytronix.calls import Operation, Parameter
from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.replies.gift_transfer import GiftingConfigs, OneTransfer, TransferReply, Transfers
from guestportal.paytronix.styles import B2BStyle

LISTS_LIMIT_BYTES = 32 * 1024 * 1024  # they grow with every gift, for ever: 20,000 are some 20 MiB
PENDING_TRANSFERS = Operation("gifttransfer/pendingTransfersToAccount", body_limit_bytes=LISTS_LIMIT_BYTES)
PENDING_TRANSFER = Operation("gifttransfer/pendingTransfer")
TRANSFER_HISTORY = Operation("gifttransfer/transferHistoryForAccount", body_limit_bytes=LISTS_LIMIT_BYTES)
GIFTING_CONFIG = Operation("gifttransfer/giftingConfig")
PROBE = Operation("gifttransfer/giftingConfig", is_probe=True)
TRANSFER_OUT = Operation("gifttransfer/transferOut", method="POST", writes=True)
ACCEPT_TRANSFER_IN = Operation("gifttransfer/acceptTransferIn", method="POST", writes=True)
REJECT_TRANSFER_IN = Operation("gifttransfer/rejectTransferIn", method="POST", writes=True)

B2B = B2BStyle()

log = logging.getLogger("guestportal.paytronix")


@dataclass(frozen=True, slots=True)
class TransferToAccount:
    """The Paytronix account a transfer is for."""

    account_code: int

    def parameters(self) -> dict[str, str | int]:
        """The object `to` of transferOut, as TransferToAccount."""
        return {"accountCode": self.account_code}


@dataclass(frozen=True, slots=True)
class TransferToExternal:
    """The external account a transfer is for: here always an e-mail address, and the person's name."""

    identifier: str = field(repr=False)
    name: str = field(repr=False)

    def parameters(self) -> dict[str, str | int]:
        """The object `to` of transferOut, as TransferToExternal."""
        return {"identifier": self.identifier, "name": self.name}


TransferTo: TypeAlias = TransferToAccount | TransferToExternal


@dataclass(frozen=True, slots=True)
class GiftTransferService:
    """The seven endpoints for one merchant; each method is one call.

    A reply without the list that was asked for raises ContractBroken: it says nothing, least of all "none".
    """

    client: PaytronixClient

    def pending_transfers(self, *, printed_card_number: str) -> Transfers:
        """Fetch Pending Transfers To Account: what waits for this card or its linked external accounts."""
        return self._list(PENDING_TRANSFERS, printed_card_number)

    def pending_transfer(self, *, code: str) -> TransferReply:
        """Fetch Pending Transfer: the gift behind a code. Raises Refused when nothing waits under it."""
        reply = self.client.call(PENDING_TRANSFER, style=B2B, parameters={"code": code}, reply=OneTransfer)
        return reply.transfer_info

    def history(self, *, printed_card_number: str) -> Transfers:
        """Fetch Transfer History For Account: all sent ones, and received ones that no longer wait."""
        return self._list(TRANSFER_HISTORY, printed_card_number)

    def transfer_out(
        self,
        *,
        from_card_number: str,
        to: TransferTo,
        wallet_code: int,
        message: str,
        may_send: Callable[[], bool],
    ) -> TransferReply:
        """Transfer Out. A write without an idempotency key: call it once per wish, whatever it raises.

        `may_send` is asked directly before the request leaves. Raises Unavailable when it says no, OutcomeUnknown
        when the transfer may or may not have happened.
        """
        parameters: dict[str, Parameter] = {
            "fromPrintedCardNumber": from_card_number,
            "to": to.parameters(),
            "walletCode": wallet_code,
        }
        if message:
            parameters["transferMessage"] = message
        return self.client.call(
            TRANSFER_OUT, style=B2B, parameters=parameters, reply=OneTransfer, may_send=may_send
        ).transfer_info

    def accept(
        self, *, code: str, accepting_card_number: str, message: str, may_send: Callable[[], bool]
    ) -> TransferReply:
        """Accept Transfer In. A write, with `may_send` as in transfer_out.

        Raises Unavailable when that says no, OutcomeUnknown when the gift may or may not have been accepted.
        """
        parameters = {"code": code, "acceptingPrintedCardNumber": accepting_card_number}
        return self._answer(ACCEPT_TRANSFER_IN, parameters, message, may_send)

    def reject(
        self, *, code: str, rejecting_card_number: str, message: str, may_send: Callable[[], bool]
    ) -> TransferReply:
        """Reject Transfer In, always with the card, which is optional there (docs/paytronix-api.md, section 7.11).

        A write, with `may_send` as in transfer_out.
        Raises Unavailable when that says no, OutcomeUnknown when the gift may or may not have been declined.
        """
        parameters = {"code": code, "rejectingPrintedCardNumber": rejecting_card_number}
        return self._answer(REJECT_TRANSFER_IN, parameters, message, may_send)

    def gifting_config(self, *, card_template_code: int, is_probe: bool = False) -> GiftingConfigs:
        """Get Gifting Configuration: which rewards may be sent from this kind of card.

        `is_probe` says that it is asked to learn whether our own credentials are accepted.
        """
        parameters = {"cardTemplateCode": card_template_code}
        operation = PROBE if is_probe else GIFTING_CONFIG
        return self.client.call(operation, style=B2B, parameters=parameters, reply=GiftingConfigs)

    def _list(self, operation: Operation, card_number: str) -> Transfers:
        parameters = {"printedCardNumber": card_number}
        reply = self.client.call(operation, style=B2B, parameters=parameters, reply=Transfers)
        about = {"merchant": self.client.integration.slug, "operation": operation.name}
        if reply.has_unread:
            fields = {"event": "transfers_unread", **about, "unread": reply.listed.left_out}
            log.error("transfers_unread", extra={"fields": fields})
        if reply.is_under_another_name:
            log.warning(
                "list_under_another_name", extra={"fields": {"event": "list_under_another_name", **about}}
            )
        return reply

    def _answer(
        self, operation: Operation, parameters: dict[str, str], message: str, may_send: Callable[[], bool]
    ) -> TransferReply:
        if message:
            parameters["message"] = message
        return self.client.call(
            operation, style=B2B, parameters=parameters, reply=OneTransfer, may_send=may_send
        ).transfer_info
