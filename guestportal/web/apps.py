"""Django's handle on the web glue."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guestportal.web"
    label = "web"
