"""Replies of the Guest service: an account with its cards and wallets, and a guest's card numbers.

Sources: docs/paytronix-api.md, sections 5, 6 and 8.
"""

import re

from guestportal.paytronix.replies.envelope import Reply
from guestportal.paytronix.replies.integration import IntegrationNamesReply
from guestportal.paytronix.replies.structs import ABSENT, NO_LIST, Items, Lenient, Text, Wire

_BLANKS = re.compile(r"[\s.-]+")
_SHOWN = re.compile(r"[^\W_]+")  # what a masked number shows


class StoreReply(Wire, frozen=True):
    """{code, label} [page]."""

    code: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT


class CardReply(Wire, frozen=True):
    """{printedCardNumber, maskedCardNumber, status} [page]."""

    printed_card_number: Lenient[Text] = ABSENT
    masked_card_number: Lenient[Text] = ABSENT
    status: Lenient[Text] = ABSENT

    def without_number(self) -> "CardReply":
        """The card by the last six digits alone, which is what Paytronix shows of a number [page]."""
        shown = [
            _SHOWN.findall(_BLANKS.sub("", sent.value or ""))
            for sent in (self.masked_card_number, self.printed_card_number)
        ]
        end = next((runs[-1][-6:] for runs in shown if runs), "")
        return CardReply(masked_card_number=Lenient(Text(end)), status=self.status)


class ExpirationReply(Wire, frozen=True):
    """{amount, expirationDate} [client]."""

    amount: Lenient[Text] = ABSENT
    expiration_date: Lenient[Text] = ABSENT


class WalletReply(Wire, frozen=True):
    """A wallet balance [page]; description and expirations are optional [client]."""

    wallet_code: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT
    description: Lenient[Text] = ABSENT
    balance: Lenient[Text] = ABSENT
    giftable: Lenient[bool | str | int] = ABSENT
    expirations: Items[ExpirationReply] = NO_LIST


class PerkReply(Wire, frozen=True):
    """Perks are documented as a list without a shape [page]; what can be shown is a name, else a code."""

    code: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT
    perk_label: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT


class ExternalAccountReply(Wire, frozen=True):
    """Listed without a documented shape [page]; the integration's name is what a guest knows it by."""

    integration: Lenient[IntegrationNamesReply] = ABSENT
    integration_name: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT
    identifier: Lenient[Text] = ABSENT  # an e-mail address or the like


class FieldsReply(Wire, frozen=True):
    """The account's free fields [page]."""

    enroll_date: Lenient[Text] = ABSENT
    favorite_store: Lenient[StoreReply] = ABSENT
    perks: Items[PerkReply | str] = NO_LIST
    external_accounts: Items[ExternalAccountReply | str] = NO_LIST


class AccountInformation(Reply, frozen=True):
    """GET guest/accountInformation.json, `result: success`."""

    account_status: Lenient[Text] = ABSENT
    query_card_status: Lenient[Text] = ABSENT
    username: Lenient[Text] = ABSENT
    is_registered: Lenient[bool | str | int] = ABSENT
    registration_status: Lenient[Text] = ABSENT
    card_template_code: Lenient[Text] = ABSENT
    card_template_label: Lenient[Text] = ABSENT
    tier_code: Lenient[Text] = ABSENT
    tier_label: Lenient[Text] = ABSENT
    enrollment_store: Lenient[StoreReply] = ABSENT
    fields: Lenient[FieldsReply] = ABSENT
    primary_card: Lenient[CardReply] = ABSENT
    additional_cards: Items[CardReply] = NO_LIST
    point_balances: Items[WalletReply] = NO_LIST
    reward_balances: Items[WalletReply] = NO_LIST
    stored_value_balance: Lenient[WalletReply] = ABSENT

    def states_alone(self, *, asked: str) -> "AccountInformation":
        """The states, and the primary card by its last six digits unless it is the card that was asked about."""
        card = self.primary_card.value and self.primary_card.value.without_number()
        is_another = card and not asked.endswith(card.masked_card_number.value or "")
        return AccountInformation(
            account_status=self.account_status,
            query_card_status=self.query_card_status,
            primary_card=Lenient(card) if is_another else ABSENT,
        )


class UserInformation(Reply, frozen=True):
    """GET guest/userInformation.json, `result: success` (docs/paytronix-api.md, section 6): no more than is used."""

    primary_card_numbers: Items[Text] = NO_LIST

    @property
    def lacks(self) -> str:
        """An absent list says that there is no card; one that cannot be read says nothing."""
        numbers = self.primary_card_numbers
        is_told = numbers.is_absent or numbers.is_whole or numbers.values
        return "" if is_told else "primaryCardNumbers"
