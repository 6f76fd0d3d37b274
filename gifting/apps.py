"""Django's handle on the gifting app."""

from django.apps import AppConfig


class GiftingConfig(AppConfig):
    name = "gifting"
