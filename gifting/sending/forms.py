"""The forms of sending, one decision each. They clean what was typed and look nothing up."""

import difflib
import unicodedata
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from accounts.normalisation import normalise
from gifting.gift.message_rules import MessageNotAllowed, read_message
from gifting.ledger.wish import Recipient
from gifting.sending.domain import Offer
from guestportal.paytronix.text import clean_line

LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
LONGEST_NAME = 60
MOST_DIGITS = 19
LARGEST_CODE = 2**63 - 1  # "accountCode (Long)" (docs/paytronix-api.md, section 7)

# Where many people have their mail; what stands here is never taken for a slip of another.
_COMMON_DOMAINS = (
    *("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "comcast.net"),
    *("verizon.net", "sbcglobal.net", "protonmail.com", "mail.com", "email.com", "ymail.com", "hotmail.fr"),
    *("hotmail.es", "outlook.fr", "outlook.es", "yahoo.fr", "yahoo.es", "yahoo.co.uk", "hotmail.co.uk"),
    *("orange.fr", "wanadoo.fr", "laposte.net", "telefonica.net"),
)
_ALIKE = 0.85  # one letter missing, added, wrong or swapped


class WhatForm(forms.Form):
    """One of the rewards that can be sent now, by its wallet code."""

    wallet_code = forms.CharField(required=False)

    def __init__(self, *args: object, offers: Iterable[Offer], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self._codes = {str(offer.wallet_code): offer.wallet_code for offer in offers if offer.sendable}

    def clean_wallet_code(self) -> int:
        try:
            return self._codes[self.cleaned_data["wallet_code"]]
        except KeyError:
            raise forms.ValidationError(_("Choose what you would like to send.")) from None


class WhoForm(forms.Form):
    """A recipient by e-mail address and name."""

    recipient_email = forms.CharField(required=False, strip=False)
    recipient_name = forms.CharField(required=False, strip=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        for field in self.fields.values():
            field.validators = []  # Django's own refuses null characters, which we have words for

    def clean_recipient_email(self) -> str:
        typed: str = self.cleaned_data["recipient_email"]
        address = unicodedata.normalize("NFC", typed.strip())
        if not address:
            raise forms.ValidationError(_("Enter the e-mail address of the person it is for."))
        if len(address) > LONGEST_ADDRESS:
            raise forms.ValidationError(
                _("The e-mail address may have up to %(count)s characters.") % {"count": LONGEST_ADDRESS}
            )
        if not _is_address(address):
            raise forms.ValidationError(
                _("Enter one e-mail address, such as %(example)s.") % {"example": "name@example.com"}
            )
        return address

    def clean_recipient_name(self) -> str:
        name = clean_line(self.cleaned_data["recipient_name"])
        if not name:
            raise forms.ValidationError(_("Enter the name of the person it is for."))
        if len(name) > LONGEST_NAME:
            raise forms.ValidationError(
                _("The name may have up to %(count)s characters.") % {"count": LONGEST_NAME}
            )
        try:
            return read_message(name, longest=LONGEST_NAME)
        except MessageNotAllowed:  # a name is shown to the other side like a message (docs/threats.md, T14)
            raise forms.ValidationError(
                _("A name cannot hold a web or e-mail address; after a period, leave a space.")
            ) from None

    @property
    def recipient(self) -> Recipient:
        """For whom the gift is; only of a valid form."""
        return Recipient(
            address=self.cleaned_data["recipient_email"], name=self.cleaned_data["recipient_name"]
        )


class AccountForm(forms.Form):
    """A recipient by the code of their account."""

    account_code = forms.CharField(required=False, strip=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on unseen
        self.fields["account_code"].validators = []

    def clean_account_code(self) -> int:
        code = normalise(self.cleaned_data["account_code"])
        if not code:
            raise forms.ValidationError(_("Enter the account code of the person it is for."))
        digits_only = code.isascii() and code.isdigit() and len(code) <= MOST_DIGITS
        if not digits_only or not 0 < int(code) <= LARGEST_CODE:
            raise forms.ValidationError(
                _("An account code has digits only, at most %(count)s.") % {"count": MOST_DIGITS}
            )
        return int(code)

    @property
    def recipient(self) -> Recipient:
        """For whom the gift is; only of a valid form."""
        return Recipient(account_code=self.cleaned_data["account_code"])


def meant_address(address: str) -> str:
    """The address that was probably meant, when its domain looks like a slip of a common one; else empty."""
    local, _at, domain = address.rpartition("@")
    domain = domain.casefold()
    if domain in _COMMON_DOMAINS:
        return ""
    alike = difflib.get_close_matches(domain, _COMMON_DOMAINS, n=1, cutoff=_ALIKE)
    return f"{local}@{alike[0]}" if alike else ""


def _is_address(address: str) -> bool:
    """Whether mail could go there: one "@", something before it, a domain with a dot behind, nothing invisible."""
    local, _at, domain = address.partition("@")
    has_odd = any(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}
        for character in address
    )
    return (
        not has_odd
        and bool(local)
        and "@" not in domain
        and domain.count(".") > 0
        and all(domain.split("."))
        and not any(character in '<>(),;:"[]\\' for character in address)
    )
