"""Django's handle on the counters; the limits are read at start, so that a mistake in them stops it."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from guestportal.storage.rehashing import Rehashed
from guestportal.throttling.limits import limits_from


class ThrottlingConfig(AppConfig):
    name = "guestportal.throttling"
    label = "throttling"

    def ready(self) -> None:
        try:
            limits_from(tuple(sorted(settings.LIMITS.items())))
        except ValueError as error:
            raise ImproperlyConfigured(f"LIMITS: {error}") from None

    def rehash(self) -> tuple[Rehashed, ...]:
        """A counter does not hold what it counts, so all of them begin anew; the old ones are swept when they end."""
        from guestportal.throttling.models import Counter, Doubt

        return (
            Rehashed("throttling.Counter", 0, begin_anew=Counter.objects.count()),
            Rehashed("throttling.Doubt", 0, begin_anew=Doubt.objects.count()),
        )
