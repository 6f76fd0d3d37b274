"""The calls to Paytronix that sending makes. `transfer_out` is the only one that moves anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gifting.gift.api import service_for
from gifting.gift.domain import Direction, Gift
from gifting.gift.reading import read_gift
from gifting.ledger.wish import Contents, Recipient
from gifting.sending.domain import GiftableReward
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.gift_transfer import TransferReply
from guestportal.paytronix.replies.structs import Malformed, decode, encode
from guestportal.paytronix.scalars import truth, whole_number
from guestportal.paytronix.services.gift_transfer import TransferTo, TransferToAccount, TransferToExternal
from guestportal.paytronix.text import clean_line, received_line
from guestportal.storage import clock

_LARGEST_CODE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """A gift that a card has sent, with the reply it was read from, to be kept."""

    gift: Gift
    reply: TransferReply

    @property
    def record(self) -> bytes:
        """What `read_record` reads back."""
        return encode(self.reply)


@dataclass(frozen=True, slots=True)
class Sent:
    """Everything a card has sent. `asked_at` is from before the call, by the ledger's clock: it is surely not newer.

    `is_whole` is False when something in it could not be read: then nothing follows from what is not in it.
    """

    transfers: tuple[Transfer, ...]
    asked_at: datetime
    is_whole: bool


def read_rewards(*, merchant: Merchant, card_template_code: int) -> tuple[GiftableReward, ...]:
    """What may be sent from this kind of card, in one call. Raises PaytronixErrors.

    Source: docs/paytronix-api.md, section 7, giftingConfig.
    An entry without a wallet code, or with one that no column holds, cannot be sent and is left out.
    """
    configs = service_for(merchant).gifting_config(card_template_code=card_template_code).configs
    return tuple(
        GiftableReward(
            code,
            received_line(config.descriptive_label.value),
            clean_line(config.quantity_required.value) or None,
        )
        for config in configs
        if (code := whole_number(config.wallet_code.value)) is not None and code <= _LARGEST_CODE
    )


def read_sent(*, merchant: Merchant, card_number: str) -> Sent:
    """Everything that a card has sent, in one call. Raises PaytronixErrors.

    Source: docs/paytronix-api.md, section 7, Fetch Transfer History For Account.
    """
    asked_at = clock.now()
    history = service_for(merchant).history(printed_card_number=card_number)
    transfers = (
        Transfer(read_gift(reply, merchant=merchant, card_number=card_number, now=asked_at), reply)
        for reply in history.readable
    )
    sent = tuple(each for each in transfers if each.gift.direction is Direction.OUT)
    return Sent(sent, asked_at, is_whole=history.is_whole)


def transfer_out(contents: Contents, *, merchant: Merchant, may_send: Callable[[], bool]) -> Transfer:
    """The one write of a wish (docs/paytronix-api.md, section 7: Transfer Out), and the transfer as it is afterwards.

    `may_send` is asked directly before the request leaves; what it refuses was surely not sent. Raises Refused,
    Unavailable when it surely was not sent, OutcomeUnknown, and the other PaytronixErrors.
    """
    reply = service_for(merchant).transfer_out(
        from_card_number=contents.card_number,
        to=_to(contents.recipient),
        wallet_code=contents.wallet_code,
        message=contents.sent_message,
        may_send=may_send,
    )
    now = timezone.now()
    # What says nothing of its direction is what we asked for.
    inbound = truth(reply.inbound) is True
    gift = read_gift(reply, merchant=merchant, card_number=contents.card_number, now=now, inbound=inbound)
    return Transfer(gift, reply)


def read_record(record: bytes, *, merchant: Merchant, card_number: str, now: datetime) -> Gift | None:
    """A transfer that was kept as `Transfer.record`, None when an older portal wrote it in another form."""
    try:
        reply = decode(record, TransferReply)
    except Malformed:
        return None
    return read_gift(reply, merchant=merchant, card_number=card_number, now=now, inbound=False)


def _to(recipient: Recipient) -> TransferTo:
    if recipient.account_code is not None:
        return TransferToAccount(recipient.account_code)
    return TransferToExternal(recipient.address, recipient.name)
