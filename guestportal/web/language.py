"""Which language a page speaks: the guest's choice, then the browser's wish, among those the merchant offers."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guestportal.web.http import PortalRequest
from guestportal.web.locales import in_territory

# Characters; as Django's own for addresses. Reading a host's name takes the square of its length.
LONGEST_ADDRESS: Final = 2048


class LanguageMiddleware:
    """Activates the language for the request and says which one it was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponseBase:
        merchant = getattr(request, "merchant", None)
        offered = merchant.locale.languages if merchant else (settings.LANGUAGE_CODE,)
        chosen = choose_language(
            offered=offered,
            cookie=request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            accept=request.headers.get("Accept-Language", ""),
        )
        with translation.override(chosen), in_territory(merchant.locale.territory if merchant else None):
            request.LANGUAGE_CODE = chosen
            response = self.get_response(request)
        if "immutable" not in response.headers.get("Cache-Control", ""):  # such files speak no language
            response.headers.setdefault("Content-Language", chosen)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def choose_language(*, offered: tuple[str, ...], cookie: str, accept: str) -> str:
    """The cookie's language if offered, else the best of Accept-Language, else the merchant's first."""
    if cookie in offered:
        return cookie
    for wish, quality in parse_accept_lang_header(accept):
        if not quality:  # "es;q=0" means anything but Spanish
            continue
        for language in (wish, wish.partition("-")[0]):
            if language in offered:
                return language
    return offered[0]


@csrf_exempt  # a forged choice of language harms nobody, and the public pages need no cookie this way
@require_POST
def choose(request: PortalRequest) -> HttpResponse:
    """Keep the guest's choice of language in a cookie and go back to where it was made."""
    response = HttpResponseRedirect(_path_of(request.POST.get("next", "/")))
    language = request.POST.get("language", "")
    if language in request.merchant.locale.languages:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


def _path_of(address: str) -> str:
    """Path and query of an address; "/" when that would not be a path of this site."""
    if len(address) > LONGEST_ADDRESS:
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:  # such as "//["
        return "/"
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe and target.startswith("/") else "/"
