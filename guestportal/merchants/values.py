"""The kinds of values that a merchant file holds, each with the words in which another value is refused.

A check raises ValueError with the sentence for the person who wrote the file; `decoding` adds file and key. It knows
of the deployment what the `Surroundings` tell it, which pydantic hands on as its context.
"""

import json
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.numbers import list_currencies
from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from guestportal.merchants import addresses

_T = TypeVar("_T")
_MAX_QUOTED: Final = 60
_LARGEST_TOLD: Final = 10**20  # hexadecimal numbers may have more digits than Python writes
_LINE: Final = re.compile(r"\A[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*\Z")
_PROSE: Final = re.compile(r"\A(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f]*\Z")
_PHONE: Final = re.compile(r"\A\+?(?:[ ().-]*[0-9]){5,20}[ ().-]*\Z")
_EMAIL: Final = re.compile(r"\A[^@\s<>\"\x00-\x1f]+@[^@\s<>\"\x00-\x1f]+\.[^@.\s<>\"\x00-\x1f]+\Z")
_TERRITORIES: Final = frozenset(code for code in get_global("territory_currencies") if code.isalpha())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the checks of one file need besides the value: the portal's languages, and the file's directory."""

    languages: tuple[str, ...]
    directory: Path
    has_currency: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Refuses what the type, or an annotation to its left, or `fits` refuses, with: "expected <what>, got ...".

    `quotes`: a text that does not fit is repeated, so that the mistake in it shows; never where it may be a secret.
    """

    what: str
    fits: Callable[[Any], object] = lambda _value: True
    quotes: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, value: object, inner: ValidatorFunctionWrapHandler) -> object:
        try:
            read = inner(value)
        except ValidationError as error:
            if any(each["loc"] for each in error.errors()):
                raise  # of a list's element, which has its own sentence
        else:
            if self.fits(read):
                return read
        got = quoted(value) if self.quotes and isinstance(value, str) else kind_of(value)
        raise ValueError(f"expected {self.what}, got {got}")


def whole(least: int, most: int, unit: str = "") -> Expected:
    """A whole number of `unit` within these bounds."""
    of_unit = f" of {unit}" if unit else ""
    return Expected(f"a whole number{of_unit} from {least} to {most}", lambda number: least <= number <= most)


def seconds(least: float, most: float) -> Expected:
    """A number of seconds within these bounds, in parts too."""
    return Expected(f"a number of seconds from {least} to {most}", lambda number: least <= number <= most)


def text(most: int, pattern: re.Pattern[str] = _PROSE, what: str = "") -> Expected:
    """A text of so many characters at most that matches."""
    return Expected(
        what or f"a text of 1 to {most} characters",
        lambda written: len(written) <= most and pattern.match(written),
        quotes=True,
    )


def _within(most: int, what: str) -> Expected:
    """A text of so many characters at most, which is never repeated."""
    return Expected(what, lambda written: len(written) <= most)


def code_of(what: str, codes: Container[str]) -> Expected:
    """A text that stands in a list of codes."""
    return Expected(what, lambda written: written in codes, quotes=True)


def list_of(what: str) -> Expected:
    """A list of at least one."""
    return Expected(f"a list of {what}", bool)


def quoted(text: str) -> str:
    """A text as it would be written in the file, cut where it is long."""
    return json.dumps(text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "...", ensure_ascii=False)


def kind_of(value: object) -> str:
    """What a value of the file is, without repeating a text."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if abs(value) > _LARGEST_TOLD:
            return "a very large number"
        case int() | float():
            return str(value)
        case str():
            return "a string"
        case list():
            return "a list" if value else "an empty list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def in_surroundings(check: Callable[[_T, Surroundings], _T]) -> AfterValidator:
    """A check that needs the surroundings."""

    def checked(value: _T, info: ValidationInfo[Surroundings]) -> _T:
        return check(value, info.context)

    return AfterValidator(checked)


def not_above(other: str) -> AfterValidator:
    """A number that is no greater than the key `other`, which stands before it in its table."""

    def check(value: float, info: ValidationInfo) -> float:
        most = info.data.get(other)  # missing where it has a mistake of its own
        if most is not None and value > most:
            raise ValueError(f"expected at most {other}, {most:g}, got {value:g}")
        return value

    return AfterValidator(check)


def each_once(what: str) -> AfterValidator:
    """A list in which nothing stands twice."""

    def check(values: tuple[str, ...]) -> tuple[str, ...]:
        for index, value in enumerate(values):
            if value in values[:index]:
                raise ValueError(f'expected each {what} once, "{value}" stands here twice')
        return values

    return AfterValidator(check)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _ascending(lengths: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(lengths)))


def _of_the_portal(language: str, surroundings: Surroundings) -> str:
    if language not in surroundings.languages:
        raise ValueError(f"expected a language of the portal ({', '.join(surroundings.languages)})")
    return language


def _base_url(written: str, info: ValidationInfo) -> str:
    return addresses.read_base_url(written, sandbox=info.data.get("sandbox", False))


Switch = Annotated[StrictBool, Expected("true or false")]
Line = Annotated[StrictStr, text(60, _LINE)]
Hint = Annotated[StrictStr, text(200), AfterValidator(_on_one_line)]
Message = Annotated[StrictStr, text(500), AfterValidator(_on_one_line)]
Page = Annotated[StrictStr, text(6000)]
Phone = Annotated[StrictStr, text(40, _PHONE, "a telephone number")]
Email = Annotated[StrictStr, text(254, _EMAIL, "an e-mail address")]
_Address = Annotated[StrictStr, _within(500, "a web address")]
Link = Annotated[_Address, AfterValidator(addresses.read_link)]
Contact = Annotated[_Address, AfterValidator(addresses.read_contact)]
BaseUrl = Annotated[StrictStr, _within(500, addresses.BASE_URL_EXPECTED), AfterValidator(_base_url)]
_Host = Annotated[StrictStr, _within(253, "a host name"), AfterValidator(addresses.read_host)]
Hosts = Annotated[
    tuple[_Host, ...],
    list_of('host names such as ["rewards.brand.example"], or ["*"] for every host'),
    each_once("host"),
]
Language = Annotated[StrictStr, Expected("a language code"), in_surroundings(_of_the_portal)]
Languages = Annotated[tuple[Language, ...], list_of("language codes"), each_once("language")]
_NumberLength = Annotated[StrictInt, whole(4, 32)]
NumberLengths = Annotated[
    tuple[_NumberLength, ...], list_of("whole numbers from 4 to 32"), AfterValidator(_ascending)
]
_CodeLength = Annotated[StrictInt, whole(3, 32)]
CodeLengths = Annotated[
    tuple[_CodeLength, ...], list_of("whole numbers from 3 to 32"), AfterValidator(_ascending)
]
ErrorCodes = Annotated[
    tuple[Line, ...],
    Expected('a list of Paytronix error codes such as ["gifttransfer.not_pending"]'),
    each_once("error code"),
]
TimeZone = Annotated[ZoneInfo, Expected("a time zone such as America/New_York", quotes=True)]
Territory = Annotated[StrictStr, code_of("a country code such as US", _TERRITORIES)]
Currency = Annotated[StrictStr, code_of("a currency code such as USD", frozenset(list_currencies()))]
