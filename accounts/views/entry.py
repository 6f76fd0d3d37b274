"""What both ways in share: the page of their form, and what becomes of a try."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.gate import current_guest, safe_next, sign_in
from accounts.refusals import Alert, Refusal
from accounts.views.failures import FAILURES, challenge_for, failure_page
from guestportal.paytronix.calls import new_reference
from guestportal.paytronix.errors import Refused
from guestportal.throttling.tries import Purpose
from guestportal.web.error_pages import error_page
from guestportal.web.http import PortalRequest
from guestportal.web.pace import wait_for_pace


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The page of one way in: its template, and what a proof on it is for."""

    template: str
    purpose: Purpose

    def __call__(
        self,
        request: PortalRequest,
        form: forms.Form,
        *,
        refusal: Refusal | None = None,
        alert: Alert | None = None,
        asks_proof: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The page with this form, as `accounts.views.failures.FormPage` asks for."""
        sent = request.POST if request.method == "POST" else request.GET
        context = {
            "known": current_guest(request) if request.method != "POST" else None,
            "form": form,
            "refusal": refusal,
            "alert": alert,
            "proof": challenge_for(request, self.purpose, asked=asks_proof),
            "asks_proof": asks_proof,
            "next": sent.get("next", ""),
            "ended": request.GET.get("ended", ""),
            "left": "left" in request.GET,
        }
        return render(request, self.template, context, status=status)


def come_in(
    request: PortalRequest, form: forms.Form, *, attempt: Callable[[], UUID], page: EntryPage, refused: str
) -> HttpResponse:
    """Sign in with the credential that `attempt` returns, and lead on to where the guest was going.

    When it fails, the form's page says why; `refused` is what it says of every refusal that the merchant has no words
    for. Refusals are answered at a pace that does not tell one from the other, or withheld when too many wait for it.
    """
    started = time.monotonic()
    try:
        credential_id = attempt()
    except FAILURES as error:
        response = failure_page(request, error, form=form, page=page, default=refused)
        if isinstance(error, Refused) and not wait_for_pace(started):
            return error_page(request, status=503, context={"reference": new_reference()})
        return response
    sign_in(request, credential_id)
    return HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
