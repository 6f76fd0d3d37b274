"""Replies of the Gift Transfer service (docs/paytronix-api.md, section 7); its requests are plain parameters.

Every documented field is here under the vendor's name; all but `result` may be absent, because a page must not
break over one of them. Strict is what tells gifts apart: state, direction, target, message, numbers and amounts.
"""

from guestportal.paytronix.replies.envelope import Reply
from guestportal.paytronix.replies.integration import IntegrationNamesReply
from guestportal.paytronix.replies.structs import ABSENT, NO_LIST, Items, Lenient, Text, Wire


class UserReply(Wire, frozen=True):
    """A "limited set of UserFields including: salutation, first name, last name"."""

    salutation: Lenient[Text] = ABSENT
    first_name: Lenient[Text] = ABSENT
    last_name: Lenient[Text] = ABSENT


class ExternalTargetReply(Wire, frozen=True):
    """TransferTargetExternal: `identifier` is an e-mail address or a Facebook id."""

    integration: Lenient[IntegrationNamesReply] = ABSENT
    identifier: Text | None = None
    name: Lenient[Text] = ABSENT


class TransferredBalanceReply(Wire, frozen=True):
    """TransferredBalance. Amounts are decimals."""

    source_wallet_code: Text | None = None
    source_wallet_name: Lenient[Text] = ABSENT
    source_amount: Text | None = None
    destination_wallet_code: Text | None = None
    destination_wallet_name: Lenient[Text] = ABSENT
    destination_wallet_plural_name: Lenient[Text] = ABSENT
    destination_amount: Text | None = None
    expiration_date: Lenient[Text] = ABSENT
    expiration_days: Lenient[Text] = ABSENT
    destination_wallet_name_tiny: Lenient[Text] = ABSENT
    destination_wallet_name_short: Lenient[Text] = ABSENT
    destination_wallet_name_long: Lenient[Text] = ABSENT


class TransferReply(Wire, frozen=True):
    """TransferInfo. `code` is said to come from it although the printed field list lacks it."""

    code: Text | None = None
    inbound: bool | str | int | None = None
    status: Text | None = None
    from_printed_card_number: Text | None = None
    from_user_information: Lenient[UserReply] = ABSENT
    to_printed_card_number: Text | None = None
    to_user_information: Lenient[UserReply] = ABSENT
    external_target: ExternalTargetReply | None = None
    balance: TransferredBalanceReply | None = None
    transfer_out_transaction_id: Text | None = None
    transfer_in_transaction_id: Text | None = None
    void_transfer_out_transaction_id: Text | None = None
    transfer_datetime: Text | None = None
    transfer_message: Text | None = None
    response_datetime: Lenient[Text] = ABSENT
    response_message: Lenient[Text] = ABSENT
    transfer_expiration_days: Lenient[Text] = ABSENT
    external_target_link: Lenient[Text] = ABSENT


class OneTransfer(Reply, frozen=True, kw_only=True):
    """The reply of transferOut, acceptTransferIn, rejectTransferIn and pendingTransfer."""

    transfer_info: TransferReply


class Transfers(Reply, frozen=True):
    """The reply of the two lists, documented under the singular name (docs/paytronix-api.md, section 7.5)."""

    transfer_info: Items[TransferReply] = NO_LIST
    transfer_infos: Items[TransferReply] = NO_LIST
    transfers: Items[TransferReply] = NO_LIST

    @property
    def listed(self) -> Items[TransferReply]:
        """The list, under whichever name it came."""
        named = (self.transfer_info, self.transfer_infos, self.transfers)
        return next((each for each in named if each.is_read), self.transfer_info)

    @property
    def is_under_another_name(self) -> bool:
        """Whether the list came under an undocumented name."""
        return self.listed.is_read and not self.transfer_info.is_read

    @property
    def lacks(self) -> str:
        return "" if self.listed.is_read else "transferInfo"

    @property
    def readable(self) -> tuple[TransferReply, ...]:
        """Those that are of the agreed shape: one that is not takes away no other."""
        return self.listed.values

    @property
    def has_unread(self) -> bool:
        """Whether one of them is not of the agreed shape."""
        return self.listed.left_out > 0

    @property
    def is_whole(self) -> bool:
        """Whether there is a list and all of it could be read; otherwise nothing follows from what is missing."""
        return self.listed.is_whole


class GiftingConfigReply(Wire, frozen=True):
    """GiftingConfig: a reward that may be sent, and its cost."""

    descriptive_label: Lenient[Text] = ABSENT
    wallet_code: Lenient[Text] = ABSENT
    quantity_required: Lenient[Text] = ABSENT


class GiftingConfigs(Reply, frozen=True):
    """The reply of giftingConfig."""

    configs: Items[GiftingConfigReply] = NO_LIST

    @property
    def lacks(self) -> str:
        return "" if self.configs.is_read else "configs"
