"""The merchant's own pictures, served under addresses that change with their bytes."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from guestportal.web.headers import cacheable_for_ever
from guestportal.web.http import PortalRequest


@require_safe
def serve(request: PortalRequest, digest: str, name: str) -> HttpResponse:
    """The logo or the card's picture of this host's merchant; nothing else is reachable here."""
    for asset in (request.merchant.theme.logo, request.merchant.card.picture):
        if asset and (asset.digest, asset.name) == (digest, name):
            return cacheable_for_ever(HttpResponse(asset.content, content_type=asset.content_type))
    raise Http404
