"""One call to Paytronix as a value: which operation, for whom, with what, and what came back."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from guestportal.paytronix.styles import Style

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_GUESTS_NAMES = (
    "printedCardNumber",
    "fromPrintedCardNumber",
    "acceptingPrintedCardNumber",
    "rejectingPrintedCardNumber",
    "username",
    "code",
)

Parameter = str | int | Mapping[str, str | int]


def new_reference() -> str:
    """Eight characters of Crockford base32 that a guest can read out on the phone."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(8))


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `writes` forbids a second try and makes an unclear end an OutcomeUnknown.

    `signs_in` marks what a guest needs to come in, `is_probe` a call that asks whether our own credentials are good;
    no reply longer than `body_limit_bytes` is read.
    """

    name: str  # "service/endpoint"
    method: str = "GET"
    writes: bool = False
    signs_in: bool = False
    is_probe: bool = False
    body_limit_bytes: int = 1024 * 1024

    @property
    def service(self) -> str:
        """The part of the API that it belongs to, and falls ill with."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came over the wire, before `meaning` has read it."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str | None = None


@dataclass(slots=True)
class Call:
    """An operation under way. What follows `reference` is filled in meanwhile, for the log alone.

    `error_code` and `error_message` are Paytronix's own words, which may be the text of an exception.
    """

    operation: Operation
    style: Style
    payload: Mapping[str, Parameter] = field(repr=False)
    reference: str = field(default_factory=new_reference)
    tries: int = 0
    answer: Answer | None = field(default=None, repr=False)
    result: str = ""
    error_code: str = field(default="", repr=False)
    error_message: str = field(default="", repr=False)
    left_out: list[str] = field(default_factory=list)  # names of members that are not of the agreed shape

    @property
    def guest(self) -> str:
        """Whose call it is: the card, user or gift code that it is about; empty where it names none."""
        return next((str(self.payload[name]) for name in _GUESTS_NAMES if self.payload.get(name)), "")

    @property
    def in_query(self) -> bool:
        """Whether the parameters stand in the query string (docs/paytronix-api.md, section 3)."""
        return self.operation.method == "GET" and self.style.in_query
