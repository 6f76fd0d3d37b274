"""Pages of the merchant's words: help, privacy, accessibility, and security.txt."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guestportal.web.http import PortalRequest


@require_safe
def words(request: PortalRequest, page: str) -> HttpResponse:
    """One of the merchant's pages; without the merchant's own words the template's default stands."""
    paragraphs = request.merchant.paragraphs(page, request.LANGUAGE_CODE)
    return render(request, f"pages/{page}.html", {"paragraphs": paragraphs})


@require_safe
def security_txt(request: PortalRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a weakness. 404 when the merchant names no contact."""
    contact = request.merchant.security_contact
    if not contact:
        raise Http404
    expires = (timezone.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(request.merchant.locale.languages)}",
        f"Canonical: {request.build_absolute_uri(reverse('security_txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
