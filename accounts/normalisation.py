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
# The same of words that hold a digit, for numbers with letters: a word without one may be a word of the message.
_MIXED_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]*[0-9][A-Za-z0-9]*(?:[ .\-][A-Za-z]*[0-9][A-Za-z0-9]*)*")
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
    numbers: set[str] = set()
    rest = plain
    for number, start, end in _numbers(plain, card):
        numbers.add(number)
        if len(numbers) > 1:
            return None
        # A line break in the number's place keeps what stood before and after it apart.
        rest = f"{rest[:start]}{chr(10) * (end - start)}{rest[end:]}"
    codes: dict[str, bool] = {}
    for code, position in _codes(rest, card):
        codes[code] = codes.get(code, False) or _named(plain[:position], code_label)
    named = [code for code, is_named in codes.items() if is_named]
    candidates = named or list(codes)
    return NumberAndCode(numbers.pop(), candidates[0]) if numbers and len(candidates) == 1 else None


def _numbers(plain: str, card: CardFormat) -> Iterator[tuple[str, int, int]]:
    """Card numbers made of whole groups of one run, one behind the other, with where they stand."""
    for run in (_MIXED_RUN if card.number_has_letters else _RUN).finditer(plain):
        groups = list(_TOKEN.finditer(plain, run.start(), run.end()))
        starts = {0}
        for first, _group in enumerate(groups):
            number = ""
            for last in range(first, len(groups)) if first in starts else ():
                number += groups[last].group().upper()
                if len(number) > max(card.number_lengths):
                    break
                if len(number) in card.number_lengths:
                    starts.add(last + 1)  # a second number may follow, and then neither is certain
                    yield number, _group.start(), groups[last].end()


def _codes(plain: str, card: CardFormat) -> Iterator[tuple[str, int]]:
    """Words that look like a code and are no part of a longer run of digits, such as a telephone number."""
    runs = [run.span() for run in _RUN.finditer(plain) if not run.group().isdigit()]
    for word in _TOKEN.finditer(plain):
        alone = not any(start <= word.start() < end for start, end in runs)
        if alone and len(word.group()) in card.code_lengths and any(map(str.isdigit, word.group())):
            yield word.group().upper(), word.start()


def _named(before: str, code_label: str) -> bool:
    words = "|".join(re.escape(word) for word in (code_label, *_CODE_WORDS))
    return re.search(rf"(?i)(?:{words})\W{{0,20}}$", before[-60:]) is not None


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
