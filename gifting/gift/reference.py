"""The reference of a sent gift: made, put at the end of its message, found there again, and left out for people.

It is all of a gift that we choose and the history echoes, so it tells our gift from a twin sent elsewhere.
"""

import re

from guestportal.paytronix import calls

_WRITTEN = rf"Ref ([{calls.CROCKFORD}]{{8}})\s*\Z"
# At the end alone: guests may write about the reference of another gift.
_AT_THE_END = re.compile(rf"\b{_WRITTEN}")
_LINE_OF_ITS_OWN = re.compile(rf"(?:\A|\n){_WRITTEN}")


def make_reference() -> str:
    """A new reference."""
    return calls.new_reference()


def with_reference(message: str, reference: str) -> str:
    """The message as Paytronix gets it: the reference stands at its end, on a line of its own. "" is none."""
    line = f"Ref {reference}" if reference else ""
    return "\n".join(part for part in (message, line) if part)


def find_reference(message: str) -> str | None:
    """The reference at the end of a message; also where its line has been joined to the words before it."""
    found = _AT_THE_END.search(message)
    return found[1] if found else None


def without_reference(message: str) -> str:
    """The guest's own words: the line that a portal has put at the end is left out."""
    return _LINE_OF_ITS_OWN.sub("", message)
