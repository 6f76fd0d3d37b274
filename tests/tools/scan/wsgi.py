"""The portal's own application, with static files collected into the folder of the scan."""

import os

from django.conf import settings

settings.STATIC_ROOT = os.environ["STATIC_FOLDER"]

import django  # noqa: E402 - the setting comes first

django.setup()

from django.core.management import call_command  # noqa: E402 - the apps come first

call_command("collectstatic", verbosity=0, interactive=False)

from guestportal.wsgi import application  # noqa: E402 - WhiteNoise looks at the files when it is made

__all__ = ["application"]
