"""Whether a card can be used, in one sentence. The merchant's words win over ours."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from accounts.domain import Account, CardStatus
from guestportal.merchants.definition import Merchant

ENDING: Final = "{ending}"


class Tone(StrEnum):
    """How a sentence is coloured and which icon stands before it."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a card can be used: one sentence for the guest, and how it is meant."""

    tone: Tone
    sentence: str


def judge(*, account: Account, merchant: Merchant, language: str) -> Verdict:
    """Return the sentence for the account's state; an undocumented state is shown as received.

    The merchant's words for an exchanged card may send the guest to the replacement, whose last digits stand for
    `{ending}` in them. They give way to ours when that one is known not to be usable either, or has no number.
    """
    status = account.status
    tone = _TONES.get(status or "", Tone.UNKNOWN)
    replacement = account.replacement_status
    misleading = status == CardStatus.EXCHANGED and replacement not in {None, CardStatus.ACTIVE}
    words = merchant.message(f"card_{status.lower()}", language) if status and not misleading else None
    if words and ENDING in words:
        words = words.replace(ENDING, account.primary_card.ending) if account.primary_card else None
    return Verdict(tone=tone, sentence=words or _sentence(account, status))


_TONES: dict[str, Tone] = {
    CardStatus.ACTIVE: Tone.GOOD,
    CardStatus.SUSPENDED: Tone.WARNING,
    CardStatus.DISABLED: Tone.BAD,
    CardStatus.EXCHANGED: Tone.WARNING,
}


def _sentence(account: Account, status: str | None) -> str:
    match status:
        case CardStatus.ACTIVE:
            return _("This card is active and can be used.")
        case CardStatus.SUSPENDED:
            return _("This card is suspended and cannot be used for now.")
        case CardStatus.DISABLED:
            return _("This card is disabled and can no longer be used.")
        case CardStatus.EXCHANGED if account.primary_card:
            words = _(
                "This card was exchanged for the card ending %(ending)s. Ask us whether that one can be used."
            )
            if account.replacement_status == CardStatus.ACTIVE:
                words = _("This card was exchanged. Use the card ending %(ending)s instead.")
            return words % {"ending": account.primary_card.ending}
        case CardStatus.EXCHANGED:
            return _("This card was exchanged for another one and can no longer be used.")
        case None:
            return _("Whether this card can be used is not available right now.")
        case _:
            return _("The status of this card is %(status)s. Ask us whether it can be used.") % {
                "status": status
            }
