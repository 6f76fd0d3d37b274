"""A request as the API reads it: which parameters it carries and how. Decides no right to anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from guestportal.sandbox.jsontext import JsonValue, decode
from guestportal.sandbox.replies import Reply

_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")


class CallRefused(Exception):
    """The API answers without doing the work; `reply` is what it says."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.outcome)
        self.reply = reply


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """One HTTP request as it came in. `path` has no query string, `raw_query` no question mark."""

    method: str
    path: str
    raw_query: str
    body: bytes
    content_type: str
    authorization: str
    client_port: int

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query string's pairs, decoded, in their order."""
        return tuple(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def body_text(self) -> str:
        """The body as text; bytes that are not UTF-8 are shown as escapes."""
        return self.body.decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A call's parameters, from the query string on GET and from the JSON body (docs/paytronix-api.md, section 3)."""

    _in_query: Mapping[str, str]
    _in_body: Mapping[str, JsonValue]

    def in_query(self, name: str) -> bool:
        """Return whether a parameter stands in the query string, where web servers log it."""
        return name in self._in_query

    def text(self, name: str) -> str:
        """Return a required string. A JSON number is refused: it is not the documented type."""
        value: JsonValue = self._in_query.get(name, self._in_body.get(name))
        if value is None or value == "":
            raise CallRefused(
                Reply.failure("request.missing_parameter", f"Missing required parameter {name}")
            )
        if not isinstance(value, str):
            raise CallRefused(_wrong_type(name, "a string"))
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string that may be left out; an empty one counts as left out."""
        if self._in_query.get(name, self._in_body.get(name)) in (None, ""):
            return None
        return self.text(name)

    def integer(self, name: str) -> int:
        """Return a required whole number: digits in a query string, a JSON number in a body."""
        if name in self._in_query:
            written = self.text(name)
            if not _INTEGER.fullmatch(written):
                raise CallRefused(_wrong_type(name, "an integer"))
            return int(written)
        value = self._in_body.get(name)
        if value is None:
            raise CallRefused(
                Reply.failure("request.missing_parameter", f"Missing required parameter {name}")
            )
        if isinstance(value, bool) or not isinstance(value, int):
            raise CallRefused(_wrong_type(name, "an integer"))
        return value

    def object(self, name: str) -> "Parameters":
        """Return the members of a required JSON object, to be read as parameters of their own."""
        value = self._in_body.get(name)
        if value is None:
            raise CallRefused(
                Reply.failure("request.missing_parameter", f"Missing required parameter {name}")
            )
        if not isinstance(value, Mapping):
            raise CallRefused(_wrong_type(name, "an object"))
        return Parameters({}, value)

    def names(self) -> frozenset[str]:
        """Return the names of the parameters that are given."""
        return frozenset(self._in_query) | frozenset(self._in_body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An admitted call: credentials, merchant and style have been checked.

    `username` is the guest that the guest and oauth styles proved, None for the other styles.
    """

    style: str
    parameters: Parameters
    username: str | None


def read_parameters(request: RawRequest) -> Parameters:
    """Return the parameters of a request, each name at most once.

    A GET carries them in its query string or in a JSON body (the vendor's example shows the second), a POST in its
    body only.
    """
    in_query = dict(request.query)
    in_body = _read_body(request)
    if len(in_query) != len(request.query) or in_query.keys() & in_body.keys():
        raise CallRefused(
            Reply.failure("request.repeated_parameter", "A parameter is given more than once", status=400)
        )
    if request.method == "POST" and in_query:
        raise CallRefused(
            Reply.failure(
                "request.parameters_in_query", "Parameters of a POST belong in its JSON body", status=400
            )
        )
    return Parameters(in_query, in_body)


def _read_body(request: RawRequest) -> Mapping[str, JsonValue]:
    if not request.body:
        return {}
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise CallRefused(Reply.html(415))
    try:
        value = decode(request.body.decode("utf-8"))
    except ValueError:
        raise CallRefused(
            Reply.failure("request.malformed", "The request body is not JSON", status=400)
        ) from None
    if not isinstance(value, Mapping):
        raise CallRefused(Reply.failure("request.malformed", "The request body is not an object", status=400))
    return value


def _wrong_type(name: str, expected: str) -> Reply:
    return Reply.failure("request.wrong_type", f"Parameter {name} must be {expected}")
