"""The words of the pages of sending: what a reward takes, why one cannot be sent, and where a gift is now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gifting.gift.domain import GiftStatus
from gifting.gift.refusals import told_at_once
from gifting.gift.words import status_tone, status_word
from gifting.ledger.wish import SendingLimit, WishState
from gifting.sending.domain import Following, Obstacle, Offer
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Unit
from guestportal.web.locales import current_locale
from guestportal.web.templatetags.portal import day, quantity


def cost_words(offer: Offer | Following) -> str:
    """What sending the reward takes: "10 Visits", "$5.00 Stored Value"."""
    return _of_wallet(offer.cost, offer.wallet_name)


def balance_words(offer: Offer) -> str:
    """What the guest has in the wallet that it is taken from; "none" without one."""
    return _of_wallet(offer.balance, offer.wallet_name) if offer.balance else _("none")


def left_words(offer: Offer) -> str:
    """What remains in the wallet after sending; empty when it is not known."""
    return _of_wallet(offer.left, offer.wallet_name) if offer.left else ""


def terms(offer: Offer) -> str:
    """What sending the reward takes, in one line: "Takes 500 Points. You have 1,250, and 750 after sending." """
    return _("Takes %(cost)s. You have %(balance)s, and %(left)s after sending.") % {
        "cost": quantity(offer.cost) if _is_its_own_wallet(offer) else cost_words(offer),
        "balance": quantity(offer.balance),
        "left": quantity(offer.left),
    }


def obstacle_words(offer: Offer) -> str:
    """Why a reward cannot be sent, and what would help; empty when it can."""
    match offer.obstacle:
        case Obstacle.SHORT if offer.missing and offer.balance:
            figures = {
                "missing": quantity(offer.missing),
                "wallet": offer.wallet_name,
                "cost": quantity(offer.cost),
                "balance": quantity(offer.balance),
            }
            if _is_its_own_wallet(offer):
                return (
                    _("%(missing)s more to send it: it takes %(cost)s, and you have %(balance)s.") % figures
                )
            return (
                _("%(missing)s more %(wallet)s to send it: it takes %(cost)s, and you have %(balance)s.")
                % figures
            )
        case Obstacle.SHORT:
            return _("You have none of it yet; sending it takes %(cost)s.") % {"cost": cost_words(offer)}
        case Obstacle.NOT_GIFTABLE:
            return _("This reward cannot be given away.")
        case Obstacle.FREE:
            return _("It takes nothing from your card, so there is nothing to send.")
        case Obstacle.ALIKE:
            return _("We cannot tell it apart from another gift on this list, so it cannot be sent.")
        case Obstacle.UNREADABLE:
            return _("What it takes is not available right now, so it cannot be sent.")
        case None:
            return ""


def ago(moment: datetime) -> str:
    """How long ago a moment was: "4 minutes ago"."""
    passed = max(timezone.now() - moment, timedelta(0))
    if passed < timedelta(minutes=1):
        return _("a moment ago")
    return format_timedelta(-passed, granularity="minute", add_direction=True, locale=current_locale())


def local_day(moment: datetime) -> SafeString:
    """The day of a moment, in the merchant's zone."""
    return day(timezone.localtime(moment).date())


def limit_words(limit: SendingLimit) -> str:
    """The limit that a guest has reached who has sent enough for a day."""
    if limit.kind == "recipients":
        return ngettext(
            "Gifts can go to %(count)s person a day.",
            "Gifts can go to %(count)s different people a day.",
            limit.per_day,
        ) % {"count": limit.per_day}
    if limit.kind == "tries":
        return ngettext(
            "You can try to send a gift %(count)s time a day.",
            "You can try to send a gift %(count)s times a day.",
            limit.per_day,
        ) % {"count": limit.per_day}
    return ngettext(
        "You can send %(count)s gift a day.", "You can send %(count)s gifts a day.", limit.per_day
    ) % {"count": limit.per_day}


@dataclass(frozen=True, slots=True)
class Told:
    """What the receipt says of a gift: `heading` names the state, `sentence` what it means, `tone` the icon."""

    heading: str
    sentence: str
    tone: str


def tell(following: Following) -> Told:
    """Where the gift stands, in the guest's words. Nothing is called a failure while it is being found out."""
    match following.state:
        case WishState.SENT:
            return _tell_sent(following)
        case WishState.NOT_SENT:
            return Told(
                _("Your gift was not sent"),
                _("It did not get through, and nothing was taken from your card. You can try again."),
                "warning",
            )
        case WishState.FAILED:
            refusal = following.refusal
            return Told(
                _("Your gift could not be sent"),
                refusal.text if refusal else _("No reason was given. Nothing was taken from your card."),
                "bad",
            )
        case WishState.NEEDS_REVIEW:
            return Told(
                _("We are looking into this gift"),
                _(
                    "What became of it cannot be read from our records, so a person has to look. You need not do "
                    "anything, and there is no need to send it again."
                ),
                "clock",
            )
        case _ if following.is_refused and following.refusal:
            check = _("We are making sure that nothing was taken. You need not do anything.")
            return Told(
                _("We are making sure about your gift"), told_at_once(following.refusal, check), "clock"
            )
        case _:
            return Told(
                _("We are confirming your gift"),
                _("It has not failed; there is no need to send it again."),
                "clock",
            )


def _tell_sent(following: Following) -> Told:
    who = {"who": following.recipient.words or _("Someone")}
    if following.gift is None:  # its row was emptied, or Paytronix has told no more of it
        return Told(_("Your gift was sent"), "", status_tone(""))
    status = following.gift.status
    tone = status_tone(status)
    match status:
        case GiftStatus.PENDING:
            told = _("Your gift is sent"), _("It waits for %(who)s to accept it.")
        case GiftStatus.ACCEPTED:
            told = _("Your gift was accepted"), _("%(who)s has it now.")
        case GiftStatus.REJECTED:
            told = _("Your gift was declined"), _("%(who)s did not take it, and it goes back to your card.")
        case GiftStatus.RETURNED:
            told = _("Your gift came back"), _("It was not accepted, and goes back to your card.")
        case GiftStatus.EXPIRED:
            told = _("Your gift has expired"), _("It was not accepted in time, and goes back to your card.")
        case _:
            return Told(
                _("Your gift is sent"),
                _("Where it is now: %(status)s") % {"status": status_word(status)},
                tone,
            )
    heading, sentence = told
    return Told(heading, sentence % who, tone)


def _is_its_own_wallet(offer: Offer) -> bool:
    """Whether reward and wallet have the same name, which then need not be said twice."""
    return offer.wallet_name.casefold() in {"", offer.label.casefold()}


def _of_wallet(amount: Amount | None, wallet_name: str) -> str:
    figure = quantity(amount)
    if amount is None or amount.received is None or not wallet_name:
        return figure
    # "1 5 Off Any Order" would read as 15.
    if amount.unit is Unit.ITEMS or (wallet_name[0].isdigit() and amount.unit is not Unit.MONEY):
        return _("%(amount)s × %(name)s") % {"amount": figure, "name": wallet_name}  # noqa: RUF001 - a multiplication
    return _("%(amount)s %(name)s") % {"amount": figure, "name": wallet_name}
