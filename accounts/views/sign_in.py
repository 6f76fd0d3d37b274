"""Signing in with a user name and password, and choosing one of several cards."""

from dataclasses import dataclass
from functools import partial
from typing import cast

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import refusals, services
from accounts.errors import AccountWithoutCard, SignInEnded, SignInStopped
from accounts.forms import CardChoiceForm, SignInForm
from accounts.gate import GuestRequest, guest_required, safe_next, to_sign_in_after
from accounts.identities import CardIdentity, PasswordIdentity
from accounts.masking import ending_of
from accounts.services import PasswordAgain
from accounts.views.entry import EntryPage, come_in
from accounts.views.failures import FAILURES, failure_page, signed_out_alert, visitor_of
from guestportal.throttling.tries import Purpose
from guestportal.web.client_address import client_address
from guestportal.web.http import PortalRequest
from guestportal.web.reopening import form_page

page = EntryPage("accounts/sign_in.html", Purpose.PASSWORD)


@form_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def by_password(request: PortalRequest) -> HttpResponse:
    """The user-name form, or where it leads. Wrong name and wrong password read the same."""
    merchant = request.merchant
    if not merchant.offers_user_names:
        raise Http404
    if request.method != "POST":
        return page(request, SignInForm(), alert=signed_out_alert(request))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return page(request, form, status=422)
    try:
        return come_in(
            request,
            form,
            attempt=partial(
                services.sign_in_with_password,
                merchant=merchant,
                visitor=visitor_of(request),
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
            ),
            page=page,
            refused=_("We could not sign you in. Check the user name and the password."),
        )
    except AccountWithoutCard:
        return render(request, "accounts/no_card.html")
    except SignInStopped as error:
        stopped = refusals.stopped(error, merchant=merchant, language=request.LANGUAGE_CODE)
        return render(request, "accounts/stopped.html", {"stopped": stopped})


@dataclass(frozen=True, slots=True)
class CardOption:
    """One of the guest's cards on the choice page; the number itself stays here."""

    position: int
    ending: str
    chosen: bool


@form_page
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@guest_required(card_chosen=False)
def card_choice(request: GuestRequest) -> HttpResponse:
    """Which of several cards this sign-in is about; also the way to change it."""
    merchant, guest = request.merchant, request.guest
    if isinstance(guest.identity, CardIdentity):
        return redirect("balance")
    needs_password = isinstance(guest.identity, PasswordIdentity)
    card_numbers = guest.identity.card_numbers
    if request.method != "POST":
        return _choice_page(request, CardChoiceForm(count=len(card_numbers), needs_password=needs_password))
    form = CardChoiceForm(request.POST, count=len(card_numbers), needs_password=needs_password)
    if not form.is_valid():
        return _choice_page(request, form, status=422)
    password = form.cleaned_data.get("password", "")
    try:
        services.choose_card(
            merchant=merchant,
            guest=guest,
            card_number=card_numbers[form.cleaned_data["card"]],
            again=PasswordAgain(password, client_address(request)) if needs_password else None,
        )
    except SignInEnded as ended:
        return to_sign_in_after(request, ended)
    except FAILURES as error:
        return failure_page(
            request,
            error,
            form=form,
            page=_choice_page,
            show_vendor_text=True,
            wrong_password=_("We could not confirm this password.") if needs_password else "",
        )
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _choice_page(
    request: PortalRequest,
    form: forms.Form,
    *,
    refusal: refusals.Refusal | None = None,
    alert: refusals.Alert | None = None,
    asks_proof: bool = False,  # noqa: ARG001 - a guest who is signed in is never asked for one
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    guest = cast("GuestRequest", request).guest
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
