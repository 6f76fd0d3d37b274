"""From the vendor's TransferInfo to our frozen gift: the one place where their field names meet ours."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from accounts.masking import mask_address
from accounts.reading import own_label, read_amount
from gifting.gift.dates import read_deadline, read_moment
from gifting.gift.domain import (
    Direction,
    Gift,
    GiftStatus,
    Item,
    Party,
    PendingGift,
    Preview,
    Target,
    TargetKind,
    is_documented,
)
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.gift_transfer import (
    TransferredBalanceReply,
    TransferReply,
    UserReply,
)
from guestportal.paytronix.replies.integration import IntegrationNamesReply
from guestportal.paytronix.scalars import truth, whole_number
from guestportal.paytronix.text import clean_line, received_line, received_text


def read_gift(
    reply: TransferReply, *, merchant: Merchant, card_number: str, now: datetime, inbound: bool | None = None
) -> Gift:
    """The transfer as the holder of `card_number` sees it at `now`.

    Source: docs/paytronix-api.md, section 7, TransferInfo. `inbound` is what the call implies; without it the
    reply's own word counts, and without that the sender's card.
    """
    zone = merchant.locale.time_zone
    status = _status(reply.status)
    direction = _direction(reply, card_number, inbound)
    balance = reply.balance or TransferredBalanceReply()
    item = _item(balance, merchant)
    # Counted days say when a gift that waits will end; what is over is told by its dates alone.
    counted = (reply.transfer_expiration_days.value, balance.expiration_days.value)
    days = counted if status == GiftStatus.PENDING else ()
    sent = read_moment(clean_line(reply.transfer_datetime))
    return Gift(
        direction=direction,
        status=status,
        sender=_party(reply.from_user_information.value),
        recipient=_party(reply.to_user_information.value),
        target=_target(reply, sent=direction is Direction.OUT),
        item=item,
        cost=_cost(balance, item, merchant) if direction is Direction.OUT else None,
        message=received_text(reply.transfer_message),
        reply=received_text(reply.response_message.value),
        sent=sent,
        answered=read_moment(clean_line(reply.response_datetime.value)),
        deadline=read_deadline(
            clean_line(balance.expiration_date.value),
            days,
            zone=zone,
            now=now,
            sent_at=sent.at,
            counts=merchant.gifts.expiration_days,
        ),
        transaction_id=clean_line(reply.transfer_out_transaction_id),
        transfer_in_id=clean_line(reply.transfer_in_transaction_id),
        void_id=clean_line(reply.void_transfer_out_transaction_id),
        answerable=bool(reply.code and clean_line(reply.transfer_out_transaction_id)),
        source_wallet=whole_number(balance.source_wallet_code),
    )


def read_pending(
    replies: Iterable[TransferReply], *, merchant: Merchant, card_number: str, now: datetime
) -> tuple[PendingGift, ...]:
    """The waiting gifts, soonest deadline first, those without one last; each transaction once."""
    pending = [
        PendingGift(
            read_gift(reply, merchant=merchant, card_number=card_number, now=now, inbound=True),
            code=reply.code or "",
        )
        for reply in replies
    ]
    unique = {each.gift.transaction_id or f"place {place}": each for place, each in enumerate(pending)}
    return tuple(sorted(unique.values(), key=lambda each: _urgency(each.gift)))


def preview_of(gift: Gift) -> Preview:
    """What may be shown of a gift to the holder of its link: no last name."""
    return Preview(
        sender=replace(gift.sender, last_name=""),
        item=gift.item,
        message=gift.message,
        deadline=gift.deadline,
    )


def _urgency(gift: Gift) -> tuple[bool, float, float]:
    ends_at = gift.deadline.ends_at if gift.deadline else None
    sent_at = gift.sent.at
    return (
        ends_at is None,
        ends_at.timestamp() if ends_at else 0.0,
        sent_at.timestamp() if sent_at else 0.0,
    )


def _status(text: str | None) -> str:
    """The state, whatever its case (docs/paytronix-api.md, section 5); one that is not documented as received."""
    status = clean_line(text)
    return GiftStatus(status.upper()) if is_documented(status.upper()) else status


def _direction(reply: TransferReply, card_number: str, inbound: bool | None) -> Direction:
    stated = inbound if inbound is not None else truth(reply.inbound)
    if stated is None:
        stated = reply.from_printed_card_number != card_number
    return Direction.IN if stated else Direction.OUT


def _party(reply: UserReply | None) -> Party:
    if reply is None:
        return Party()
    first_name, last_name = _name(reply.first_name.value), _name(reply.last_name.value)
    # Of a last name with a single letter the initial would be all of it.
    letters = [letter for letter in last_name if letter.isalpha()]
    return Party(
        first_name=first_name,
        initial=letters[0].upper() if len(letters) > 1 else "",
        salutation=_name(reply.salutation.value),
        last_name="" if first_name else last_name,
    )


def _item(balance: TransferredBalanceReply, merchant: Merchant) -> Item:
    code, source = whole_number(balance.destination_wallet_code), whole_number(balance.source_wallet_code)
    # What it was taken from has another name where it is another wallet: points become a coffee.
    same_wallet = None in {code, source} or code == source
    label = own_label(code, merchant) or (own_label(source, merchant) if same_wallet else "")
    names = [
        balance.destination_wallet_name,
        balance.destination_wallet_name_short,
        balance.destination_wallet_name_tiny,
        *([balance.source_wallet_name] if same_wallet else []),
    ]
    return Item(
        wallet_code=code,
        name=label or next((name for each in names if (name := _name(each.value))), ""),
        # The merchant's own label has no plural, and Paytronix's would be another name for the same thing.
        plural="" if label else _name(balance.destination_wallet_plural_name.value),
        amount=read_amount(balance.destination_amount, merchant=merchant, wallet_code=code),
        long=_name(balance.destination_wallet_name_long.value),
    )


def _cost(balance: TransferredBalanceReply, item: Item, merchant: Merchant) -> Item | None:
    code = whole_number(balance.source_wallet_code)
    amount = read_amount(balance.source_amount, merchant=merchant, wallet_code=code)
    name = own_label(code, merchant) or _name(balance.source_wallet_name.value)
    if amount.received is None or (code == item.wallet_code and amount.value == item.amount.value):
        return None
    return Item(wallet_code=code, name=name, plural=name, amount=amount)


def _target(reply: TransferReply, *, sent: bool) -> Target:
    """For whom it is. What the sender typed goes into sent gifts alone."""
    external = reply.external_target
    if external is None:
        return Target(TargetKind.ACCOUNT)
    integration = external.integration.value or IntegrationNamesReply()
    identifier = clean_line(external.identifier)
    masked = mask_address(identifier)
    return Target(
        kind=TargetKind.EMAIL if masked else TargetKind.OTHER,
        masked=masked,
        network=_name(integration.name.value) or _name(integration.reporting_name.value),
        integration=clean_line(integration.identifier.value),
        name=_name(external.name.value) if sent else "",
        link=_https(reply.external_target_link.value) if sent else "",
        address=identifier if sent else "",
    )


def _https(address: str | None) -> str:
    """The address if it is a plain https one (docs/threats.md, T15), otherwise nothing."""
    text = clean_line(address)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and text.isprintable()
    return text if plain and not set(text) & set("\\ \"'<>") else ""


def _name(text: str | None) -> str:
    """A name as a guest or a merchant gave it, on one line."""
    return received_line(text)
