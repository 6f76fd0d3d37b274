"""The merchant's own pictures, served under addresses that change with their bytes."""

from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from guestportal.web.headers import cacheable_for_ever
from guestportal.web.http import PortalRequest

# A drawing (SVG) brings styles and pictures of its own. Opened by itself it would be a page of this site, and the
# site's policy would let it load the site's scripts: under this one it runs nothing.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
)


@require_safe
def serve(request: PortalRequest, digest: str, name: str) -> HttpResponse:
    """The logo or the card's picture of this host's merchant; nothing else is reachable here."""
    for asset in (request.merchant.theme.logo, request.merchant.card.picture):
        if asset and (asset.digest, asset.name) == (digest, name):
            response = HttpResponse(asset.content, content_type=asset.content_type)
            response.headers["Content-Security-Policy"] = _POLICY  # django-csp leaves one that is there
            return cacheable_for_ever(response)
    raise Http404
