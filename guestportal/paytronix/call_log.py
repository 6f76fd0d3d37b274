"""One structured line per call, with everything secret or personal left out or hidden."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from guestportal.paytronix.calls import Call
from guestportal.paytronix.errors import (
    InvalidStatus,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unavailable,
)
from guestportal.paytronix.redaction import redact_code, redact_prose, shape_of

log = logging.getLogger("guestportal.paytronix")


@contextmanager
def logged(call: Call, *, merchant: str) -> Iterator[None]:
    """Write the line when the block ends, whatever the end. At DEBUG the reply's shape follows."""
    started = time.monotonic()
    error: Exception | None = None
    try:
        yield
    except Exception as raised:
        error = raised
        raise
    finally:
        fields = {
            "event": "paytronix_call",
            "merchant": merchant,
            "operation": call.operation.name,
            "reference": call.reference,
            "status": call.answer.status if call.answer else None,
            "result": redact_code(call.result, sent=call.payload),
            "outcome": type(error).__name__ if error else "success",
            "reason": redact_code(getattr(error, "reason", ""), sent=call.payload),
            "error_code": redact_code(call.error_code, sent=call.payload),
            "error_message": redact_prose(call.error_message, sent=call.payload)[:300],
            "left_out": call.left_out,
            "retry_after_seconds": getattr(error, "retry_after_seconds", None),
            "tries": call.tries,
            "duration_ms": round((time.monotonic() - started) * 1000),
        }
        log.log(_level(error, call), "paytronix_call", extra={"fields": fields})
        _log_exchange(call)


def _log_exchange(call: Call) -> None:
    if log.isEnabledFor(logging.DEBUG):
        fields = {
            "event": "paytronix_exchange",
            "reference": call.reference,
            "parameters": sorted(call.payload),
            "reply": shape_of(call.answer.body, sent=call.payload) if call.answer else "",
        }
        log.debug("paytronix_exchange", extra={"fields": fields})


def _level(error: Exception | None, call: Call) -> int:
    """INFO for what guests cause, WARNING for what passes, ERROR for what an operator has to mend.

    Whose credentials are wrong when a guest comes in, one call does not tell: `accounts.misconfiguration` says so.
    """
    if error is None or isinstance(error, Refused | InvalidStatus):
        return logging.INFO
    if isinstance(error, Misconfigured) and (call.operation.signs_in or call.operation.is_probe):
        return logging.WARNING
    return logging.WARNING if isinstance(error, Unavailable | RateLimited | OutcomeUnknown) else logging.ERROR
