"""Loads the merchants when the program starts, and stops it when they cannot be used."""

import os
from typing import ClassVar

from django.apps import AppConfig
from django.conf import settings

from guestportal.merchants.problems import MerchantFilesWrong, Place, Problem
from guestportal.merchants.registry import Registry


class MerchantsConfig(AppConfig):
    """Holds the deployment's merchants as `registry`; tests put another one in its place."""

    name: ClassVar[str] = "guestportal.merchants"  # type: ignore[misc]
    label = "merchants"
    registry: Registry

    def ready(self) -> None:
        from guestportal.merchants.loading import load_merchants

        languages = tuple(code for code, _name in settings.LANGUAGES)
        registry = load_merchants(settings.MERCHANTS_DIR, os.environ, languages=languages)
        if not settings.ALLOW_SANDBOX:
            refuse_sandbox(registry)
        self.registry = registry


def refuse_sandbox(registry: Registry) -> None:
    """Raises MerchantFilesWrong for merchants that talk to the sandbox, whose credentials are public."""
    found: list[Problem] = []
    for merchant in registry:
        if merchant.sandbox:
            Place(merchant.source.name, found, "paytronix.sandbox").wrong(
                "expected false while ALLOW_SANDBOX is off, got true; "
                "to run against the sandbox all the same, set ALLOW_SANDBOX=true"
            )
    if found:
        raise MerchantFilesWrong(found)
