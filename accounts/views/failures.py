"""From what went wrong to a page: one translation for the entrance, the user-name form and the card choice."""

from typing import Protocol, TypeAlias

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from accounts import refusals
from accounts.gate import take_refusal
from accounts.refusals import Alert, Refusal, Typed
from accounts.services import Visitor
from guestportal.paytronix.errors import CredentialsRefused, InvalidStatus, PaytronixError, Refused
from guestportal.throttling import attack, proofs
from guestportal.throttling.errors import CountersUnreachable, ProofNeeded, Throttled
from guestportal.throttling.proofs import Challenge, Given
from guestportal.throttling.tries import Purpose
from guestportal.web.client_address import client_address
from guestportal.web.error_pages import too_many_tries
from guestportal.web.http import PortalRequest

Failure: TypeAlias = PaytronixError | ProofNeeded | Throttled | CountersUnreachable
FAILURES = (PaytronixError, ProofNeeded, Throttled, CountersUnreachable)


class FormPage(Protocol):
    """The page of a form, as it was sent."""

    def __call__(
        self,
        request: PortalRequest,
        form: forms.Form,
        *,
        refusal: Refusal | None = None,
        alert: Alert | None = None,
        asks_proof: bool = False,
        status: int = 200,
    ) -> HttpResponse: ...


def failure_page(
    request: PortalRequest,
    error: Failure,
    *,
    form: forms.Form,
    page: FormPage,
    default: str = "",
    show_vendor_text: bool = False,
    wrong_password: str = "",
) -> HttpResponse:
    """The page for a failed try. `default` and `show_vendor_text` are for `refusals.refusal`.

    `wrong_password` is said at the password, where the form has one beside what was chosen.
    """
    merchant, language = request.merchant, request.LANGUAGE_CODE
    match error:
        case InvalidStatus():
            context = {
                "guest": getattr(request, "guest", None),
                "refusal": refusals.invalid_status(error, merchant=merchant, language=language),
            }
            return render(request, "accounts/invalid_status.html", context)
        case Refused():
            refusal = refusals.refusal(
                error,
                merchant=merchant,
                language=language,
                default=default,
                show_vendor_text=show_vendor_text,
            )
            if wrong_password and isinstance(error, CredentialsRefused):
                form.add_error("password", wrong_password)
            else:
                form.add_error(None, refusal.text)
            return page(request, form, refusal=refusal, status=422)
        case ProofNeeded():
            alert = refusals.proof_asked(typed=typed_in(form))
            return page(request, form, alert=alert, asks_proof=True, status=422)
        case Throttled():
            return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
        case CountersUnreachable():
            return page(request, form, alert=refusals.paused(typed=typed_in(form)), status=503)
        case PaytronixError():
            return page(request, form, alert=refusals.unavailable(error, typed=typed_in(form)), status=503)


def typed_in(form: forms.Form) -> Typed:
    """What the form's page keeps when it is shown again: everything but a password."""
    return Typed.ALL_BUT_PASSWORD if "password" in form.fields else Typed.ALL


def signed_out_alert(request: PortalRequest) -> Alert | None:
    """The alert of a page where guests come in, when Paytronix has ended the sign-in that led there."""
    refusal = take_refusal(request)
    return refusals.signed_out(refusal) if refusal else None


def visitor_of(request: PortalRequest) -> Visitor:
    """Who sent this form, and the proof in it."""
    given = Given(work=request.POST.get("proof", ""), pause=request.POST.get("pause", ""))
    return Visitor(client_address(request), given)


def challenge_for(request: PortalRequest, purpose: Purpose, *, asked: bool) -> Challenge | None:
    """What the form's page asks: a proof when one is missing, and beforehand while the site is under attack."""
    try:
        if not asked and not attack.is_on(request.merchant):
            return None
    except CountersUnreachable:  # the page itself needs no counters; what is sent from it will say so
        return None
    return proofs.challenge(merchant=request.merchant, purpose=purpose, given=visitor_of(request).given)
