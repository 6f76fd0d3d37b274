"""Whether a card can be used, in one sentence. The merchant's words win over ours."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.domain import Account, CardStatus
from guestportal.merchants.definition import Merchant


class Tone(StrEnum):
    """How a sentence is coloured and which icon stands before it."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    tone: Tone
    sentence: str


def judge(*, account: Account, merchant: Merchant, language: str) -> Verdict:
    """Return the sentence for the account's state; an undocumented state is shown as received."""
    status = account.status
    tone = _TONES.get(status or "", Tone.UNKNOWN)
    words = merchant.message(f"card_{status.lower()}", language) if status else None
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
            return _("This card was exchanged. Use the card ending %(ending)s instead.") % {
                "ending": account.primary_card.ending
            }
        case CardStatus.EXCHANGED:
            return _("This card was exchanged for another one and can no longer be used.")
        case None:
            return _("Whether this card can be used is not available right now.")
        case _:
            return _("The status of this card is %(status)s. Ask us whether it can be used.") % {
                "status": status
            }
