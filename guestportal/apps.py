"""Django's handle on the project itself; it registers the checks."""

from django.apps import AppConfig


class GuestPortalConfig(AppConfig):
    name = "guestportal"

    def ready(self) -> None:
        from guestportal import checks  # noqa: F401 - importing it registers them
