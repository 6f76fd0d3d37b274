"""Hands every ERROR to the merchant's monitoring, redacted like a log line. It decides nothing about errors."""

import logging

from django.conf import settings
from django.utils.module_loading import import_string

from guestportal.web.logs import line_of

log = logging.getLogger("guestportal.error_hook")


class ErrorHook(logging.Handler):
    """Calls ERROR_HOOK with the event as a dict of plain values; what goes wrong there costs no guest a page."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            import_string(settings.ERROR_HOOK)(line_of(record))
        except Exception as error:  # noqa: BLE001 - it is somebody else's code
            # A warning, which the hook does not get: it cannot call itself for ever.
            fields = {"event": "error_hook_failed", "reason": type(error).__name__}
            log.warning("error_hook_failed", extra={"fields": fields})
