"""The calls about one answer: what became of its gift, and the one write."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gifting.gift.api import read_activity, read_by_code, service_for
from gifting.gift.domain import Gift
from gifting.gift.reading import read_gift
from gifting.ledger import rows
from gifting.ledger.answers import Claim
from gifting.receiving.outcomes import KIND_BY_CODE, says_no_gift
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import Refused
from guestportal.storage import clock


@dataclass(frozen=True, slots=True)
class Finding:
    """A claimed gift as Paytronix has it, None when it neither waits nor stands in the history.

    `is_whole` is False when something in the history could not be read: then None proves nothing. With `may_wait` the
    history does not have it, and whether it waits is not known.
    """

    gift: Gift | None
    asked_at: datetime
    is_whole: bool = True
    may_wait: bool = False


def find_out(claimed: Claim, *, merchant: Merchant) -> Finding:
    """What became of the gift of a claim: looked up by its code while it waits, then in the history.

    One or two calls (docs/architecture.md, section 6). Raises PaytronixErrors: then nothing is known.
    """
    asked_at, card_number, may_wait = clock.now(), claimed.card_number, False
    try:
        gift = read_by_code(merchant=merchant, card_number=card_number, code=claimed.code)
        if gift.transaction_id == claimed.transaction_id:
            return Finding(gift, asked_at)
    except Refused as error:
        may_wait = error.code not in KIND_BY_CODE and not says_no_gift(error.code)
    activity = read_activity(merchant=merchant, card_number=card_number, asked_at=asked_at)
    return Finding(activity.received(claimed.transaction_id), asked_at, activity.is_whole, may_wait)


def send_answer(claimed: Claim, *, merchant: Merchant, note: str) -> Gift:
    """The one write of a claim, and the gift as it is afterwards.

    Source: docs/paytronix-api.md, section 7, acceptTransferIn and rejectTransferIn. The ledger is asked once more
    whether it may leave, directly before its first byte. Raises Refused, Unavailable when it surely was not sent,
    OutcomeUnknown, and the other PaytronixErrors.
    """
    service, card_number = service_for(merchant), claimed.card_number
    may_send = partial(rows.may_send, claimed, merchant=merchant)
    if claimed.action == "accept":
        reply = service.accept(
            code=claimed.code, accepting_card_number=card_number, message=note, may_send=may_send
        )
    else:
        reply = service.reject(
            code=claimed.code, rejecting_card_number=card_number, message=note, may_send=may_send
        )
    return read_gift(reply, merchant=merchant, card_number=card_number, now=clock.now(), inbound=True)
