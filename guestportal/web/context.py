"""What every template may use: the merchant and the addresses of its assets."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from guestportal.merchants.definition import Asset
from guestportal.web.reopening import reopened_at
from guestportal.web.stylesheet import stylesheet_for


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language that the merchant offers, by its own name, and whether the page speaks it."""

    code: str
    name: str
    current: bool


def portal(request: HttpRequest) -> dict[str, object]:
    """What every template gets (docs/architecture.md, section 2); empty when the host belongs to no merchant."""
    merchant = getattr(request, "merchant", None)
    if merchant is None:
        return {}
    current = get_language() or settings.LANGUAGE_CODE
    names = dict(settings.LANGUAGES)
    return {
        "merchant": merchant,
        "card_words": merchant.card_words(current),
        "support_hours": merchant.support.hours.get(current, ""),
        "logo_url": _asset_url(merchant.theme.logo),
        "card_picture_url": _asset_url(merchant.card.picture),
        "stylesheet_url": reverse("stylesheet", args=[stylesheet_for(merchant).digest]),
        "reopened_at": reopened_at(request),
        "languages": [
            LanguageChoice(code, names.get(code, code), code == current) for code in merchant.locale.languages
        ],
    }


def _asset_url(asset: Asset | None) -> str:
    return reverse("merchant_asset", args=[asset.digest, asset.name]) if asset else ""
