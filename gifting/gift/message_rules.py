"""The words that guests send each other: what is taken out of them, and what may not be in them at all.

What comes from elsewhere is only cleaned when it is read, and shown as text alone (docs/threats.md, T14).
"""

import re
import unicodedata
from enum import StrEnum

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.text import clean_text

_TOP_LEVEL = r"(?:com|net|org|info|biz|xyz|shop|online|site|club|link|app|dev|io|ru|cn)"
_EMAIL = re.compile(
    r"""
    [^\s@]@[^\s@]                                       # ana@example
    | \w\s*[(\[{]\s*(?:at|@)\s*[)\]}]\s*\w              # ana (at) example
    | \w\s+@\s+\w+\s*\.\s*\w                            # ana @ example . com
    """,
    re.VERBOSE,
)
_LINK = re.compile(
    rf"""
    \b[a-z][a-z0-9+.-]*:/+[\w\[]                        # https:/ and any other scheme
    | \b(?:mailto|tel|sms|javascript|data):\S
    | (?<!\w)//[\w\[]
    | \bwww\b\s*\.
    | [\w-]\.[^\W\d_]{{2,}}                             # example.com; a full stop takes a space after it
    | [\w-]\.xn--
    | \w\s+\.[^\W\d_]{{2,}}                              # example .de
    | \w\s+\.\s{_TOP_LEVEL}\b                           # example . com
    | \w\s*[(\[{{]\s*(?:dot|\.)\s*[)\]}}]\s*\w          # example (dot) com
    | \w\s+dot\s+{_TOP_LEVEL}\b
    | \b\d{{1,3}}(?:\.\d{{1,3}}){{3}}\b                 # 192.0.2.7
    """,
    re.VERBOSE,
)


class MessageProblem(StrEnum):
    """Why a message is not taken."""

    TOO_LONG = "too_long"
    LINK = "link"
    EMAIL = "email"


class MessageNotAllowed(ValueError):
    """A message that may not be sent as it is. `length` is what was counted."""

    def __init__(self, problem: MessageProblem, length: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.length = length


def read_message(text: str | None, *, longest: int) -> str:
    """What a guest wrote, cleaned, as it may be sent; empty when nothing was written.

    Raises MessageNotAllowed when it is longer than `longest` characters, or holds a web or e-mail address.
    """
    message = unicodedata.normalize("NFC", clean_text(text))
    if len(message) > longest:
        raise MessageNotAllowed(MessageProblem.TOO_LONG, len(message))
    folded = _folded(message)
    if _EMAIL.search(folded):
        raise MessageNotAllowed(MessageProblem.EMAIL)
    if _LINK.search(folded):
        raise MessageNotAllowed(MessageProblem.LINK)
    return message


def _folded(message: str) -> str:
    """The message as a link finder reads it: compatible forms folded, no marks, nothing invisible left.

    Marks belong to the letter before them; in the scripts of India a word has many.
    """
    folded = unicodedata.normalize("NFKC", message).casefold()
    visible = "".join(each for each in folded if unicodedata.category(each) not in {"Cf", "Mn", "Mc", "Me"})
    # Browsers take an ideographic full stop for a dot; between such characters it only ends a sentence.
    return re.sub(r"[\u3002\uff61](?=[a-z])", ".", visible)


def longest_message(merchant: Merchant) -> int:
    """Characters that a message or note may have."""
    return merchant.limits.gift_message_characters
