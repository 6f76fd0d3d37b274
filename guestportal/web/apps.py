"""Django's handle on the web glue; the error hook is looked up at start, so that a mistake in its name stops it."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class WebConfig(AppConfig):
    name = "guestportal.web"
    label = "web"

    def ready(self) -> None:
        if settings.ERROR_HOOK:
            try:
                import_string(settings.ERROR_HOOK)
            except ImportError as error:
                raise ImproperlyConfigured(f"ERROR_HOOK: {error}") from None
