"""The way out, and staying a little longer."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.gate import GuestRequest, guest_required, sign_out
from guestportal.web.fragments import wants_fragment
from guestportal.web.http import PortalRequest


@require_POST
@never_cache
def leave(request: PortalRequest) -> HttpResponse:
    """Sign out: the credential is deleted and the browser is told to forget this site."""
    sign_out(request)
    response = HttpResponseRedirect(f"{reverse('entrance')}?left=1")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
@guest_required(card_chosen=False)
def extend(request: GuestRequest) -> HttpResponse:
    """Count the guest as active now (WCAG 2.2.1); passing the gate has done it."""
    return HttpResponse(status=204) if wants_fragment(request) else HttpResponseRedirect(reverse("balance"))
