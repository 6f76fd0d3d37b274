"""Text as Paytronix hands it on, without what is no text: control characters and those that turn the direction.

Names and messages are other people's words; shown as they came, one could make a page say something else.
"""

import html
import re

# Bidi_Control of the Unicode database, invisible operators, and marks that carry no text.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u206a-\u206f\ufeff\ufff9-\ufffb"
_UNWANTED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_DIRECTION}{_INVISIBLE}\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")


def decode_entities(text: str | None) -> str:
    """The text with its HTML entities decoded once; clean it afterwards, and escape it in pages."""
    return html.unescape(text or "")


def clean_text(text: str | None) -> str:
    """Text of several lines without control and direction characters; at most one blank line in a row."""
    text = _LINE_ENDS.sub("\n", text or "").replace("\t", " ")
    lines = (line.rstrip() for line in _UNWANTED.sub("", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str | None) -> str:
    """Text on one line, such as a name, without control and direction characters."""
    return " ".join(clean_text(text).split())
