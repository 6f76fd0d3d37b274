"""The WSGI entry point that a production server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guestportal.settings")
application = get_wsgi_application()

from guestportal.checks import refuse_missing_lookup_key  # noqa: E402 - models can be imported from here on

refuse_missing_lookup_key()
