"""The entrance, the balance and the way out."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reselect, reswap, retarget

from accounts import refusals, services
from accounts.domain import Account
from accounts.forms import CardForm
from accounts.gate import GuestRequest, guest_required, safe_next, sign_in, sign_out, to_entrance
from accounts.verdict import judge
from guestportal.paytronix.errors import CredentialsRefused, InvalidStatus, PaytronixError, Refused
from guestportal.web.fragments import VARY_ON, render_page_or_fragment, wants_fragment
from guestportal.web.http import PortalRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: PortalRequest) -> HttpResponse:
    """Card number and registration code in; the balance page out."""
    merchant, language = request.merchant, request.LANGUAGE_CODE
    words = merchant.card.words.get(language) or merchant.card.words[merchant.locale.languages[0]]
    if request.method != "POST":
        return _entrance(request, CardForm(card=merchant.card, words=words))
    form = CardForm(request.POST, card=merchant.card, words=words)
    if not form.is_valid():
        return _entrance(request, form, status=422)
    try:
        credential_id = services.open_card(
            merchant=merchant,
            card_number=form.cleaned_data["card_number"],
            registration_code=form.cleaned_data["registration_code"],
        )
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language=language)
        return render(request, "accounts/invalid_status.html", {"refusal": refusal})
    except Refused as error:
        refusal = refusals.refusal_at_entrance(error, merchant=merchant, language=language)
        form.add_error(None, refusal.text)
        return _entrance(request, form, refusal=refusal, status=422)
    except PaytronixError as error:
        return _entrance(request, form, alert=refusals.unavailable(error), status=503)
    sign_in(request, credential_id)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


@require_safe
@guest_required
def balance(request: GuestRequest) -> HttpResponse:
    """What is on the card: the last reading, or a new one when that is older than the merchant's limit."""
    account = request.guest.account
    if account and services.is_fresh(account, merchant=request.merchant):
        return _balance(request, account)
    return _read_anew(request)


@require_POST
@guest_required
def balance_refresh(request: GuestRequest) -> HttpResponse:
    """Read the balances anew and show them."""
    return _read_anew(request, after_refresh=True)


@require_POST
@never_cache
def leave(request: PortalRequest) -> HttpResponse:
    """Sign out: the credential is deleted and the browser is told to forget this site."""
    sign_out(request)
    response = HttpResponseRedirect(f"{reverse('entrance')}?left=1")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _entrance(
    request: PortalRequest,
    form: CardForm,
    *,
    refusal: refusals.Refusal | None = None,
    alert: refusals.Alert | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "refusal": refusal,
        "alert": alert,
        "next": sent.get("next", ""),
        "ended": "ended" in request.GET,
        "left": "left" in request.GET,
    }
    return render(request, "accounts/entrance.html", context, status=status)


def _read_anew(request: GuestRequest, *, after_refresh: bool = False) -> HttpResponse:
    merchant, language = request.merchant, request.LANGUAGE_CODE
    try:
        account = services.read_account_anew(merchant=merchant, guest=request.guest)
    except CredentialsRefused:
        sign_out(request)
        return to_entrance(request)
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language=language)
        return _whole_page(request, "accounts/invalid_status.html", {"refusal": refusal})
    except Refused as error:
        refusal = refusals.refusal_after_sign_in(error, merchant=merchant, language=language)
        return _whole_page(request, "accounts/failure.html", {"refusal": refusal})
    except PaytronixError as error:
        if request.guest.account is None:
            alert = refusals.unavailable(error)
            return _whole_page(request, "accounts/unavailable.html", {"alert": alert}, status=503)
        # The older reading is still true of its time, and the page says so.
        return _balance(request, request.guest.account, stale=True)
    if not after_refresh:
        return _balance(request, account)
    messages.success(request, _("Your balances were read again just now."))
    return _balance(request, account) if wants_fragment(request) else HttpResponseRedirect(reverse("balance"))


def _balance(request: GuestRequest, account: Account, *, stale: bool = False) -> HttpResponse:
    context = {
        "guest": request.guest,
        "account": account,
        "verdict": judge(account=account, merchant=request.merchant, language=request.LANGUAGE_CODE),
        "stale": stale,
    }
    return render_page_or_fragment(
        request, page="accounts/balance.html", fragment="accounts/_account.html", context=context
    )


def _whole_page(
    request: GuestRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page that replaces everything, also when htmx asked for a part of another one."""
    is_fragment = wants_fragment(request)
    response = render(
        request, template, {"guest": request.guest, **context}, status=200 if is_fragment else status
    )
    if is_fragment:
        response = retarget(reselect(reswap(response, "outerHTML"), "#main"), "#main")
    patch_vary_headers(response, VARY_ON)
    return response
