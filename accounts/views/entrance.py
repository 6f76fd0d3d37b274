"""The entrance: a card number and a registration code in, the balance page out."""

import time

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import attempts, refusals
from accounts.forms import CardForm
from accounts.gate import current_guest, safe_next, sign_in
from accounts.views.failures import FAILURES, challenge_for, failure_page, signed_out_alert, visitor_of
from guestportal.merchants.definition import SignIn
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.errors import Refused
from guestportal.throttling.tries import Purpose
from guestportal.web.errors import error_page
from guestportal.web.http import PortalRequest
from guestportal.web.pace import wait_for_pace
from guestportal.web.reopening import form_page


@form_page
@never_cache
@sensitive_post_parameters("card_number", "registration_code")
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: PortalRequest) -> HttpResponse:
    """The card form, or where it leads. A merchant without card sign-in has the user-name form here."""
    merchant = request.merchant
    if SignIn.CARD not in merchant.sign_in:
        return redirect("sign_in")
    words = merchant.card_words(request.LANGUAGE_CODE)
    # A form that the merchant has paused takes nothing either: it is paused because cards are being guessed.
    if request.method != "POST" or not merchant.features.card_form:
        return _page(request, CardForm(card=merchant.card, words=words), alert=signed_out_alert(request))
    form = CardForm(request.POST, card=merchant.card, words=words)
    if not form.is_valid():
        return _page(request, form, status=422)
    started = time.monotonic()
    try:
        credential_id = attempts.open_card(
            merchant=merchant,
            visitor=visitor_of(request),
            card_number=form.cleaned_data["card_number"],
            registration_code=form.cleaned_data["registration_code"],
        )
    except FAILURES as error:
        page = failure_page(request, error, form=form, page=_page, worded=refusals.refusal_at_entrance)
        if isinstance(error, Refused) and not wait_for_pace(started):
            return error_page(request, status=503, context={"reference": new_reference()})
        return page
    sign_in(request, credential_id)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _page(
    request: PortalRequest,
    form: forms.Form,
    *,
    refusal: refusals.Refusal | None = None,
    alert: refusals.Alert | None = None,
    asks_proof: bool = False,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "known": current_guest(request) if request.method != "POST" else None,
        "form": form,
        "refusal": refusal,
        "alert": alert,
        "proof": challenge_for(request, Purpose.CARD, asked=asks_proof),
        "asks_proof": asks_proof,
        "next": sent.get("next", ""),
        "ended": request.GET.get("ended", ""),
        "left": "left" in request.GET,
    }
    return render(request, "accounts/entrance.html", context, status=status)
