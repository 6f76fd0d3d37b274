"""Who may see a private page. The credential is looked up once per request and never taken from the browser."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Literal, TypeAlias, TypeVar, cast, overload
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.credentials import SignedInGuest, forget, use
from accounts.errors import SignInEnded
from accounts.identities import CardIdentity
from accounts.refusals import Refusal, refusal_that_ended_sign_in, says_why
from guestportal.merchants.definition import Merchant, SignIn
from guestportal.web.http import PortalRequest
from guestportal.web.sessions import GIFT_LINK

BACKGROUND_HEADER = "X-Background"
_KEY = "credential"
_REFUSAL = "refusal"
_CARRIED = (GIFT_LINK,)


class GuestRequest(PortalRequest):
    """A request that came with a live sign-in."""

    guest: SignedInGuest


View = TypeVar("View", bound=Callable[..., HttpResponse])

Reason: TypeAlias = Literal["1", "tries", "refused"]


@dataclass(frozen=True, slots=True)
class WayIn:
    """How a guest whose sign-in has ended comes in again.

    `kind` is that of the sign-in, empty for any: a card where one may be entered; `next` the page to go on with,
    empty for the one they are on; `reason` what the page of the sign-in explains: time, too many wrong tries, or
    that Paytronix refuses now what it took before.
    """

    kind: str = ""
    next: str = ""
    reason: Reason = "1"


@overload
def guest_required(view: View) -> View: ...
@overload
def guest_required(
    *, card_chosen: bool = True, way_in: Callable[[PortalRequest], "WayIn"] | None = None
) -> Callable[[View], View]: ...


def guest_required(
    view: Any = None,
    *,
    card_chosen: bool = True,
    way_in: "Callable[[PortalRequest], WayIn] | None" = None,
) -> Any:
    """Give the view `request.guest`, or lead to sign-in with the way back. Pages behind it are no-store.

    A guest with several cards chooses one first, unless `card_chosen` is False. `way_in` says where to sign in
    for pages that not every kind of sign-in may see.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            guest = current_guest(request)
            if guest is None:
                response = to_sign_in(request, way_in(request) if way_in else None)
            elif card_chosen and not guest.card_number:
                response = _redirect(request, "card_choice", next=_way_back(request))
            else:
                cast("GuestRequest", request).guest = guest
                response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store, private"
            return response

        return cast("View", guarded)

    return decorate(view) if view else decorate


def current_guest(request: PortalRequest) -> SignedInGuest | None:
    """The live guest of this browser at this merchant, or None."""
    credential_id = _credential_id(request)
    if credential_id is None:
        return None
    # A page that looks again by itself says so: it does not show that a guest is there.
    active = BACKGROUND_HEADER not in request.headers
    guest = use(merchant=request.merchant, credential_id=credential_id, active=active)
    if guest is None:
        _flush(request)
    return guest


def is_confirmed(guest: SignedInGuest, *, merchant: Merchant, now: datetime) -> bool:
    """Whether password or code was given lately enough for what cannot be called back (the merchant's limit)."""
    return now - guest.confirmed_at < timedelta(seconds=merchant.limits.confirm_after_seconds)


def to_confirmation(request: PortalRequest, *, then: str) -> HttpResponse:
    """A redirect to the page that asks for password or code, which leads on to the address `then`."""
    return _redirect(request, "confirm", next=then)


def sign_in(request: PortalRequest, credential_id: UUID) -> None:
    """Bind the browser to the credential: new session key, new CSRF token, nothing left of an earlier guest."""
    end_sign_in(request)
    request.session[_KEY] = str(credential_id)
    rotate_token(request)


def end_sign_in(request: PortalRequest) -> None:
    """Forget the credential; a gift link that was opened in this browser stays."""
    credential_id = _credential_id(request)
    if credential_id is not None:
        forget(credential_id=credential_id)
    _flush(request)


def sign_out(request: PortalRequest) -> None:
    """Forget the credential and everything else about this browser, because the guest wants it."""
    end_sign_in(request)
    request.session.flush()


def to_sign_in(request: PortalRequest, way_in: "WayIn | None" = None) -> HttpResponse:
    """A redirect to where guests come in, which leads back here; for htmx the whole page moves."""
    way_in = way_in or WayIn()
    page = "entrance" if _comes_in_by_card(request.merchant, way_in.kind) else "sign_in"
    return _redirect(request, page, next=way_in.next or _way_back(request), ended=way_in.reason)


def to_sign_in_after(request: GuestRequest, ended: SignInEnded) -> HttpResponse:
    """Forget a sign-in that Paytronix has ended, and lead to the page where guests come in, which says why.

    What Paytronix said waits in the session for that page, since no address may hold it.
    """
    guest, merchant = request.guest, request.merchant
    end_sign_in(request)
    refused = ended.refusal
    by_card = isinstance(guest.identity, CardIdentity)
    language = request.LANGUAGE_CODE
    # A token that is refused without a reason has had its time; a card has none.
    if refused is None or not (by_card or says_why(refused, merchant=merchant, language=language)):
        return to_sign_in(request, WayIn(guest.kind))
    refusal = refusal_that_ended_sign_in(refused, merchant=merchant, language=language, by_card=by_card)
    request.session[_REFUSAL] = asdict(refusal)
    return to_sign_in(request, WayIn(guest.kind, reason="refused"))


def take_refusal(request: PortalRequest) -> Refusal | None:
    """What Paytronix said when it ended the sign-in that has led here; None when it was taken before."""
    kept = request.session.pop(_REFUSAL, None) if request.GET.get("ended") == "refused" else None
    return Refusal(**kept) if kept else None


def safe_next(request: PortalRequest, wanted: str) -> str:
    """`wanted` if it is a path of this site, otherwise the balance page."""
    stripped = "".join(character for character in wanted if character.isprintable())
    safe = url_has_allowed_host_and_scheme(
        stripped, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return stripped if safe and stripped.startswith("/") else reverse("balance")


def _comes_in_by_card(merchant: Merchant, kind: str) -> bool:
    """Whether the entrance is the way in for this kind of sign-in; it also tells a card's guest that it is paused."""
    paused = not merchant.features.card_form and merchant.offers_user_names
    return SignIn.CARD in merchant.sign_in and (kind == SignIn.CARD or not (kind or paused))


def _way_back(request: PortalRequest) -> str:
    """The page the guest was on: an address that may be opened again, never one that is posted to."""
    address = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    if request.htmx:
        with suppress(ValueError):  # an address that cannot be read, such as "http://["
            address = request.htmx.current_url_abs_path or ""
    with suppress(Resolver404):
        handle = resolve(address.partition("?")[0]).kwargs.get("handle")
        # A handle belongs to the sign-in that has ended: what it stood under is the page to go back to.
        return address.partition(str(handle))[0] if handle else address
    return reverse("balance")


def _redirect(request: PortalRequest, name: str, **query: str) -> HttpResponse:
    target = f"{reverse(name)}?{urlencode(query)}"
    return HttpResponseClientRedirect(target) if request.htmx else HttpResponseRedirect(target)


def _flush(request: PortalRequest) -> None:
    """A new, empty session but for what belongs to the browser and not to the guest."""
    carried = {key: request.session[key] for key in _CARRIED if key in request.session}
    request.session.flush()
    request.session.update(carried)


def _credential_id(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.session.get(_KEY, ""))
    except ValueError:
        return None
