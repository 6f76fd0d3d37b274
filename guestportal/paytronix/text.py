"""Text as Paytronix hands it on, without what is no text: control characters and those that turn the direction.

Names and messages are other people's words; shown as they came, one could make a page say something else.
"""

import re
from html import unescape

# Bidi_Control of the Unicode database, invisible operators, and marks that carry no text.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u206a-\u206f\ufeff\ufff9-\ufffb"
_UNWANTED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_DIRECTION}{_INVISIBLE}\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str | None) -> str:
    """Text of several lines without control and direction characters; at most one blank line in a row."""
    text = _LINE_ENDS.sub("\n", text or "").replace("\t", " ")
    lines = (line.rstrip() for line in _UNWANTED.sub("", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str | None) -> str:
    """Text on one line, such as a name, without control and direction characters."""
    return " ".join(clean_text(text).split())


def received_text(text: str | None) -> str:
    """Text of several lines as Paytronix sent it: entities decoded once, then cleaned. A page escapes it again.

    Only for what is received: what a guest types means itself.
    """
    return clean_text(_ENTITY.sub(lambda found: unescape(found.group()), text or ""))


def received_line(text: str | None) -> str:
    """Text on one line as Paytronix sent it, such as a name: entities decoded once, then cleaned."""
    return " ".join(received_text(text).split())
