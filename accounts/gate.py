"""Who may see a private page. The credential is looked up once per request and never taken from the browser."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from accounts.credentials import SignedInGuest, forget, use
from guestportal.web.http import PortalRequest

P = ParamSpec("P")
_KEY = "credential"


class GuestRequest(PortalRequest):
    """A request that came with a live sign-in."""

    guest: SignedInGuest


def guest_required(
    view: Callable[Concatenate[GuestRequest, P], HttpResponse],
) -> Callable[Concatenate[PortalRequest, P], HttpResponse]:
    """Give the view `request.guest`, or lead to the entrance with the way back. Pages behind it are no-store."""

    @wraps(view)
    @never_cache
    def guarded(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        guest = current_guest(request)
        if guest is None:
            return to_entrance(request)
        request.guest = guest  # type: ignore[attr-defined]  # this makes it a GuestRequest
        response = view(request, *args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return cast("Callable[Concatenate[PortalRequest, P], HttpResponse]", guarded)


def current_guest(request: PortalRequest) -> SignedInGuest | None:
    """The live guest of this browser at this merchant, or None."""
    credential_id = _credential_id(request)
    if credential_id is None:
        return None
    guest = use(merchant=request.merchant, credential_id=credential_id)
    if guest is None:
        request.session.flush()
    return guest


def sign_in(request: PortalRequest, credential_id: UUID) -> None:
    """Bind the browser to the credential: new session key, new CSRF token, nothing left of an earlier guest."""
    sign_out(request)
    request.session[_KEY] = str(credential_id)
    rotate_token(request)


def sign_out(request: PortalRequest) -> None:
    """Forget the credential and the session."""
    credential_id = _credential_id(request)
    if credential_id is not None:
        forget(credential_id=credential_id)
    request.session.flush()


def to_entrance(request: PortalRequest) -> HttpResponse:
    """A redirect to the entrance that comes back here after sign-in; for htmx the whole page moves."""
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("balance")
    if request.htmx:
        wanted = request.htmx.current_url_abs_path or reverse("balance")
    target = f"{reverse('entrance')}?{urlencode({'next': wanted, 'ended': 1})}"
    return HttpResponseClientRedirect(target) if request.htmx else HttpResponseRedirect(target)


def safe_next(request: PortalRequest, wanted: str) -> str:
    """`wanted` if it is a path of this site, otherwise the balance page."""
    stripped = "".join(character for character in wanted if character.isprintable())
    safe = url_has_allowed_host_and_scheme(
        stripped, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return stripped if safe and stripped.startswith("/") else reverse("balance")


def _credential_id(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.session.get(_KEY, ""))
    except ValueError:
        return None
