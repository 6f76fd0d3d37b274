"""Gift links. The code leaves the address at once; nothing here changes a gift, however often it is opened."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.credentials import SignedInGuest
from accounts.gate import current_guest
from accounts.refusals import paused
from gifting.gift.looking_again import FIRST
from gifting.gift.pages import where_gifts_are_offered
from gifting.gift.refusals import unavailable
from gifting.receiving.inbox import ItemState
from gifting.receiving.links import LinkedGift, LinkState, is_code, open_gift, preview_gift
from gifting.receiving.views.item import item_on_page
from guestportal.paytronix.errors import PaytronixError
from guestportal.throttling import tries
from guestportal.throttling.errors import CountersUnreachable, Throttled
from guestportal.web.client_address import client_address
from guestportal.web.error_pages import too_many_tries
from guestportal.web.http import PortalRequest
from guestportal.web.sessions import GIFT_LINK, sweep

_KEPT_SECONDS = 3600  # long enough to look for the card; scanners that follow every link leave little behind
_STATUS = {LinkState.UNKNOWN: 404, LinkState.ANSWERED: 410, LinkState.EXPIRED: 410}


def _kept_nowhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither caches nor search engines keep what a link shows."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@_kept_nowhere
@never_cache
@require_safe
@where_gifts_are_offered
def link(request: PortalRequest, code: str) -> HttpResponse:
    """Move the code into the session and go on to the address without it. Paytronix is not asked."""
    response = _keep(request, code) or HttpResponseRedirect(reverse("gift_preview"))
    # This address holds the code: no other page is told of it. The clean one after it needs its own policy, because
    # a page without a referrer posts its forms with `Origin: null`, which the CSRF check refuses.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _keep(request: PortalRequest, code: str) -> HttpResponse | None:
    """Keep the code for this browser; what to answer instead when this address makes too many sessions by links."""
    request.session.pop(GIFT_LINK, None)
    if not is_code(code):
        return None
    guest = current_guest(request)
    if request.session.session_key is None:
        try:
            tries.count_gift_link(merchant=request.merchant, address=client_address(request))
        except Throttled as error:
            return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
        except CountersUnreachable:
            return _paused(request, guest)
        sweep()
    request.session[GIFT_LINK] = code
    if guest is None:  # without a guest the code lives no longer than a link needs
        request.session.set_expiry(_KEPT_SECONDS)
    return None


@_kept_nowhere
@never_cache
@require_safe
@where_gifts_are_offered
def preview(request: PortalRequest) -> HttpResponse:
    """The gift of the link: a preview before sign-in, after it the gift itself if it waits for this card."""
    code = request.session.get(GIFT_LINK, "")
    guest = current_guest(request)
    if guest is not None and not guest.card_number:
        return HttpResponseRedirect(f"{reverse('card_choice')}?{urlencode({'next': request.path})}")
    try:
        if guest is None:
            address = client_address(request)
            linked = preview_gift(merchant=request.merchant, code=code, address=address)
        else:
            linked = open_gift(merchant=request.merchant, guest=guest, code=code)
    except Throttled as error:
        return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
    except CountersUnreachable:
        return _paused(request, guest)
    except PaytronixError as error:
        context = {**_context(request, guest), "state": "unavailable", "alert": unavailable(error)}
        return render(request, _template(guest), context, status=503)
    return _page(request, guest, linked)


def _paused(request: PortalRequest, guest: SignedInGuest | None) -> HttpResponse:
    context = {**_context(request, guest), "state": "unavailable", "alert": paused()}
    return render(request, _template(guest), context, status=503)


def _page(request: PortalRequest, guest: SignedInGuest | None, linked: LinkedGift) -> HttpResponse:
    context = {
        **_context(request, guest),
        "state": linked.state,
        "preview": linked.preview,
        "target": linked.target,
        "item": item_on_page(request, linked.item) if linked.item else None,
        "look": FIRST if linked.item and linked.item.state is ItemState.CONFIRMING else None,
    }
    if linked.waiting_count is not None:
        context["gift_count"] = linked.waiting_count
    return render(request, _template(guest), context, status=_STATUS.get(linked.state, 200))


def _context(request: PortalRequest, guest: SignedInGuest | None) -> dict[str, object]:
    context: dict[str, object] = {
        "linked": True,
        "next": request.path,
        "preview": None,
        "alert": None,
    }
    if guest is not None:
        page = "card_choice" if guest.has_several_cards else "entrance"
        context |= {
            "guest": guest,
            "another_card_url": f"{reverse(page)}?{urlencode({'next': request.path})}",
        }
    return context


def _template(guest: SignedInGuest | None) -> str:
    return "gifting/receiving/linked_gift.html" if guest else "gifting/receiving/link_preview.html"
