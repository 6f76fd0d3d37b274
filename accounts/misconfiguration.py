"""Tells guests whose credentials are wrong from a merchant whose own are, by one call that needs no guest.

Without it, a wrong client secret or merchant id makes every guest a guesser (docs/threats.md, check 43).
"""

import logging
from enum import Enum, auto

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.client import client_for
from guestportal.paytronix.errors import Misconfigured, PaytronixError
from guestportal.paytronix.services.gift_transfer import GiftTransferService
from guestportal.throttling import own_credentials
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.own_credentials import REFUSALS

log = logging.getLogger("accounts.misconfiguration")


class Fault(Enum):
    """Whose credentials were refused."""

    GUESTS = auto()
    OURS = auto()  # proven
    UNTOLD = auto()  # nothing has ever succeeded with this integration


def refuse_if_proven(merchant: Merchant) -> None:
    """Raises Misconfigured while Paytronix refuses the merchant's own credentials, so that nothing else is asked.

    Once a minute the call that needs no guest finds out whether it still does. Raises CountersUnreachable.
    """
    if not own_credentials.are_refused(merchant):
        return
    known = own_credentials.known(merchant)
    if known is None or known.card_template_code is None:
        return
    if own_credentials.take_probe(merchant) and _are_accepted(merchant, known.card_template_code):
        return
    raise Misconfigured(
        operation="portal/misconfigured", reference=new_reference(), reason="own credentials refused"
    )


def whose_fault(merchant: Merchant, error: PaytronixError) -> Fault:
    """Whose credentials a sign-in was refused for, also counted among those that were refused in a row.

    What is no answer of Paytronix says nothing. While the counters are out of reach it is the guest's.
    """
    if not error.is_answer:
        return Fault.GUESTS
    try:
        if error.status not in REFUSALS:
            own_credentials.end_run(merchant)
            return Fault.GUESTS
        return _prove(merchant, error) if own_credentials.count_refusal(merchant) else Fault.GUESTS
    except CountersUnreachable:
        return Fault.GUESTS


def as_outage(error: PaytronixError) -> Misconfigured:
    """The refusal as what a guest is to be told: that cards cannot be looked up."""
    return Misconfigured(
        operation=error.operation,
        reference=error.reference,
        status=error.status,
        reason="refusals in a row",
    )


def _prove(merchant: Merchant, error: PaytronixError) -> Fault:
    known = own_credentials.known(merchant)
    if known is None:
        if own_credentials.may_say_unproven(merchant):
            _log("credentials_unproven", merchant, error, advice="run doctor")
        return Fault.UNTOLD
    if known.card_template_code is not None and own_credentials.take_probe(merchant):
        _are_accepted(merchant, known.card_template_code)
    return Fault.OURS if own_credentials.are_refused(merchant) else Fault.GUESTS


def _are_accepted(merchant: Merchant, card_template_code: int) -> bool:
    """Whether the call that needs no guest shows good credentials, also noted; False where it shows neither.

    Its refusal shows bad ones only where it has succeeded before: an integration may lack the right to make it.
    """
    service = GiftTransferService(client_for(merchant.integration))
    try:
        service.gifting_config(card_template_code=card_template_code, is_probe=True)
    except PaytronixError as error:
        if error.status in REFUSALS:
            known = own_credentials.known(merchant)
            if known and known.has_answered and own_credentials.note_refused(merchant):
                _log("credentials_refused", merchant, error)
            return False
        if not error.is_answer:
            return False
    else:
        own_credentials.note_answered(merchant, card_template_code=card_template_code)
    own_credentials.note_accepted(merchant)
    return True


def _log(event: str, merchant: Merchant, error: PaytronixError, **more: str) -> None:
    fields = {
        "event": event,
        "merchant": merchant.slug,
        "operation": error.operation,
        "status": error.status,
        "reference": error.reference,
        **more,
    }
    log.error(event, extra={"fields": fields})
