"""What a guest typed or pasted, turned into the characters that Paytronix knows. No network, no validation.

Every step takes time in proportion to the text: what comes before sign-in may be anything.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from guestportal.merchants.definition import CardFormat

# Separators that people and mail programs put between digits; NFKC has turned the exotic ones into these.
_DROPPED_CATEGORIES = {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Mn", "Me"}
_DROPPED = (
    frozenset(".·‧∙•⋅・。۔⸱_") | frozenset("−⁃˗➖─ー") | frozenset("\u115f\u1160\u2800")
)  # dots, dashes, blanks
LONGEST_MESSAGE = 8000  # characters: a pasted mail fits; a book does not
_LONGEST_EXPANSION = 4  # "⒇" is "(20)"; a character that stands for more, up to 18, is a word and no digit
# Digits with at most one separator between two of them; a line break ends the run.
_RUN = re.compile(r"[0-9]+(?:[ .\-][0-9]+)*")
# Words that hold a digit, for numbers with letters: a word without one may be a word of the message.
_MIXED_RUN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]*[0-9][A-Za-z0-9]*(?:[ .\-][A-Za-z]*[0-9][A-Za-z0-9]*)*")
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_SIGNS = re.compile(r"\W{0,20}")  # such as ": " or "” = ", between the name of a code and the code
_LONGEST_GROUP = 6
_LABEL_ENDS = ("\n", ":", "#", "=")
_CODE_WORDS = ("code", "pin", "codigo")
_BEFORE = 120  # characters before a word that are searched for what calls it the code


@dataclass(frozen=True, slots=True)
class NumberAndCode:
    """Both halves of what is printed on a card."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class _Number:
    """A card number in a message, and where it stands.

    `may_begin_later` says that its groups and the ones behind it make another number too.
    """

    text: str
    start: int
    end: int
    may_begin_later: bool


@dataclass(frozen=True, slots=True)
class _Code:
    """What may be the code in a message, where it begins, and how surely it is called that."""

    text: str
    start: int
    sureness: int


def normalise(text: str) -> str:
    """A number without spaces, dashes, dots and invisible characters, digits in ASCII, letters in upper case."""
    return normalise_code(text, ignores_case=True)


def normalise_code(text: str, *, ignores_case: bool = False) -> str:
    """A code without spaces, dashes, dots and invisible characters, digits in ASCII.

    Letters stay as they were typed, unless the code `ignores_case`: then they are in upper case.
    """
    code = text.translate(_Table("NFKC", _kept))
    return code.upper() if ignores_case else code


def find_in_message(text: str, card: CardFormat, *, code_label: str) -> NumberAndCode | None:
    """The number and the code in a pasted message that holds one of each; None when that is not certain.

    Browsers drop the line breaks of what is pasted into a field, so what stood in two lines may be one run here.
    Of several possible codes the one behind the merchant's word for it is taken, else behind "code" or "PIN".
    """
    plain, label = _readable(text), _readable(code_label).casefold()
    if len(plain) > LONGEST_MESSAGE:  # one character may stand for four
        return None
    number: _Number | None = None
    rest: list[str] = []
    end = 0
    for found in _numbers(plain, card, label):
        if number and found.text != number.text:
            return None
        number = number or found
        # A line break in the number's place keeps what stood before and after it apart.
        rest += plain[end : found.start], "\n" * (found.end - found.start)
        end = found.end
    if number is None:
        return None
    codes: dict[str, _Code] = {}
    for code in _codes("".join([*rest, plain[end:]]), plain, card, label):
        key = normalise_code(code.text, ignores_case=card.code_ignores_case)
        if key not in codes or codes[key].sureness < code.sureness:
            codes[key] = code
    surest = max((code.sureness for code in codes.values()), default=0)
    candidates = [(key, code) for key, code in codes.items() if code.sureness == surest]
    if len(candidates) != 1:
        return None
    ((code_text, code),) = candidates
    # "Joined 2025 6000 3010 0041 8000": the first of five groups may be a year or the code. It begins the number
    # where a line begins, or behind a label other than the code's, if the last group is the code.
    said = plain[: number.start].rstrip(" ")
    is_labelled = (not said or said.endswith(_LABEL_ENDS)) and not _sureness(plain, number.start, label)
    is_pair = is_labelled and code.start == number.end + 1
    return NumberAndCode(number.text, code_text) if is_pair or not number.may_begin_later else None


def _numbers(plain: str, card: CardFormat, label: str) -> Iterator[_Number]:
    """Card numbers made of whole groups of one run, from left to right."""
    shortest = min(card.number_lengths)
    for run in (_MIXED_RUN if card.number_has_letters else _RUN).finditer(plain):
        if len(run.group()) < shortest:
            continue
        groups = list(_TOKEN.finditer(plain, run.start(), run.end()))
        sizes = [len(group.group()) for group in groups]
        # A code and what stood in the line behind it may have as many digits as a number.
        is_code = sizes[0] in card.code_lengths and _sureness(plain, run.start(), label) > 0
        for first, end, may_begin_later in _places(sizes, card, may_begin=not is_code):
            yield _Number(
                "".join(group.group() for group in groups[first:end]).upper(),
                groups[first].start(),
                groups[end - 1].end(),
                may_begin_later,
            )


def _places(sizes: Sequence[int], card: CardFormat, *, may_begin: bool) -> Iterator[tuple[int, int, bool]]:
    """Where numbers stand in a run of groups of these sizes, and whether they could begin later as well.

    Groups as they are printed count wherever they stand: a date may have stood in the line before. Others begin
    the run, if they may, or stand behind another number; where several lengths fit, all are told.
    """
    edges = list(accumulate(sizes, initial=0))
    places = {edge: place for place, edge in enumerate(edges)}
    lengths = sorted(card.number_lengths)
    fitting = [
        [places[edge + length] for length in lengths if edge + length in places] for edge in edges[:-1]
    ]
    printed = [0] * len(sizes)  # where a number ends that looks as if printed, by the group it begins with
    for first, ends in enumerate(fitting):
        if ends and _is_printed(sizes[first : ends[-1]]) and (ends[-1] - first > 1 or len(ends) == 1):
            printed[first] = ends[-1]
    starts, behind = {0} if may_begin else set(), 0
    for first, ends in enumerate(fitting):
        if first >= behind and (end := printed[first]):
            behind = end
            starts.add(end)
            yield first, end, any(later > end for later in printed[first + 1 : end])
        elif first >= behind and first in starts:
            for end in ends:
                if not any(printed[first:end]):
                    starts.add(end)  # a second number may follow, and then neither is certain
                    yield first, end, False


def _is_printed(sizes: Sequence[int]) -> bool:
    """Whether groups of these sizes look like one number on a card.

    That is in one piece, or in three and more that are alike but for the last, which may be shorter.
    """
    first, *others = sizes
    if not others:
        return True
    return len(others) > 1 and set(sizes[:-1]) == {first} and sizes[-1] <= first <= _LONGEST_GROUP


def _codes(rest: str, plain: str, card: CardFormat, label: str) -> Iterator[_Code]:
    """Words that look like a code and are no part of a longer run of digits, such as a telephone number.

    `rest` is the message without its card numbers, which `plain` has in the same place. What is called the code
    may begin a run: the telephone number stood in the next line.
    """
    runs = [run for run in _RUN.finditer(rest) if not run.group().isdigit()]
    passed = 0
    for word in _TOKEN.finditer(rest):
        while passed < len(runs) and runs[passed].end() <= word.start():
            passed += 1
        if len(word.group()) not in card.code_lengths or not any(map(str.isdigit, word.group())):
            continue
        run = runs[passed] if passed < len(runs) and runs[passed].start() <= word.start() else None
        if run and not (run.start() == word.start() and _is_whole_code(run.group(), card)):
            continue
        sureness = _sureness(plain, word.start(), label)
        if sureness or not run:
            yield _Code(word.group(), word.start(), sureness)


def _is_whole_code(run: str, card: CardFormat) -> bool:
    """Whether the first group of digits is a code by itself, and not the first part of a longer one."""
    first, *others = accumulate(map(len, _TOKEN.findall(run)))
    return run[first] == " " and not any(length in card.code_lengths for length in others)


def _sureness(plain: str, start: int, label: str) -> int:
    """How surely what stands before a word calls it the code: 2 the merchant's label, 1 another word for it, 0.

    "Promo code" and "barcode" are other kinds of code, unless a line break or a sign stands before the word.
    """
    before = plain[max(0, start - _BEFORE) : start]
    said = before[: len(before) - _signs_at_end(before)].casefold()
    name = label[: len(label) - _signs_at_end(label)]
    if name and said.endswith(name) and not _is_of_word(said.removesuffix(name)[-1:]):
        return 2
    heads = [said.removesuffix(word).rstrip(" \r\f\v") for word in _CODE_WORDS if said.endswith(word)]
    return int(any(not (_is_of_word(head[-1:]) and not head[-1:].isdecimal()) for head in heads))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _signs_at_end(text: str) -> int:
    """How many signs and blanks the text ends with, at most 20."""
    found = _SIGNS.match(text[::-1])
    return found.end() if found else 0


def _readable(text: str) -> str:
    """A message with its digits in ASCII, "-" for every dash, " " for every blank, and letters without accents."""
    return text.translate(_Table("NFKD", _plain))


class _Table(dict[int, str]):
    """A table for `str.translate` that looks at each character of one text once, and is gone with the text.

    A character is made compatible by itself: in a whole text the accents on a letter would be sorted, which takes
    the square of their number.
    """

    def __init__(self, form: Literal["NFKC", "NFKD"], replace: Callable[[str], str]) -> None:
        super().__init__()
        self._form, self._replace = form, replace

    def __missing__(self, ordinal: int) -> str:
        compatible = unicodedata.normalize(self._form, chr(ordinal))
        if len(compatible) > _LONGEST_EXPANSION:
            compatible = chr(ordinal)
        self[ordinal] = text = "".join(map(self._replace, compatible))
        return text


def _kept(character: str) -> str:
    """One character of a number or a code: a digit in ASCII, nothing for a separator, else itself."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    is_dropped = unicodedata.category(character) in _DROPPED_CATEGORIES or character in _DROPPED
    return "" if is_dropped else character


def _plain(character: str) -> str:
    """One character of a message: a digit in ASCII, "-" for every dash, " " for every blank, else itself."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Pd" or character == "−":
        return "-"
    return " " if category == "Zs" or character == "\t" else character
