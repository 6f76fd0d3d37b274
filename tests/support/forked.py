"""What processes of the portal have in common: Django, started once before they are forked."""

import django

django.setup()
