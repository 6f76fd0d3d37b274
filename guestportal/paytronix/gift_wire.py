"""The Gift Transfer service's JSON (seeds/gift-transfer.txt): requests are plain parameters, replies are structs.

Every documented field is here under the vendor's name; all but `result` may be absent, because a page must not
break over one of them.
"""

from guestportal.paytronix.wire import Text, Wire


class UserReply(Wire, frozen=True):
    """A "limited set of UserFields including: salutation, first name, last name"."""

    salutation: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None


class IntegrationNamesReply(Wire, frozen=True):
    """IntegrationNames."""

    identifier: Text | None = None
    name: Text | None = None
    reporting_name: Text | None = None
    detail: Text | None = None


class ExternalTargetReply(Wire, frozen=True):
    """TransferTargetExternal: `identifier` is an e-mail address or a Facebook id."""

    integration: IntegrationNamesReply | None = None
    identifier: Text | None = None
    name: Text | None = None


class TransferredBalanceReply(Wire, frozen=True):
    """TransferredBalance. Amounts are decimals."""

    source_wallet_code: int | str | None = None
    source_wallet_name: Text | None = None
    source_amount: Text | None = None
    destination_wallet_code: int | str | None = None
    destination_wallet_name: Text | None = None
    destination_wallet_plural_name: Text | None = None
    destination_amount: Text | None = None
    expiration_date: Text | None = None
    expiration_days: int | str | None = None
    destination_wallet_name_tiny: Text | None = None
    destination_wallet_name_short: Text | None = None
    destination_wallet_name_long: Text | None = None


class TransferReply(Wire, frozen=True):
    """TransferInfo. `code` is said to come from it although the printed field list lacks it."""

    code: Text | None = None
    inbound: bool | str | None = None
    status: Text | None = None
    from_printed_card_number: Text | None = None
    from_user_information: UserReply | None = None
    to_printed_card_number: Text | None = None
    to_user_information: UserReply | None = None
    external_target: ExternalTargetReply | None = None
    balance: TransferredBalanceReply | None = None
    transfer_out_transaction_id: Text | None = None
    transfer_in_transaction_id: Text | None = None
    void_transfer_out_transaction_id: Text | None = None
    transfer_datetime: Text | None = None
    transfer_message: Text | None = None
    response_datetime: Text | None = None
    response_message: Text | None = None
    transfer_expiration_days: int | str | None = None
    external_target_link: Text | None = None


class OneTransfer(Wire, frozen=True):
    """The reply of transferOut, acceptTransferIn, rejectTransferIn and pendingTransfer."""

    transfer_info: TransferReply


class Transfers(Wire, frozen=True):
    """The reply of the two lists, which come under the singular name (paytronix-api.md, section 7.5)."""

    transfer_info: list[TransferReply] | None = None


class GiftingConfigReply(Wire, frozen=True):
    """GiftingConfig: a reward that may be sent, and its cost."""

    descriptive_label: Text | None = None
    wallet_code: int | str | None = None
    quantity_required: Text | None = None


class GiftingConfigs(Wire, frozen=True):
    """The reply of giftingConfig."""

    configs: list[GiftingConfigReply] | None = None
