"""The entrance: a card number and a registration code in, the balance page out."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import refusals, services
from accounts.forms import CardForm
from accounts.gate import safe_next, sign_in
from guestportal.merchants.definition import SignIn
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused
from guestportal.web.http import PortalRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: PortalRequest) -> HttpResponse:
    """The card form, or where it leads. A merchant without card sign-in has the user-name form here."""
    merchant, language = request.merchant, request.LANGUAGE_CODE
    if SignIn.CARD not in merchant.sign_in:
        return redirect("sign_in")
    words = merchant.card.words.get(language) or merchant.card.words[merchant.locale.languages[0]]
    # A form that the merchant has paused takes nothing either: it is paused because cards are being guessed.
    if request.method != "POST" or not merchant.features.card_form:
        return _page(request, CardForm(card=merchant.card, words=words))
    form = CardForm(request.POST, card=merchant.card, words=words)
    if not form.is_valid():
        return _page(request, form, status=422)
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
        return _page(request, form, refusal=refusal, status=422)
    except PaytronixError as error:
        return _page(request, form, alert=refusals.unavailable(error, entered=True), status=503)
    sign_in(request, credential_id)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _page(
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
        "offers_username": len(request.merchant.sign_in) > 1,
    }
    return render(request, "accounts/entrance.html", context, status=status)
