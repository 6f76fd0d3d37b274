"""Makes `manage.py sandbox` known to Django; the sandbox itself runs without Django."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "guestportal.sandbox"
    label = "sandbox"
    verbose_name = "Paytronix sandbox"
