"""What the views of sending share: who may send here, the account it comes from, and the pages that take over."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.domain import Account
from accounts.errors import PasswordNeeded, SignInEnded
from accounts.gate import GuestRequest, WayIn, guest_required, to_sign_in_after
from accounts.identities import CardIdentity, PasswordIdentity
from accounts.services import is_fresh, read_account_anew
from gifting.gift.message_rules import longest_message
from gifting.gift.pages import failure_page, where_gifts_are_offered
from gifting.sending.domain import NoCardTemplate
from gifting.sending.follow import has_news
from guestportal.merchants.definition import SignIn
from guestportal.paytronix.errors import PaytronixError
from guestportal.web.fragments import whole_page
from guestportal.web.http import PortalRequest

View = TypeVar("View", bound=Callable[..., HttpResponse])


def sender_required(view: View) -> View:
    """Let through who may send here, and turn what Paytronix could not tell into pages."""

    @where_gifts_are_offered
    @guest_required(way_in=_way_in)
    @wraps(view)
    def guarded(request: GuestRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by_card = isinstance(request.guest.identity, CardIdentity)
        if by_card and not request.merchant.features.send_with_card:
            return stopped_page(request, "card_session")
        try:
            return view(request, *args, **kwargs)
        except SignInEnded as ended:
            return to_sign_in_after(request, ended)
        except PasswordNeeded:
            return redirect("balance")  # which asks for it
        except NoCardTemplate:
            return stopped_page(request, "no_programme")
        except PaytronixError as error:
            return failure_page(request, error)

    return cast("View", guarded)


def _way_in(request: PortalRequest) -> WayIn:
    """Where to sign in for sending: with a user name, where a card may not send. A step is begun anew."""
    may_by_card = request.merchant.features.send_with_card or not request.merchant.offers_user_names
    there = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("send_what")
    return WayIn(kind="" if may_by_card else SignIn.OAUTH, next=there)


def account_of(request: GuestRequest, *, fresh: bool = False) -> Account:
    """The account that the gift comes from; read anew when there is none, or with `fresh` when it is an older one.

    Older is also what was read before the latest news of a gift. Raises SignInEnded, PasswordNeeded and
    PaytronixErrors.
    """
    account, merchant = request.guest.account, request.merchant
    can_ask = not isinstance(request.guest.identity, PasswordIdentity)
    if account is not None and not (fresh and can_ask and _is_old(request, account)):
        return account
    account = read_account_anew(merchant=merchant, guest=request.guest)
    request.guest = request.guest.with_account(account)
    return account


def _is_old(request: GuestRequest, account: Account) -> bool:
    merchant = request.merchant
    return not is_fresh(account, merchant=merchant) or has_news(merchant=merchant, guest=request.guest)


def step_page(
    request: GuestRequest, step: str, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    """The page of a step, which says how many there are."""
    names = (
        ["what", "who", "message", "check"] if longest_message(request.merchant) else ["what", "who", "check"]
    )
    more = {
        "guest": request.guest,
        "step": names.index(step) + 1,
        "steps": len(names),
        "has_message_step": "message" in names,
        "change": "change" in request.GET,
    }
    return render(request, f"gifting/sending/{step}.html", {**more, **context}, status=status)


def stopped_page(request: GuestRequest, reason: str, *, status: int = 200, **context: object) -> HttpResponse:
    """Why nothing can be sent just now, and what to do instead."""
    more = {"reason": reason}
    return whole_page(request, "gifting/sending/stopped.html", {**more, **context}, status=status)
