"""Numbers and booleans in the spellings that releases of Paytronix use (docs/paytronix-api.md, section 8)."""

import re

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
