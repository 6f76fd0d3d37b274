"""Django's handle on the accounts app."""

from django.apps import AppConfig

from guestportal.storage.rehashing import Rehashed


class AccountsConfig(AppConfig):
    name = "accounts"

    def rehash(self) -> tuple[Rehashed, ...]:
        """Hash the cards of all sign-ins anew, in a transaction in which a new key is in force."""
        from accounts import credentials

        return (credentials.rehash(),)
