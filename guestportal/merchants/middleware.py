"""Gives every request its merchant, by host, and the merchant's time zone. An unknown host learns nothing."""

from collections.abc import Callable
from typing import Final, cast

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry

# Load balancers ask these by address, under whatever host they like.
HOSTLESS_PATHS: Final = frozenset({"/healthz", "/readyz"})

_GetResponse = Callable[[HttpRequest], HttpResponseBase]


class _Request(HttpRequest):
    """What the middleware writes on; views after it may count on a merchant."""

    merchant: Merchant | None


class MerchantMiddleware:
    """Sets `request.merchant`; answers 404 for a host that no merchant has."""

    def __init__(self, get_response: _GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        merchant_request = cast("_Request", request)
        merchant_request.merchant = None  # what an error page finds when the host itself is refused
        if request.path in HOSTLESS_PATHS:
            merchant_request.merchant = _merchant_if_host_allowed(request)
            return self._get_response(request)
        merchant = current_registry().for_host(request.get_host())
        if merchant is None:
            return HttpResponse(
                "There is no page here.\n", status=404, content_type="text/plain; charset=utf-8"
            )
        merchant_request.merchant = merchant
        with timezone.override(merchant.locale.time_zone):
            return self._get_response(request)


def _merchant_if_host_allowed(request: HttpRequest) -> Merchant | None:
    try:
        return current_registry().for_host(request.get_host())
    except DisallowedHost:
        return None
