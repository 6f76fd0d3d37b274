"""What a guest typed or pasted, turned into the characters that Paytronix knows. No network, no validation."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from guestportal.merchants.definition import CardFormat

# Separators that people and mail programs put between digits; NFKC has turned the exotic ones into these.
_DROPPED_CATEGORIES = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Mn", "Me"}
_DROPPED = {".", "·", "‧", "∙", "•", "−", "_"}
# Digits with at most one separator between two of them; a line break ends the run.
_RUN = re.compile(r"[0-9]+(?:[ .\-][0-9]+)*")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_CODE_WORDS = ("code", "pin", "código", "codigo")


@dataclass(frozen=True, slots=True)
class NumberAndCode:
    """Both halves of what is printed on a card."""

    number: str
    code: str


def normalise(text: str) -> str:
    """`text` without spaces, dashes, dots and invisible characters, digits in ASCII, letters in upper case."""
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        digit = unicodedata.digit(character, None)
        if digit is not None:
            kept.append(str(digit))
        elif unicodedata.category(character) not in _DROPPED_CATEGORIES and character not in _DROPPED:
            kept.append(character.upper())
    return "".join(kept)


def find_in_message(text: str, card: CardFormat, *, code_label: str) -> NumberAndCode | None:
    """The number and the code in a pasted message that holds one of each; None when that is not certain.

    Of several possible codes the one behind the merchant's word for it, "code" or "PIN" is taken.
    """
    plain = "".join(_plain(character) for character in unicodedata.normalize("NFKC", text))
    found: dict[NumberAndCode, bool] = {}
    for number, start, end in _numbers(plain, card):
        before, after = plain[:start], plain[end:]
        for token in _TOKEN.finditer(before + " " * (end - start) + after):
            if len(token.group()) in card.code_lengths and any(map(str.isdigit, token.group())):
                pair = NumberAndCode(number, token.group().upper())
                found[pair] = found.get(pair, False) or _named(plain[: token.start()], code_label)
    named = [pair for pair, is_named in found.items() if is_named]
    candidates = named or list(found)
    return candidates[0] if len(candidates) == 1 else None


def _numbers(plain: str, card: CardFormat) -> Iterator[tuple[str, int, int]]:
    """Card numbers at the start of each run of digit groups, with where they stand."""
    for run in _RUN.finditer(plain):
        digits = ""
        for group in re.finditer("[0-9]+", run.group()):
            digits += group.group()
            if len(digits) in card.number_lengths:
                yield digits, run.start(), run.start() + group.end()


def _named(before: str, code_label: str) -> bool:
    words = "|".join(re.escape(word) for word in (code_label, *_CODE_WORDS))
    return re.search(rf"(?i)(?:{words})\W*$", before) is not None


def _plain(character: str) -> str:
    """One character as the patterns above expect it: digits in ASCII, every dash "-", every blank " "."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Pd" or character == "−":
        return "-"
    return " " if category == "Zs" or character == "\t" else character
