"""Django's handle on the counters; the limits are read at start, so that a mistake in them stops it."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from guestportal.throttling.limits import limits_from


class ThrottlingConfig(AppConfig):
    name = "guestportal.throttling"
    label = "throttling"

    def ready(self) -> None:
        try:
            limits_from(tuple(sorted(settings.LIMITS.items())))
        except ValueError as error:
            raise ImproperlyConfigured(f"LIMITS: {error}") from None
