"""Password or code once more, before what cannot be called back."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import refusals, services
from accounts.errors import SignInEnded, TriesUsedUp
from accounts.forms import CodeForm, PasswordForm
from accounts.gate import (
    GuestRequest,
    Reason,
    WayIn,
    end_sign_in,
    guest_required,
    is_confirmed,
    safe_next,
    to_sign_in,
)
from accounts.identities import CardIdentity
from accounts.views.failures import FAILURES, Failure, typed_in
from guestportal.paytronix.errors import PaytronixError, Refused
from guestportal.throttling.errors import Throttled
from guestportal.web.client_address import client_address
from guestportal.web.error_pages import too_many_tries
from guestportal.web.reopening import form_page


@form_page
@sensitive_post_parameters("password", "registration_code")
@require_http_methods(["GET", "HEAD", "POST"])
@guest_required
def confirm(request: GuestRequest) -> HttpResponse:
    """The form, or where it leads. After five wrong ones the guest is signed out."""
    merchant, guest = request.merchant, request.guest
    if request.method != "POST":
        if is_confirmed(guest, merchant=merchant, now=timezone.now()):
            return HttpResponseRedirect(safe_next(request, request.GET.get("next", "")))
        return _page(request, _form(request))
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    (name,) = form.fields
    try:
        services.confirm(
            merchant=merchant,
            guest=guest,
            address=client_address(request),
            secret=form.cleaned_data[name],
        )
    except SignInEnded as ended:
        end_sign_in(request)
        reason: Reason = "tries" if isinstance(ended, TriesUsedUp) else "1"
        return to_sign_in(
            request, WayIn(guest.kind, safe_next(request, request.POST.get("next", "")), reason)
        )
    except FAILURES as error:
        return _failure(request, form, error)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))


def _failure(request: GuestRequest, form: CodeForm | PasswordForm, error: Failure) -> HttpResponse:
    """The form again with what went wrong, or when to try again."""
    if isinstance(error, Throttled):
        return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
    if isinstance(error, Refused):
        merchant, language = request.merchant, request.LANGUAGE_CODE
        by_code = isinstance(form, CodeForm)
        wrong = _("We could not confirm this code.") if by_code else _("We could not confirm this password.")
        refusal = refusals.refusal(error, merchant=merchant, language=language, default=wrong)
        form.add_error(next(iter(form.fields)), wrong)
        return _page(request, form, refusal=refusal, status=422)
    typed = typed_in(form)
    if isinstance(error, PaytronixError):
        alert = refusals.unavailable(error, typed=typed)
    else:
        alert = refusals.paused(typed=typed)
    return _page(request, form, alert=alert, status=503)


def _form(request: GuestRequest) -> CodeForm | PasswordForm:
    """What this kind of sign-in has to show: the card's code, or the password."""
    sent = request.POST if request.method == "POST" else None
    if isinstance(request.guest.identity, CardIdentity):
        return CodeForm(sent, code_label=request.merchant.card_words(request.LANGUAGE_CODE).code_label)
    return PasswordForm(sent)


def _page(
    request: GuestRequest,
    form: CodeForm | PasswordForm,
    *,
    refusal: refusals.Refusal | None = None,
    alert: refusals.Alert | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "guest": request.guest,
        "form": form,
        "field": form[next(iter(form.fields))],
        "by_code": isinstance(form, CodeForm),
        "refusal": refusal,
        "alert": alert,
        "minutes": request.merchant.limits.confirm_after_seconds // 60,
        "next": sent.get("next", ""),
    }
    return render(request, "accounts/confirm.html", context, status=status)
