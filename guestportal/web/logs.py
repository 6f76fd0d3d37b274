"""How log records are written: one line each, UTC, with secrets hidden and control characters encoded."""

import json
import logging
from datetime import UTC, datetime

from guestportal.paytronix.redaction import redact

# Ids of our own making may look like numbers, and the shape of a reply holds nothing that could be hidden.
_OURS = frozenset({"request", "reference", "wish", "answer", "reply"})


class RedactionFilter(logging.Filter):
    """Hides what `redaction.redact` knows in the message, its arguments, the fields and the exception's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a mistake in the log call must not cost the guest a page
            text = f"{record.msg} (with arguments that do not fit)"
        record.msg, record.args = redact(text), None
        record.fields = {
            name: value if name in _OURS or not isinstance(value, str) else redact(value)
            for name, value in getattr(record, "fields", {}).items()
        }
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


class OutsideFilter(logging.Filter):
    """Makes a warning without a traceback of an error that any request from outside can bring about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = None
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line; json.dumps encodes CR, LF and escape characters."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line_of(record), ensure_ascii=True, default=str)


def line_of(record: logging.LogRecord) -> dict[str, object]:
    """What is written about a record that has passed the filters."""
    own: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
    }
    if record.exc_text:
        own["exception"] = record.exc_text
    return own | getattr(record, "fields", {}) | own  # the line's own come first, and no field replaces them


class TextFormatter(logging.Formatter):
    """One line of text per record, for a terminal: time, level, logger, message and fields."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value!r}" for name, value in getattr(record, "fields", {}).items())
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        line = (
            f"{time} {record.levelname:<7} {record.name}: {_encoded(record.getMessage())} {fields}".rstrip()
        )
        # Indented, so that no line of an exception's text can pass for a line of the log.
        trace = [f"    {_encoded(each)}" for each in (record.exc_text or "").split("\n") if each]
        return "\n".join([line, *trace])


def _encoded(text: str) -> str:
    """The text with control characters and whatever is not ASCII as escapes."""
    return text.encode("unicode_escape").decode("ascii")
