"""The vendor's JSON, exactly: msgspec structs that ignore unknown fields. Only this package and services see them.

Sources: seeds/account-balance.txt and paytronix-api.md, sections 5 and 8.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec


class Wire(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """Base of all replies: camelCase names, unknown fields ignored, absent ones None."""


class Text(str):
    """A scalar kept as the text it was sent as: a string's content, or a number's or boolean's own digits.

    Card numbers have come as JSON numbers and decimals unquoted (paytronix-api.md, section 8);
    neither may pass through binary floating point.
    """

    __slots__ = ()


class Envelope(Wire, frozen=True):
    """What every reply has: `result`, and on a failure the code and message."""

    result: str
    error_code: str | int | None = None
    error_message: str | None = None


class StoreReply(Wire, frozen=True):
    code: Text | None = None
    label: Text | None = None


class CardReply(Wire, frozen=True):
    printed_card_number: Text | None = None
    masked_card_number: Text | None = None
    status: Text | None = None


class ExpirationReply(Wire, frozen=True):
    amount: Text | None = None
    expiration_date: Text | None = None


class WalletReply(Wire, frozen=True):
    wallet_code: int | str | None = None
    name: Text | None = None
    description: Text | None = None
    balance: Text | None = None
    giftable: bool | str | int | None = None
    expirations: list[ExpirationReply] | None = None


class PerkReply(Wire, frozen=True):
    """Perks are documented as a list without a shape; a label, a name or plain text is what can be shown."""

    code: Text | None = None
    label: Text | None = None
    name: Text | None = None


class ExternalAccountReply(Wire, frozen=True):
    """Likewise undocumented here; the integration's name is what a guest knows it by."""

    integration: "IntegrationReply | None" = None
    name: Text | None = None
    label: Text | None = None


class IntegrationReply(Wire, frozen=True):
    name: Text | None = None


class FieldsReply(Wire, frozen=True):
    enroll_date: Text | None = None
    favorite_store: StoreReply | None = None
    perks: list[PerkReply | str] | None = None
    external_accounts: list[ExternalAccountReply | str] | None = None


class AccountInformation(Wire, frozen=True):
    """GET guest/accountInformation.json, `result: success`."""

    account_status: Text | None = None
    query_card_status: Text | None = None
    username: Text | None = None
    is_registered: bool | str | int | None = None
    registration_status: Text | None = None
    card_template_code: int | str | None = None
    card_template_label: Text | None = None
    tier_code: int | str | None = None
    tier_label: Text | None = None
    enrollment_store: StoreReply | None = None
    fields: FieldsReply | None = None
    primary_card: CardReply | None = None
    additional_cards: list[CardReply] | None = None
    point_balances: list[WalletReply] | None = None
    reward_balances: list[WalletReply] | None = None
    stored_value_balance: WalletReply | None = None


class GuestToken(Wire, frozen=True, rename=None):
    """POST oauth/requestGuestToken.json, `result: success` (paytronix-api.md, section 4). Snake case here."""

    access_token: Text
    refresh_token: Text | None = None
    expires_in: int | str | None = None
    scope: Text | None = None
    username: Text | None = None


class UserFieldsReply(Wire, frozen=True):
    """Blank fields are left out; the portal asks for no more than how to address the guest."""

    username: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None


class UserInformation(Wire, frozen=True):
    """GET guest/userInformation.json, `result: success` (paytronix-api.md, section 6)."""

    account_ids: list[int | str] | None = None
    primary_card_numbers: list[Text] | None = None
    fields: UserFieldsReply | None = None


W = TypeVar("W", bound=Wire)


class Malformed(ValueError):
    """Bytes that are not the expected struct. The text names a path and types, never a value."""


def decode(body: bytes, kind: type[W]) -> W:
    """`body` as `kind`. Raises Malformed with the path of the first thing that is not as agreed."""
    try:
        reply: W = _decoder(kind).decode(body)
        return reply
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from None
    except (
        ValueError,
        RecursionError,
    ):  # not JSON, not UTF-8, a number past what Python reads, nested too deep
        raise Malformed("not JSON") from None


def encode(reply: Wire) -> bytes:
    """The struct as JSON that `decode` reads back, without the fields nobody asked for."""
    return msgspec.json.encode(reply, enc_hook=str)


def truth(value: bool | str | int | None) -> bool | None:
    """A boolean, or the string an older release sends for one; None when it says neither."""
    match str(value).strip().lower():
        case "true" | "registered" | "1":
            return True
        case "false" | "unregistered" | "0":
            return False
        case _:
            return None


def whole_number(value: int | str | None) -> int | None:
    """A code as a number, also when it was sent as text; None when it is neither."""
    if isinstance(value, int):
        return value
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 20 else None


@cache
def _decoder(kind: type[Any]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind, dec_hook=_read_text, float_hook=str)


def _read_text(kind: type, value: Any) -> Text:  # whatever stands where text is expected
    if kind is Text:
        if isinstance(value, bool):
            return Text("true" if value else "false")
        if isinstance(value, str | int):
            return Text(value)
    raise TypeError("expected text or a number")
