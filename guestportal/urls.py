"""Every address of the portal; the public contract is docs/architecture.md, section 4."""

from django.urls import include, path

from guestportal.web import assets, health, language, pages, stylesheet

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("gifting.urls")),
    path("help/", pages.words, {"page": "help"}, name="help"),
    path("privacy/", pages.words, {"page": "privacy"}, name="privacy"),
    path("accessibility/", pages.words, {"page": "accessibility"}, name="accessibility"),
    path("language/", language.choose, name="language"),
    path("assets/<slug:digest>/site.css", stylesheet.serve, name="stylesheet"),
    path("assets/<slug:digest>/<str:name>", assets.serve, name="merchant_asset"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "guestportal.web.error_pages.bad_request"
handler403 = "guestportal.web.error_pages.forbidden"
handler404 = "guestportal.web.error_pages.not_found"
handler500 = "guestportal.web.error_pages.server_error"
