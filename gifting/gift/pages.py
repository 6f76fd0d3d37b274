"""What the views of gifting share: the merchant's switch, pages that take over, and failures as pages."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.gate import GuestRequest
from accounts.refusals import Alert
from gifting.gift.refusals import refusal_of, unavailable
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused
from guestportal.web.fragments import whole_page
from guestportal.web.http import PortalRequest

log = logging.getLogger("gifting.rights")

View = TypeVar("View", bound=Callable[..., HttpResponse])


def where_gifts_are_offered(view: View) -> View:
    """404 for a merchant that has switched gifting off."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.merchant.features.gifting:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def failure_page(request: GuestRequest, error: PaytronixError, *, alert: Alert | None = None) -> HttpResponse:
    """The page when gifts could not be listed: refused, or not asked for. `alert` replaces the usual one."""
    retry_url = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("gifts")
    if isinstance(error, Refused | InvalidStatus):
        refusal = refusal_of(error, merchant=request.merchant, language=request.LANGUAGE_CODE)
        return whole_page(request, "gifting/gift/refused.html", {"refusal": refusal, "retry_url": retry_url})
    context: dict[str, object] = {"alert": alert or unavailable(error), "retry_url": retry_url}
    return whole_page(request, "gifting/gift/unavailable.html", context, status=503)


def claims_paused_page(request: GuestRequest, *, retry_url: str) -> HttpResponse:
    """The page while claims are paused: nothing was done, and a gift can be sent or answered in a minute."""
    alert = Alert(
        title=_("Gifts are paused for a moment"),
        text=_("Nothing was sent, and nothing is lost. Try again in a minute."),
        reference="",
    )
    context: dict[str, object] = {"alert": alert, "retry_url": retry_url}
    return whole_page(request, "gifting/gift/unavailable.html", context, status=503)


def no_gift_page(request: GuestRequest) -> HttpResponse:
    """The page for a handle that names none of this sign-in's gifts, whatever the reason."""
    log.warning("right_refused", extra={"fields": {"event": "right_refused", "outcome": "no_such_gift"}})
    return whole_page(request, "gifting/gift/no_such_gift.html", {}, status=404)
