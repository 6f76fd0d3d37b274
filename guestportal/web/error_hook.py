"""Hands every ERROR to the merchant's monitoring, redacted like a log line. It decides nothing about errors."""

import logging
from contextvars import ContextVar

from django.conf import settings
from django.utils.module_loading import import_string

from guestportal.web.logs import line_of

log = logging.getLogger("guestportal.error_hook")

_is_calling: ContextVar[bool] = ContextVar("error_hook_is_calling", default=False)


class ErrorHook(logging.Handler):
    """Calls ERROR_HOOK with the event as a dict of plain values; what goes wrong there costs no guest a page.

    A guest's request waits for the hook, so it must return at once and hand over what takes time. Threads may call
    it at the same time. Errors that it logs itself do not come back to it.
    """

    def handle(self, record: logging.LogRecord) -> bool:
        # As the standard library's, without its lock: one slow call must not hold up every thread with an error.
        passed = not _is_calling.get() and bool(self.filter(record))
        if passed:
            self.emit(record)
        return passed

    def emit(self, record: logging.LogRecord) -> None:
        calling = _is_calling.set(True)
        try:
            import_string(settings.ERROR_HOOK)(line_of(record))
        except Exception as error:  # noqa: BLE001 - it is somebody else's code
            fields = {"event": "error_hook_failed", "reason": type(error).__name__}
            log.warning("error_hook_failed", extra={"fields": fields})
        finally:
            _is_calling.reset(calling)
