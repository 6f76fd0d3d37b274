"""The portal's own application; static files are left uncollected, for nobody in a siege asks for them."""

from django.conf import settings

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

from guestportal.wsgi import application  # noqa: E402 - the setting comes first

__all__ = ["application"]
