"""Whether a card can be used, in one sentence. The merchant's words win over ours."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from accounts.domain import Account, CardStatus, Standing
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
    """Return the sentence for the account's state."""
    return judge_standing(account.standing, merchant=merchant, language=language)


def judge_standing(standing: Standing, *, merchant: Merchant, language: str) -> Verdict:
    """Return the sentence for what is stated; an undocumented state is shown as received.

    The merchant's words for an exchanged card may send the guest to the replacement, whose last digits stand for
    `{ending}` in them. They give way to ours when that one is known not to be usable either, or has no number.
    """
    tone = _TONES.get(standing.status or "", Tone.UNKNOWN)
    sentence = own_words(standing, merchant=merchant, language=language) or _sentence(standing)
    return Verdict(tone=tone, sentence=sentence)


def own_words(standing: Standing, *, merchant: Merchant, language: str) -> str | None:
    """The merchant's words `card_<status>` for what is stated; None where it has none that are true."""
    status, replacement = standing.status, standing.replacement_status
    misleading = status == CardStatus.EXCHANGED and replacement not in {None, CardStatus.ACTIVE}
    words = merchant.message(f"card_{status.lower()}", language) if status and not misleading else None
    if words and ENDING in words:
        return words.replace(ENDING, standing.primary_card.ending) if standing.primary_card else None
    return words


_TONES: dict[str, Tone] = {
    CardStatus.ACTIVE: Tone.GOOD,
    CardStatus.SUSPENDED: Tone.WARNING,
    CardStatus.DISABLED: Tone.BAD,
    CardStatus.EXCHANGED: Tone.WARNING,
    CardStatus.TERMINATED: Tone.BAD,
}


def _sentence(standing: Standing) -> str:
    status = standing.status
    match status:
        case CardStatus.ACTIVE:
            return _("This card is active and can be used.")
        case CardStatus.SUSPENDED:
            return _("This card is suspended and cannot be used for now.")
        case CardStatus.DISABLED:
            return _("This card is disabled and can no longer be used.")
        case CardStatus.EXCHANGED if standing.primary_card:
            words = _(
                "This card was exchanged for the card ending %(ending)s. Ask us whether that one can be used."
            )
            if standing.replacement_status == CardStatus.ACTIVE:
                words = _("This card was exchanged. Use the card ending %(ending)s instead.")
            return words % {"ending": standing.primary_card.ending}
        case CardStatus.EXCHANGED:
            return _("This card was exchanged for another one and can no longer be used.")
        case CardStatus.TERMINATED:
            return _("Everything on this card was moved to another card, so this one can no longer be used.")
        case None:
            return _("Whether this card can be used is not available right now.")
        case _:
            return _("The status of this card is %(status)s. Ask us whether it can be used.") % {
                "status": status
            }
