"""Secrets that can be recognised anywhere, and a watch over everything that is logged while it is on.

The lines come from the handler, filters and formatters of settings.LOGGING themselves.
"""

import io
import logging
import traceback
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.module_loading import import_string

from tests.support.builders import CLIENT_ID, CLIENT_SECRET

NUMBER = "6099318273645091"
CODE = "ZK7Q4W"
WRONG_CODE = "XJ3V8P"
NAME = "Zebulon Quincannon"
OTHER_NUMBER = "6099318273640007"
TOKEN = "rIe7dgL5pcanarycanarycanaryFbA268pw5GP"
PASSWORD = "correct-horse-canary"
CANARIES = (
    NUMBER,
    "6099 3182 7364 5091",
    CODE,
    WRONG_CODE,
    NAME,
    "Quincannon",
    OTHER_NUMBER,
    CLIENT_SECRET,
    f"{CLIENT_ID}:{CLIENT_SECRET}",
    "c2FuZGJveC1wb3J0YWw6",  # the beginning of the Basic header
    TOKEN,
    PASSWORD,
)
LOGGING: dict[str, Any] = settings.LOGGING


def found_in(text: str) -> list[str]:
    """The canaries that stand in the text, as they are or as an address or Python would write them."""
    forms = {canary: {canary, quote(canary), quote(canary, safe="")} for canary in CANARIES}
    return [canary for canary, written in forms.items() if any(each in text for each in written)]


class RawRecords(logging.Handler):
    """Keeps what a handler without filter and formatter would see."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {getattr(record, 'fields', '')} {trace}")


def configured_handler(log_format: str, stream: io.StringIO) -> logging.Handler:
    """The handler of settings.LOGGING as LOG_FORMAT would have it, writing to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(import_string(LOGGING["formatters"][log_format]["()"])())
    for name in LOGGING["handlers"]["stderr"]["filters"]:
        handler.addFilter(import_string(LOGGING["filters"][name]["()"])())
    return handler


class Watch:
    """What was written while it was on: by LOG_FORMAT, and raw."""

    def __init__(self, streams: dict[str, io.StringIO], raw: RawRecords) -> None:
        self._streams = streams
        self._raw = raw

    def written(self, log_format: str) -> str:
        """The text that the configured handler wrote."""
        return self._streams[log_format].getvalue()

    @property
    def raw(self) -> str:
        """Messages, fields and tracebacks before any redaction."""
        return "\n".join(self._raw.lines)

    def expect_no_canary(self, *, raw: bool = True) -> None:
        """Fail when a canary got out, and when nothing was written at all."""
        for log_format in self._streams:
            assert found_in(self.written(log_format)) == []
        assert "paytronix_call" in self.written("json")
        if raw:
            assert found_in(self.raw) == []
