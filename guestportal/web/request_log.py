"""Which request a log line belongs to: an id of our own making and the merchant, on every line written for it."""

import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_ID = "_log_id"


class RequestLogMiddleware:
    """Stands first, so that every other middleware's lines carry the id too. What a client sends as id is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        setattr(request, _ID, secrets.token_hex(6))
        token = _current.set(request)
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


class RequestFilter(logging.Filter):
    """Adds `request` and `merchant` to the fields of a record; fields of its own win."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes its line about a status after all middleware, and says itself which request it is about.
        request = _current.get() or getattr(record, "request", None)
        if hasattr(request, _ID):
            known: dict[str, object] = {"request": getattr(request, _ID)}
            if merchant := getattr(request, "merchant", None):
                known["merchant"] = merchant.slug
            record.fields = known | getattr(record, "fields", {})
        return True
