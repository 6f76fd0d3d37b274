"""What an endpoint answers with, before anything is put on the wire. Knows no socket and no fault."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Self

from guestportal.sandbox.jsontext import JsonObject, encode_bytes

JSON_CONTENT_TYPE: Final = "application/json;charset=UTF-8"
HTML_CONTENT_TYPE: Final = "text/html;charset=UTF-8"


def phrase_of(status: int) -> str:
    """Return the reason phrase of an HTTP status, "Unknown Error" for one that HTTP does not define."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown Error"


class PasswordRefusal(StrEnum):
    """The three forms in which a wrong user name or password has been seen (docs/paytronix-api.md, section 4)."""

    HTTP_401 = "http_401"
    HTTP_403 = "http_403"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP reply. `result` and `error_code` are the envelope's own words when the body is an envelope."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    result: str | None = None
    error_code: str | None = None

    @classmethod
    def envelope(cls, payload: JsonObject, *, status: int = 200) -> Self:
        """Return a JSON reply of the API; its `result` member decides what the record says."""
        result, error_code = payload.get("result"), payload.get("errorCode")
        return cls(
            status=status,
            body=encode_bytes(payload),
            content_type=JSON_CONTENT_TYPE,
            result=result if isinstance(result, str) else None,
            error_code=error_code if isinstance(error_code, str) else None,
        )

    @classmethod
    def failure(cls, code: str, message: str, *, status: int = 200) -> Self:
        """Return the documented refusal; mostly with HTTP 200 (docs/paytronix-api.md, section 9)."""
        return cls.envelope({"result": "failure", "errorCode": code, "errorMessage": message}, status=status)

    @classmethod
    def wrong_password(cls, form: PasswordRefusal) -> Self:
        """Return the refusal of a sign-in; the two HTTP forms have no body."""
        if form is PasswordRefusal.FAILURE:
            return cls.failure("could_not_authenticate", "Could not Authenticate")
        return cls.empty(401 if form is PasswordRefusal.HTTP_401 else 403)

    @classmethod
    def html(cls, status: int, *, headers: tuple[tuple[str, str], ...] = ()) -> Self:
        """Return the page a web server in front of the API would send."""
        title = f"{status} {phrase_of(status)}"
        page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>{title}</body></html>\n"
        return cls(status=status, body=page.encode(), content_type=HTML_CONTENT_TYPE, headers=headers)

    @classmethod
    def empty(cls, status: int) -> Self:
        """Return a status without a body and without a content type."""
        return cls(status=status)

    @property
    def outcome(self) -> str:
        """The record's word for this reply: the envelope's result, else the HTTP status."""
        return self.result or f"HTTP {self.status}"
