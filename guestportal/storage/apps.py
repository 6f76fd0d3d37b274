"""Django's handle on what rests in the database."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "guestportal.storage"
    label = "storage"
