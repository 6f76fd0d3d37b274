"""One stylesheet per merchant: the shared tokens, base and components, then the merchant's palette.

One file saves requests on a poor phone, and an external one keeps the policy free of inline styles.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from guestportal.merchants.definition import Merchant, Palette
from guestportal.web.headers import cacheable_for_ever
from guestportal.web.http import PortalRequest


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS text, and a digest that changes with it."""

    text: str
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
        response.content = gzip.compress(response.content, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ("Accept-Encoding",))
    return cacheable_for_ever(response)


def stylesheet_for(merchant: Merchant) -> Stylesheet:
    """The stylesheet in this merchant's colours; in development files are read anew each time."""
    return compose(_shared_css.__wrapped__() if settings.DEBUG else _shared_css(), merchant)


def compose(shared: str, merchant: Merchant) -> Stylesheet:
    """`shared` followed by the palette as custom properties."""
    light, dark = _properties(merchant.theme.light), _properties(merchant.theme.dark)
    text = f"{shared}\n:root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return Stylesheet(text, hashlib.sha256(text.encode()).hexdigest()[:16])


@lru_cache(maxsize=1)
def _shared_css() -> str:
    folder = Path(settings.STATICFILES_DIRS[0]) / "css"
    files = [folder / "tokens.css", folder / "base.css", *sorted((folder / "components").glob("*.css"))]
    return _without_blanks("\n".join(file.read_text(encoding="utf-8") for file in files))


def _without_blanks(css: str) -> str:
    """CSS without comments, blanks and zeros that mean nothing; none of our strings holds any."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace(";}", "}")
    return re.sub(r"\b0(?=\.\d)", "", css)


def _properties(palette: Palette) -> str:
    return f"--accent:{palette.accent};--on-accent:{palette.on_accent};--accent-text:{palette.accent_text}"
