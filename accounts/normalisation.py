"""What a guest typed or pasted, turned into the characters that Paytronix knows. No network, no validation."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from guestportal.merchants.definition import CardFormat

# Separators that people and mail programs put between digits; NFKC has turned the exotic ones into these.
_DROPPED_CATEGORIES = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Mn", "Me"}
_DROPPED = (
    frozenset(".·‧∙•⋅・。۔⸱_") | frozenset("−⁃˗➖─ー") | frozenset("\u115f\u1160\u2800")
)  # dots, dashes, blanks
# Digits with at most one separator between two of them; a line break ends the run.
_RUN = re.compile(r"[0-9]+(?:[ .\-][0-9]+)*")
# The same of words that hold a digit, for numbers with letters: a word without one may be a word of the message.
_MIXED_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]*[0-9][A-Za-z0-9]*(?:[ .\-][A-Za-z]*[0-9][A-Za-z0-9]*)*")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_LONGEST_GROUP = 6
_CODE_WORDS = ("code", "pin", "código", "codigo")
_UNWORDED_END = re.compile(r"\W{0,20}\Z")
# "Promo code", "barcode": another kind of code. A line break or a sign before the word keeps it apart.
_WORD_BEFORE = re.compile(r"[^\W\d][^\S\n]*\Z")


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

    Of several possible codes the one behind the merchant's word for it is taken, else behind "code" or "PIN".
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
    codes: dict[str, int] = {}
    for code, position in _codes(rest, card):
        codes[code] = max(codes.get(code, 0), _sureness(plain[:position], code_label))
    surest = max(codes.values(), default=0)
    candidates = [code for code, sureness in codes.items() if sureness == surest]
    return NumberAndCode(numbers.pop(), candidates[0]) if numbers and len(candidates) == 1 else None


def _numbers(plain: str, card: CardFormat) -> Iterator[tuple[str, int, int]]:
    """Card numbers made of whole groups of one run, one behind the other, with where they stand.

    Where several lengths fit, groups as they are printed make one number: the longest.
    """
    longest = max(card.number_lengths)
    for run in (_MIXED_RUN if card.number_has_letters else _RUN).finditer(plain):
        groups = list(_TOKEN.finditer(plain, run.start(), run.end()))
        starts = {0}
        for first in range(len(groups)):
            if first not in starts:
                continue
            for number in _fitting([group.group() for group in groups[first : first + longest]], card):
                end = first + len(number)
                starts.add(end)  # a second number may follow, and then neither is certain
                yield "".join(number).upper(), groups[first].start(), groups[end - 1].end()


def _fitting(groups: Sequence[str], card: CardFormat) -> list[Sequence[str]]:
    """The numbers that the first of these groups make."""
    lengths = takewhile(lambda length: length <= max(card.number_lengths), accumulate(map(len, groups)))
    numbers = [groups[:end] for end, length in enumerate(lengths, 1) if length in card.number_lengths]
    return numbers[-1:] if numbers and _is_printed(numbers[-1]) else numbers


def _is_printed(groups: Sequence[str]) -> bool:
    """Whether they look like one number on a card: alike in length, and the last at most as long."""
    *others, last = map(len, groups)
    return len(others) > 1 and len(set(others)) == 1 and last <= others[0] <= _LONGEST_GROUP


def _codes(plain: str, card: CardFormat) -> Iterator[tuple[str, int]]:
    """Words that look like a code and are no part of a longer run of digits, such as a telephone number."""
    runs = [run.span() for run in _RUN.finditer(plain) if not run.group().isdigit()]
    for word in _TOKEN.finditer(plain):
        alone = not any(start <= word.start() < end for start, end in runs)
        if alone and len(word.group()) in card.code_lengths and any(map(str.isdigit, word.group())):
            yield word.group().upper(), word.start()


def _sureness(before: str, code_label: str) -> int:
    """How surely what stands before a word calls it the code: 2 the merchant's label, 1 another word for it, 0."""
    said = _UNWORDED_END.sub("", before[-120:]).lower()
    label = _UNWORDED_END.sub("", code_label).lower()
    if label and said.endswith(label) and not re.search(r"\w\Z", said.removesuffix(label)):
        return 2
    named = (said.removesuffix(word) for word in _CODE_WORDS if said.endswith(word))
    return int(any(not _WORD_BEFORE.search(words) for words in named))


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
