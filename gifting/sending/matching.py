"""Whether a transfer of the history is the gift of a wish. Pure: it reads no clock, no database and no network."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from gifting.gift.domain import Direction, Gift
from gifting.gift.reference import find_reference
from gifting.ledger.schedule import CLOCKS_DIFFER, WATCHED_FOR
from gifting.ledger.wish import Contents, Recipient
from guestportal.paytronix.scalars import whole_number


@dataclass(frozen=True, slots=True)
class Match:
    """What the history has of a wish.

    `gifts` bear its reference, or are alike when it has none. `odd` bear the reference and contradict the wish in
    something else. `doubtful` are alike and end in no reference at all: the message of ours may have been left out,
    changed or cut off on its way.
    """

    gifts: tuple[Gift, ...]
    odd: tuple[Gift, ...] = ()
    doubtful: tuple[Gift, ...] = ()


def candidates(gifts: Collection[Gift], *, contents: Contents, claimed_at: datetime) -> Match:
    """The transfers that may be this wish's: outbound, same wallet, same recipient, in its time.

    Where our reference is found, transaction numbers decide nothing: that they grow is nowhere said. Without it a
    gift has to be newer than the baseline too.
    """
    alike = tuple(gift for gift in gifts if _is_alike(gift, contents, claimed_at))
    newer = tuple(gift for gift in alike if _is_after(gift.transaction_id, contents.baseline))
    if not contents.reference:
        return Match(gifts=newer)
    bearing = tuple(gift for gift in gifts if gift.direction is Direction.OUT and _bears(gift, contents))
    return Match(
        gifts=tuple(gift for gift in bearing if gift in alike),
        odd=tuple(gift for gift in bearing if gift not in alike),
        doubtful=tuple(gift for gift in newer if find_reference(gift.message) is None),
    )


def contradicts(gift: Gift, contents: Contents) -> bool:
    """Whether a reply to the call speaks of another gift; what it leaves out or has changed in the words does not."""
    is_alike = (
        gift.direction is Direction.OUT
        and _is_of_wallet(gift, contents.wallet_code)
        and _is_for(gift, contents.recipient)
    )
    if contents.reference and find_reference(gift.message) is not None:
        return not (is_alike and _bears(gift, contents))
    return not (is_alike and _is_after(gift.transaction_id, contents.baseline))


def _is_after(transaction_id: str, baseline: int) -> bool:
    """Whether a transaction is newer than the baseline; a number we cannot read says nothing."""
    number = whole_number(transaction_id)
    return number is None or number > baseline


def _is_alike(gift: Gift, contents: Contents, claimed_at: datetime) -> bool:
    sent_at = gift.sent.at
    return (
        gift.direction is Direction.OUT
        and _is_of_wallet(gift, contents.wallet_code)
        and _is_for(gift, contents.recipient)
        and (sent_at is None or claimed_at - CLOCKS_DIFFER <= sent_at <= claimed_at + WATCHED_FOR)
    )


def _is_of_wallet(gift: Gift, wallet_code: int) -> bool:
    """The documentation leaves open whether the code that is sent names the wallet taken from or the one given to."""
    return gift.source_wallet is None or wallet_code in {gift.source_wallet, gift.item.wallet_code}


def _is_for(gift: Gift, recipient: Recipient) -> bool:
    """A reply may leave its target or the address in it out, and names an account by its card, never by its code."""
    if not gift.target.address:
        return True
    return recipient.account_code is None and gift.target.address.casefold() == recipient.address.casefold()


def _bears(gift: Gift, contents: Contents) -> bool:
    return find_reference(gift.message) == contents.reference
