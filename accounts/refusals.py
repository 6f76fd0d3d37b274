"""What a guest reads when Paytronix refuses, cannot be asked, or is not to be asked yet."""

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from accounts.domain import CardStatus, Standing
from accounts.errors import Obstacle, SignInStopped
from accounts.reading import read_standing
from accounts.verdict import judge_standing, own_words
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused, could_not_authenticate


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sentence, and the small reference line: our reference and, where it may be shown, Paytronix's code.

    `is_quoted` says that the sentence is Paytronix's own, and neither the merchant's nor ours. `state` is a second
    sentence, about the card.
    """

    text: str
    reference: str
    code: str = ""
    is_quoted: bool = False
    state: str = ""


def refusal(
    error: Refused, *, merchant: Merchant, language: str, default: str = "", show_vendor_text: bool = False
) -> Refusal:
    """The merchant's words for the code; else Paytronix's own, if they are shown; else `default`.

    Before sign-in they are not shown, nor the code with them, so that no guess tells which cards and names exist.
    """
    words = merchant.message(error.code, language) if error.code else None
    vendor_text = error.message if show_vendor_text else ""
    text = words or vendor_text or default or _("We could not read this account.")
    return Refusal(text, error.reference, error.code if words or show_vendor_text else "")


def refusal_that_ended_sign_in(
    error: Refused, *, merchant: Merchant, language: str, by_card: bool
) -> Refusal:
    """The refusal of what was accepted at sign-in: of a card's number and code, or of a token."""
    if by_card:
        unsaid = _(
            "The number and the code that opened your card before no longer do. Check both, or contact us."
        )
    else:
        unsaid = _("Your sign-in is no longer accepted. Sign in again, or contact us.")
    return refusal(
        error,
        merchant=merchant,
        language=language,
        default=unsaid,
        show_vendor_text=not could_not_authenticate(error.code),
    )


def says_why(error: Refused, *, merchant: Merchant, language: str) -> bool:
    """Whether a refused token was refused for a reason that a guest should read; an expired one is not."""
    worded = bool(error.code and merchant.message(error.code, language))
    return worded or (not could_not_authenticate(error.code) and bool(error.code or error.message))


def invalid_status(error: InvalidStatus, *, merchant: Merchant, language: str) -> Refusal:
    """The words for a card whose balance would not help (docs/paytronix-api.md, section 5), and what is told of it.

    The merchant's words for the error code come first, then those for the card's state, then those for any card
    that has no balance to show; else Paytronix's own.
    """
    standing = read_standing(error.told) if error.told else Standing(None, None, None)
    state = _state_told(standing, merchant=merchant, language=language)
    by_code = merchant.message(error.code, language) if error.code else None
    by_state = own_words(standing, merchant=merchant, language=language) if state else None
    words = by_code or by_state or merchant.message("invalid_status", language) or error.message
    text = words or _("This card cannot be used right now, so there is no balance to show.")
    state = _replacement_told(standing, unless_in=text) if text == state else state
    return Refusal(text, error.reference, error.code, state=state)


def _state_told(standing: Standing, *, merchant: Merchant, language: str) -> str:
    """The sentence for the state; empty for one that would contradict the page, or that is not told."""
    if standing.status in {None, CardStatus.ACTIVE}:
        return ""
    return judge_standing(standing, merchant=merchant, language=language).sentence


def _replacement_told(standing: Standing, *, unless_in: str) -> str:
    card = standing.primary_card if standing.status == CardStatus.EXCHANGED else None
    if card is None or card.ending in unless_in:
        return ""
    return _("Replacement card, ending %(ending)s") % {"ending": card.ending}


@dataclass(frozen=True, slots=True)
class Alert:
    """What is wrong beside the form: what it means for the guest, and what to do."""

    title: str
    text: str
    reference: str
    code: str = ""


def signed_out(refusal: Refusal) -> Alert:
    """The alert where guests come in, after Paytronix has refused what was accepted before."""
    return Alert(_("You were signed out"), refusal.text, refusal.reference, refusal.code)


def stopped(error: SignInStopped, *, merchant: Merchant, language: str) -> Alert:
    """What a guest is told whom Paytronix knows and does not let in: the merchant's words for the code, else ours."""
    match error.obstacle:
        case Obstacle.NOT_FOUND:
            title = _("No account belongs to this user name")
            text = _("User name and password are right, but there is no account to open with them.")
        case Obstacle.LOCKED:
            title = _("Your account is locked")
            text = _(
                "User name and password are right, but the account is locked. Trying again does not unlock it."
            )
        case Obstacle.MIGRATION:
            title = _("Your user name has to be renewed first")
            text = _(
                "This user name is from before the sign-in was changed. You can sign in here once it is renewed."
            )
    refusal = error.refusal
    return Alert(title, merchant.message(refusal.code, language) or text, refusal.reference, refusal.code)


class Typed(Enum):
    """What the page of an alert still holds of what the guest has typed."""

    NOTHING = "nothing"  # there was no form, or the page has none
    ALL = "all"
    ALL_BUT_PASSWORD = "all but password"  # noqa: S105 - a password is never put into a page


def unavailable(error: PaytronixError, *, typed: Typed) -> Alert:
    """The alert when Paytronix could not be asked, or its answer could not be understood."""
    return _try_again(typed, reference=error.reference)


def proof_asked(*, typed: Typed) -> Alert:
    """The alert when a try needs a proof of work or a pause first."""
    if typed is not Typed.ALL_BUT_PASSWORD:
        text = _("To keep cards safe, this try takes a little longer. What you entered is still here.")
    else:
        text = _("To keep accounts safe, this try takes a little longer. Enter your password again.")
    return Alert(title=_("One more moment"), text=text, reference="")


def paused(*, typed: Typed = Typed.NOTHING) -> Alert:
    """The alert while the counters are out of reach, and so no try is allowed."""
    return _try_again(typed, reference="")


def _try_again(typed: Typed, *, reference: str) -> Alert:
    match typed:
        case Typed.NOTHING:
            text = _("This is not about your card. Try again in a few minutes.")
        case Typed.ALL:
            text = _(
                "This is not about your card. Try again in a few minutes; what you entered is still here."
            )
        case Typed.ALL_BUT_PASSWORD:
            text = _(
                "This is not about your card. Try again in a few minutes, and enter your password again."
            )
    return Alert(title=_("We cannot look up cards right now"), text=text, reference=reference)
