"""How log records are written: one line each, UTC, with secrets hidden and control characters encoded."""

import json
import logging
from datetime import UTC, datetime

from guestportal.paytronix.redaction import redact


class RedactionFilter(logging.Filter):
    """Hides what `redaction.redact` knows in the message, its arguments and the exception's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            text = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a mistake in the log call must not cost the guest a page
            text = f"{record.msg} (with arguments that do not fit)"
        record.msg, record.args = redact(text), None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line; json.dumps encodes CR, LF and escape characters."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(line_of(record), ensure_ascii=True, default=str)


def line_of(record: logging.LogRecord) -> dict[str, object]:
    """What is written about a record that has passed the filters."""
    line: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": record.getMessage(),
        **getattr(record, "fields", {}),
    }
    if record.exc_text:
        line["exception"] = record.exc_text
    return line


class TextFormatter(logging.Formatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value!r}" for name, value in getattr(record, "fields", {}).items())
        time = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        message = record.getMessage().encode("unicode_escape").decode("ascii")
        line = f"{time} {record.levelname:<7} {record.name}: {message} {fields}".rstrip()
        return f"{line}\n{record.exc_text}" if record.exc_text else line
