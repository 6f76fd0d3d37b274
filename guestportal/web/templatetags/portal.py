"""The filters of the pages: the one place where amounts, times and numbers become text."""

from datetime import date, datetime
from decimal import Context, Decimal, localcontext

from babel.dates import format_time
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Unit
from guestportal.web.locales import current_locale, written_day, zone_name

register = template.Library()

MOST_PLACES = 4  # that a language's pattern or a currency adds to a value which has none


@register.filter
def quantity(amount: Amount | None) -> str:
    """The exact amount in the active language; as received when it is no decimal, else "Not available"."""
    if amount is None or amount.received is None:
        return _("Not available")
    if amount.value is None:
        return amount.received
    with localcontext(_room_for(amount.value)):
        if amount.unit is Unit.MONEY and amount.currency:
            return format_currency(
                amount.value, amount.currency, locale=current_locale(), decimal_quantization=False
            )
        return format_decimal(amount.value, locale=current_locale(), decimal_quantization=False)


@register.filter
def grouped(number: str) -> str:
    """A card number in groups of four, for reading aloud."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


@register.filter
def moment(value: datetime) -> SafeString:
    """A time in the merchant's zone, with the zone's name, as a `<time>` element."""
    local = timezone.localtime(value)
    text = _("%(date)s, %(time)s %(zone)s") % {
        "date": written_day(local, "long"),
        "time": format_time(local, "short", tzinfo=local.tzinfo, locale=current_locale()),
        "zone": zone_name(local),
    }
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), text)


@register.filter
def day(value: date) -> SafeString:
    """A calendar date as a `<time>` element."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), written_day(value, "long"))


def _room_for(value: Decimal) -> Context:
    """A context that rounds nothing of this value: Babel scales within it, and needs the longer the wider it is."""
    _sign, digits, exponent = value.as_tuple()
    return Context(prec=len(digits) + abs(int(exponent)) + MOST_PLACES)
