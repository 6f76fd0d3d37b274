"""Signing in with a user name and password, and choosing one of several cards."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import refusals, services
from accounts.forms import CardChoiceForm, SignInForm
from accounts.gate import GuestRequest, end_sign_in, guest_required, safe_next, sign_in, to_sign_in
from accounts.identities import CardIdentity, PasswordIdentity
from accounts.reading import ending_of
from accounts.services import AccountWithoutCard
from accounts.tokens import SignInEnded
from guestportal.merchants.definition import SignIn
from guestportal.paytronix.errors import CredentialsRefused, InvalidStatus, PaytronixError, Refused
from guestportal.web.http import PortalRequest


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: PortalRequest) -> HttpResponse:
    """The user-name form, or where it leads. Wrong name and wrong password read the same."""
    merchant, language = request.merchant, request.LANGUAGE_CODE
    if not {SignIn.OAUTH, SignIn.GUEST} & set(merchant.sign_in):
        raise Http404
    if request.method != "POST":
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    try:
        credential_id = services.sign_in_with_password(
            merchant=merchant,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        )
    except AccountWithoutCard:
        return render(request, "accounts/no_card.html")
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language=language)
        return render(request, "accounts/invalid_status.html", {"refusal": refusal})
    except Refused as error:
        refusal = refusals.refusal_at_sign_in(error, merchant=merchant, language=language)
        form.add_error(None, refusal.text)
        return _sign_in_page(request, form, refusal=refusal, status=422)
    except PaytronixError as error:
        return _sign_in_page(request, form, alert=refusals.unavailable(error, entered=True), status=503)
    sign_in(request, credential_id)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


@dataclass(frozen=True, slots=True)
class CardOption:
    """One of the guest's cards on the choice page; the number itself stays here."""

    position: int
    ending: str
    chosen: bool


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@guest_required(card_chosen=False)
def card_choice(request: GuestRequest) -> HttpResponse:
    """Which of several cards this sign-in is about; also the way to change it."""
    merchant, language, guest = request.merchant, request.LANGUAGE_CODE, request.guest
    if isinstance(guest.identity, CardIdentity):
        return redirect("balance")
    needs_password = isinstance(guest.identity, PasswordIdentity)
    card_numbers = guest.identity.card_numbers
    if request.method != "POST":
        return _choice_page(request, CardChoiceForm(count=len(card_numbers), needs_password=needs_password))
    form = CardChoiceForm(request.POST, count=len(card_numbers), needs_password=needs_password)
    if not form.is_valid():
        return _choice_page(request, form, status=422)
    try:
        services.choose_card(
            merchant=merchant,
            guest=guest,
            card_number=card_numbers[form.cleaned_data["card"]],
            password=form.cleaned_data["password"],
        )
    except SignInEnded:
        end_sign_in(request)
        return to_sign_in(request, kind=guest.kind)
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language=language)
        return render(request, "accounts/invalid_status.html", {"guest": guest, "refusal": refusal})
    except Refused as error:
        refusal = refusals.refusal_after_sign_in(error, merchant=merchant, language=language)
        if needs_password and isinstance(error, CredentialsRefused):
            form.add_error("password", _("We could not confirm this password."))
        else:
            form.add_error(None, refusal.text)
        return _choice_page(request, form, refusal=refusal, status=422)
    except PaytronixError as error:
        return _choice_page(request, form, alert=refusals.unavailable(error, entered=True), status=503)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _sign_in_page(
    request: PortalRequest,
    form: SignInForm,
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
        "offers_card": SignIn.CARD in request.merchant.sign_in,
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _choice_page(
    request: GuestRequest,
    form: CardChoiceForm,
    *,
    refusal: refusals.Refusal | None = None,
    alert: refusals.Alert | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    guest = request.guest
    numbers = () if isinstance(guest.identity, CardIdentity) else guest.identity.card_numbers
    options = [
        CardOption(position, ending_of(number), number == guest.card_number)
        for position, number in enumerate(numbers)
    ]
    context = {
        "guest": guest,
        "form": form,
        "options": options,
        "needs_password": isinstance(guest.identity, PasswordIdentity),
        "refusal": refusal,
        "alert": alert,
        "next": sent.get("next", ""),
    }
    return render(request, "accounts/card_choice.html", context, status=status)
