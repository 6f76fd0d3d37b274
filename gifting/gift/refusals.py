"""What a guest reads when Paytronix refuses a gift call, or cannot be asked."""

from django.utils.translation import gettext as _

from accounts.refusals import Alert, Refusal
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused


def refusal_of(error: Refused | InvalidStatus, *, merchant: Merchant, language: str) -> Refusal:
    """The merchant's words for the code, else Paytronix's message, else ours; always with the reference."""
    return worded_refusal(error.code, error.message, error.reference, merchant=merchant, language=language)


def worded_refusal(code: str, message: str, reference: str, *, merchant: Merchant, language: str) -> Refusal:
    """The words for a refusal that was kept: the merchant's for its code, else its message, else ours."""
    words = merchant.message(code, language) if code else None
    text = words or message or _("No reason was given. Ask us, with the reference below.")
    return Refusal(text, reference, code, is_quoted=bool(message and not words))


def told_at_once(refusal: Refusal, check: str) -> str:
    """The reason of a refusal that is not believed yet, and what is being done about it."""
    reason = refusal.text if refusal.text.endswith((".", "!", "?")) else f"{refusal.text}."
    words = _("Paytronix says: %(reason)s") % {"reason": reason} if refusal.is_quoted else reason
    return f"{words} {check}"


def is_harmless(code: str, *, merchant: Merchant) -> bool:
    """Whether the merchant knows this error code to precede any work: then the refusal is believed at once."""
    return code != "" and code in merchant.gifts.harmless_refusals


def unavailable(error: PaytronixError) -> Alert:
    """The alert when gifts could not be read; nothing was changed."""
    return Alert(
        title=_("We cannot look up gifts right now"),
        text=_("This is not about your gifts: they are safe. Try again in a few minutes."),
        reference=error.reference,
    )


def not_sent(error: PaytronixError) -> Alert:
    """The alert when an answer surely did not reach Paytronix."""
    return Alert(
        title=_("Your answer did not get through"),
        text=_("Nothing has changed: the gift still waits for you. Try again in a few minutes."),
        reference=error.reference,
    )
