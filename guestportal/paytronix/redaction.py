"""What may be written down: text without addresses' query strings, numbers or tokens, and replies as shapes."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

HIDDEN = "[hidden]"

_SECRET_KEYS = (
    "access_token|refresh_token|password|registration_?code|printed_?card_?number|card_?number|client_secret|"
    "secret|code|username|token|wish|message|authorization|csrfmiddlewaretoken"
)
_RULES = (
    (re.compile(r"\?[^\s'\"<>)]+"), "?" + HIDDEN),
    (
        re.compile(r"(/g/)[^\s'\"<>)]+"),
        r"\1" + HIDDEN,
    ),  # a gift link holds its code, in which there may be a slash
    (re.compile(r"(?i)\b(basic|bearer)\s+[\w+/=.-]+"), r"\1 " + HIDDEN),
    (
        re.compile(
            rf"(?i)([\"']?\b\w{{0,40}}(?:{_SECRET_KEYS})[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&}})]+)"
        ),
        r"\1" + HIDDEN,
    ),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]+"), HIDDEN),
    (re.compile(r"(?<!\d)\d(?:[ .-]?\d){5,}(?!\d)"), HIDDEN),
    (re.compile(r"\b(?=[\w-]{0,99}\d)(?=[\w-]{0,99}[A-Za-z])[\w-]{24,}\b"), HIDDEN),
)

_PEOPLES_WORDS = frozenset({"transferMessage", "message", "to"})
_SHORTEST_SECRET = 4  # what is shorter stands in every other word
_NUMBERED_WORD = re.compile(r"\b(?=\w{0,99}\d)\w{4,}\b")

# Values that tell an operator something, and nothing about a guest.
_SHOWN_KEYS = frozenset(
    {
        "result",
        "errorCode",
        "accountStatus",
        "queryCardStatus",
        "status",
        "inbound",
        "giftable",
        "isRegistered",
    }
    | {"cardTemplateCode", "walletCode", "tierCode", "token_type", "expires_in", "scope", "authentication"}
    | {"merchantId", "grant_type"}
)


def redact(text: str) -> str:
    """`text` with everything that could be a card number, code, token, address or query string hidden."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact_code(text: str, *, sent: Mapping[str, object]) -> str:
    """`redact` for a word of Paytronix's, such as an error code; what was sent is hidden inside it as well."""
    return redact(_without(text, sent))


def redact_prose(text: str, *, sent: Mapping[str, object]) -> str:
    """`redact` for a sentence of Paytronix's: it also hides what was sent with the call, and whatever may be a code.

    `sent` are the call's parameters; a guest's own card number, code, name or message may come back in any words.
    """
    if text and _PEOPLES_WORDS & sent.keys():
        return HIDDEN  # they may come back cut, escaped or in other lines, and no pattern finds all of that
    for value in _longest_first(sent):
        text = re.sub(rf"(?i)(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text)
    return _NUMBERED_WORD.sub(HIDDEN, redact(text))


def _without(text: str, sent: Mapping[str, object]) -> str:
    for value in _longest_first(sent):
        if len(value) >= _SHORTEST_SECRET:
            text = re.sub(re.escape(value), HIDDEN, text, flags=re.IGNORECASE)
    return text


def _longest_first(sent: Mapping[str, object]) -> list[str]:
    """The texts that were sent, longest first, so that none is hidden in part where it holds a shorter one."""
    return sorted(_texts(sent), key=len, reverse=True)


def _texts(sent: Mapping[str, object]) -> Iterator[str]:
    for key, value in sent.items():
        if isinstance(value, Mapping):
            yield from _texts(value)
        elif key not in _SHOWN_KEYS and (text := str(value).strip()):
            yield text


def shape_of(body: bytes, *, sent: Mapping[str, object], limit: int = 2000) -> str:
    """A JSON body with its keys and list lengths, and only harmless values; anything else by its size alone.

    `sent` are the call's parameters, which are hidden wherever they come back.
    """
    try:
        return json.dumps(_shape(json.loads(body), key="", sent=sent), ensure_ascii=True)[:limit]
    except (ValueError, RecursionError):  # not JSON, or nested too deep to be walked
        return f"{len(body)} bytes, not JSON"


# `value` is JSON of any shape, on its way to a log line.
def _shape(value: Any, *, key: str, sent: Mapping[str, object]) -> Any:
    if isinstance(value, dict):
        return {
            redact_code(str(name), sent=sent)[:60]: _shape(item, key=name, sent=sent)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_shape(item, key="", sent=sent) for item in value[:3]] + (
            [f"and {len(value) - 3} more"] if value[3:] else []
        )
    if key in _SHOWN_KEYS and isinstance(value, str | int):
        return redact_code(value, sent=sent)[:60] if isinstance(value, str) else value
    return type(value).__name__
