"""One stylesheet per merchant: the shared tokens, base and components, then the merchant's palette.

One file saves requests on a poor phone, and an external one keeps the policy free of inline styles.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from rcssmin import cssmin

from guestportal.merchants.definition import Merchant, Palette
from guestportal.web.headers import cacheable_for_ever
from guestportal.web.http import PortalRequest


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS text, as it is and compressed, and a digest that changes with it."""

    text: str
    compressed: bytes = field(repr=False)
    digest: str


@require_safe
def serve(request: PortalRequest, digest: str) -> HttpResponse:
    """The merchant's stylesheet under the address that names its content."""
    stylesheet = stylesheet_for(request.merchant)
    if digest != stylesheet.digest:
        raise Http404
    response = HttpResponse(stylesheet.text, content_type="text/css; charset=utf-8")
    # Nothing here is secret, so it can do without the random length that GZipMiddleware gives (BREACH).
    if re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", "")):
        response.content = stylesheet.compressed
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ("Accept-Encoding",))
    return cacheable_for_ever(response)


def stylesheet_for(merchant: Merchant) -> Stylesheet:
    """The stylesheet in this merchant's colours, made once; in development files are read anew each time."""
    make = _compose.__wrapped__ if settings.DEBUG else _compose
    return make(merchant.theme.light, merchant.theme.dark)


def shared_css() -> str:
    """What all merchants share, as it is written."""
    folder = Path(settings.STATICFILES_DIRS[0]) / "css"
    files = [folder / "tokens.css", folder / "base.css", *sorted((folder / "components").glob("*.css"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def _compose(light: Palette, dark: Palette) -> Stylesheet:
    palettes = (
        f":root{{{_properties(light)}}}@media (prefers-color-scheme:dark){{:root{{{_properties(dark)}}}}}"
    )
    text = cssmin(shared_css()) + palettes
    encoded = text.encode()
    return Stylesheet(text, gzip.compress(encoded, mtime=0), hashlib.sha256(encoded).hexdigest()[:16])


def _properties(palette: Palette) -> str:
    return f"--accent:{palette.accent};--on-accent:{palette.on_accent};--accent-text:{palette.accent_text}"
