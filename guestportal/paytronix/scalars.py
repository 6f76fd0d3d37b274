"""Numbers and booleans in the spellings that releases of Paytronix use (docs/paytronix-api.md, section 8)."""

import re
from decimal import Decimal

# "[+-]mmmm[.nn]", also with a bare point, and with the exponents that Paytronix writes for scales below 0 and for
# zeros (docs/paytronix-api.md, section 8). Decimal() itself also takes NaN, Infinity, 1_000 and 1E999999.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
# Formatting more digits than a reply may hold costs time; beyond this a number is shown as it came.
_LONGEST_DECIMAL = 500

_NO_FRACTION = re.compile(r"\.0+\Z")  # some write every number with one


def truth(value: bool | str | int | None) -> bool | None:
    """A boolean, or the string an older release sends for one; None when it says neither."""
    match str(value).strip().lower():
        case "true" | "registered" | "1":
            return True
        case "false" | "unregistered" | "0":
            return False
        case _:
            return None


def whole_number(value: str | None) -> int | None:
    """A code as a number; None when it is none."""
    digits = _NO_FRACTION.sub("", value or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def exact_decimal(text: str) -> Decimal | None:
    """A decimal with all its digits, none of them hidden in an exponent; None when it is none or too long."""
    if len(text) > _LONGEST_DECIMAL or not _DECIMAL.fullmatch(text):
        return None
    written = format(Decimal(text), "f")
    if len(written) > _LONGEST_DECIMAL:
        return None
    value = Decimal(written)
    return value or value.copy_abs()  # there is no negative zero on a page
