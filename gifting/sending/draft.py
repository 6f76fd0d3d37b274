"""A gift while its sender makes up their mind: kept in the sealed session, so that going back loses nothing.

It holds what Paytronix was asked at the start, so that no step asks again.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from accounts.masking import mask_address
from gifting.ledger.wish import Recipient
from gifting.sending.domain import GiftableReward, Person

_KEY = "sending"


@dataclass(frozen=True, slots=True)
class Sending:
    """A gift that this card has sent to an address, wherever that was done.

    `wallet_codes` are those of the wallets it was taken from and given to: giftingConfig may name either.
    """

    address: str = field(repr=False)
    name: str = field(repr=False)
    wallet_codes: tuple[int, ...]
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read at `read_at`, and what the guest has decided so far.

    `sendings` are newest first, and no more of them than are needed: the last one to each address, and all that were
    made lately. `wish_id` is the one-time key of the last check page, None before there is one.
    """

    card_number: str = field(repr=False)
    rewards: tuple[GiftableReward, ...]
    sendings: tuple[Sending, ...]
    baseline: int
    read_at: datetime
    wish_id: UUID | None = None
    wallet_code: int | None = None
    recipient: Recipient | None = None
    message: str = field(default="", repr=False)

    @property
    def people(self) -> tuple[Person, ...]:
        """The recipients of earlier gifts, the latest first, each address once."""
        latest: dict[str, Sending] = {}
        for sending in self.sendings:
            latest.setdefault(sending.address.casefold(), sending)
        return tuple(
            Person(self._key_of(address), each.address, each.name, mask_address(each.address), each.sent_at)
            for address, each in latest.items()
        )

    def _key_of(self, address: str) -> str:
        """Names the person and no place in a list: an older page's button picks no other one."""
        return salted_hmac("gifting.person", f"{self.card_number}:{address}", algorithm="sha256").hexdigest()[
            :24
        ]

    def is_known(self, address: str) -> bool:
        """Whether the guest has sent to this address before."""
        return any(each.address.casefold() == address.casefold() for each in self.sendings)


def load_draft(session: MutableMapping[str, Any], *, card_number: str) -> Draft | None:
    """The draft of this session for this card, None when there is none or it cannot be read any more."""
    try:
        draft = _read(session[_KEY])
    except (KeyError, TypeError, ValueError):
        return None
    return draft if draft.card_number == card_number else None


def save_draft(session: MutableMapping[str, Any], draft: Draft) -> None:
    """Keep the draft for the next step."""
    session[_KEY] = {
        "card": draft.card_number,
        "rewards": [[each.wallet_code, each.label, each.quantity] for each in draft.rewards],
        "sendings": [
            [each.address, each.name, each.wallet_codes, each.sent_at.isoformat() if each.sent_at else None]
            for each in draft.sendings
        ],
        "baseline": draft.baseline,
        "read_at": draft.read_at.isoformat(),
        "wish": str(draft.wish_id) if draft.wish_id else None,
        "wallet": draft.wallet_code,
        "recipient": [draft.recipient.address, draft.recipient.name, draft.recipient.account_code]
        if draft.recipient
        else None,
        "message": draft.message,
    }


def spent(draft: Draft) -> Draft:
    """What is left of a draft once its gift is sent: its key, by which Back finds the receipt."""
    return replace(draft, rewards=(), sendings=(), wallet_code=None, recipient=None, message="")


def renewed(draft: Draft, fresh: Draft) -> Draft:
    """The guest's decisions with a newer reading."""
    return replace(
        fresh,
        wish_id=draft.wish_id,
        wallet_code=draft.wallet_code,
        recipient=draft.recipient,
        message=draft.message,
    )


def _read(kept: dict[str, Any]) -> Draft:
    return Draft(
        card_number=kept["card"],
        rewards=tuple(GiftableReward(*each) for each in kept["rewards"]),
        sendings=tuple(
            Sending(address, name, tuple(wallet_codes), _moment(sent_at))
            for address, name, wallet_codes, sent_at in kept["sendings"]
        ),
        baseline=kept["baseline"],
        read_at=datetime.fromisoformat(kept["read_at"]),
        wish_id=UUID(kept["wish"]) if kept["wish"] else None,
        wallet_code=kept["wallet"],
        recipient=Recipient(*kept["recipient"]) if kept["recipient"] else None,
        message=kept["message"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
