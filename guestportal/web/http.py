"""The request as our middleware leaves it: with a merchant and htmx's details."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from guestportal.merchants.definition import Merchant


class PortalRequest(HttpRequest):
    """What every view receives."""

    merchant: Merchant
    htmx: HtmxDetails
    LANGUAGE_CODE: str
