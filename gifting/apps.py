"""Django's handle on the gifting app."""

from django.apps import AppConfig

from guestportal.storage.rehashing import Rehashed


class GiftingConfig(AppConfig):
    name = "gifting"

    def rehash(self) -> tuple[Rehashed, ...]:
        """Hash both ledgers anew, in a transaction in which a new key is in force."""
        from gifting.ledger import answers, wishes

        return answers.rehash(), wishes.rehash()
