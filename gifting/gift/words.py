"""The words of gifts: the one place where items, deadlines and states become text, for pages and files alike."""

from datetime import date, datetime

from babel.dates import format_skeleton, format_time
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gifting.gift.domain import Deadline, GiftStatus, Item, Moment, Party, Target, TargetKind
from guestportal.merchants.definition import Unit
from guestportal.web.locales import current_locale, written_day, zone_name
from guestportal.web.templatetags.portal import moment, quantity

URGENT_DAYS = 3


def gift_words(item: Item) -> str:
    """What and how many: "Free Coffee", "2 Free Coffees", "$5.00 Stored Value"; "a gift" without a name."""
    amount, name = item.amount, item.name or _("a gift")
    if amount.received is None:
        return name
    if amount.value == 1 and amount.unit in {Unit.NUMBER, Unit.ITEMS}:
        return name
    return counted_words(item)


def counted_words(item: Item) -> str:
    """What and how many, with the number in any case: "1 × Free Coffee", "500 Points", or that it is not known."""  # noqa: RUF002 - a multiplication
    amount, name = item.amount, item.name or item.plural or _("Gift")
    if amount.received is None:
        return _("%(name)s (amount not known)") % {"name": name}
    if amount.unit is Unit.MONEY:
        return _("%(amount)s %(name)s") % {"amount": quantity(amount), "name": name}
    plural = item.plural
    if amount.value == 1:
        plural = "" if amount.unit in {Unit.NUMBER, Unit.ITEMS} else name
    # "2 5 Off Any Orders" would read as 25.
    if plural and not plural[0].isdigit():
        return _("%(amount)s %(name)s") % {"amount": quantity(amount), "name": plural}
    return _("%(amount)s × %(name)s") % {"amount": quantity(amount), "name": name}  # noqa: RUF001 - a multiplication


def person(party: Party) -> str:
    """First name and initial, or "Someone"."""
    return party.short or _("Someone")


def deadline_day(deadline: Deadline) -> str | SafeString:
    """Weekday and date with the zone's name, and the time where one was stated; as received if it is no date.

    "about" stands before a day that was counted from a moment which is not known.
    """
    if deadline.date is None or deadline.ends_at is None:
        return deadline.received
    # The zone as it is called at the end of that day, which may differ from its beginning.
    words = {
        "date": written_day(deadline.date, "full"),
        "zone": zone_name(deadline.ends_at),
    }
    if _has_time(deadline):
        words["time"] = format_time(
            deadline.ends_at, "short", tzinfo=deadline.ends_at.tzinfo, locale=current_locale()
        )
        text = _("%(date)s, %(time)s %(zone)s") % words
        return format_html('<time datetime="{}">{}</time>', deadline.ends_at.isoformat("T", "seconds"), text)
    text = (_("about %(date)s (%(zone)s)") if deadline.is_about else _("%(date)s (%(zone)s)")) % words
    return format_html('<time datetime="{}">{}</time>', deadline.date.isoformat(), text)


def days_left(deadline: Deadline) -> str:
    """ "7 days left", "About 7 days left" or "Ends today"; when it is over, what that means; empty without a date."""
    now = timezone.now()
    days = deadline.days_left(now)
    if days is None:
        return ""
    if deadline.is_over(now):
        return _("May go back any day")
    if days == 0:
        return _("Ends about today") if deadline.is_about else _("Ends today")
    if deadline.is_about:
        words = ngettext("About %(count)s day left", "About %(count)s days left", days)
    else:
        words = ngettext("%(count)s day left", "%(count)s days left", days)
    return words % {"count": days}


def is_over(deadline: Deadline) -> bool:
    """Whether the time is up; Paytronix may list the gift a while longer."""
    return deadline.is_over(timezone.now())


def is_urgent(deadline: Deadline) -> bool:
    """Whether three days or fewer are left."""
    days = deadline.days_left(timezone.now())
    return days is not None and days <= URGENT_DAYS


def gift_moment(value: Moment) -> str | SafeString:
    """The moment in the merchant's zone; the text as received if it is none; empty when there is nothing."""
    return moment(value.at) if value.at else value.received


def month_words(first: date) -> str:
    """Month and year as the language says them: "November 2026", "noviembre de 2026"."""
    return format_skeleton("yMMMM", first, locale=current_locale())


def status_word(status: str) -> str:
    """The state in the guest's words; an undocumented one as received."""
    words: dict[str, str] = {
        GiftStatus.PENDING: _("Waiting"),
        GiftStatus.ACCEPTED: _("Accepted"),
        GiftStatus.REJECTED: _("Declined"),
        GiftStatus.RETURNED: _("Returned"),
        GiftStatus.EXPIRED: _("Expired"),
    }
    return words.get(status) or status or _("Not available")


def status_tone(status: str) -> str:
    """The state as a class name or icon key."""
    tones: dict[str, str] = {
        GiftStatus.PENDING: "waiting",
        GiftStatus.ACCEPTED: "good",
        GiftStatus.REJECTED: "declined",
        GiftStatus.RETURNED: "returned",
        GiftStatus.EXPIRED: "expired",
    }
    return tones.get(status, "unknown")


def target_kind_words(target: Target) -> str:
    """For what kind of account a gift was meant; an address is masked, an id never printed."""
    if target.kind is TargetKind.EMAIL:
        return _("an e-mail address (%(address)s)") % {"address": target.masked}
    if target.kind is TargetKind.ACCOUNT:
        return _("another card")
    if target.network:
        return _("an account with %(network)s") % {"network": target.network}
    return _("another account")


def _has_time(deadline: Deadline) -> bool:
    assert deadline.ends_at is not None  # noqa: S101 - both callers have looked
    day: datetime = deadline.ends_at
    return day.date() == deadline.date
