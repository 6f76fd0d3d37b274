"""The vendor's JSON, exactly: msgspec structs that ignore unknown fields. Only this package and services see them.

Sources: seeds/account-balance.txt and paytronix-api.md, sections 5 and 8.
"""

import re
from functools import cache
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec

T = TypeVar("T")


class Wire(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """Base of all replies: camelCase names, unknown fields ignored, absent ones None."""


class Text(str):
    """A scalar kept as the text it was sent as: a string's content, or a number's or boolean's own digits.

    Card numbers have come as JSON numbers and decimals unquoted (paytronix-api.md, section 8);
    neither may pass through binary floating point.
    """

    __slots__ = ()


class Lenient(Generic[T]):
    """A member beside the point: `value` is None when it is absent, null or not of the agreed shape.

    Without it one odd perk would take the whole balance away. What a guest relies on is read strictly
    instead: amounts, wallet codes, states and cards.
    """

    __slots__ = ("value",)

    def __init__(self, value: T | None) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lenient) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value)


ABSENT: Lenient[Any] = Lenient(None)  # of any type


class Envelope(Wire, frozen=True):
    """What every reply has: `result`, and on a failure the code and message."""

    result: str
    error_code: Lenient[str | int] = ABSENT
    error_message: Lenient[str | int] = ABSENT


class StoreReply(Wire, frozen=True):
    """{code, label} [seed]."""

    code: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT


class CardReply(Wire, frozen=True):
    """{printedCardNumber, maskedCardNumber, status} [seed]."""

    printed_card_number: Text | None = None
    masked_card_number: Text | None = None
    status: Text | None = None


class ExpirationReply(Wire, frozen=True):
    """{amount, expirationDate} [client]."""

    amount: Lenient[Text] = ABSENT
    expiration_date: Lenient[Text] = ABSENT


class WalletReply(Wire, frozen=True):
    """A wallet balance [seed]; description and expirations are optional [client]."""

    wallet_code: Text | None = None
    name: Lenient[Text] = ABSENT
    description: Lenient[Text] = ABSENT
    balance: Text | None = None
    giftable: Lenient[bool | str | int] = ABSENT
    expirations: Lenient[list[Lenient[ExpirationReply]]] = ABSENT


class PerkReply(Wire, frozen=True):
    """Perks are documented as a list without a shape [seed]; what can be shown is a name, else a code."""

    code: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT


class IntegrationReply(Wire, frozen=True):
    """IntegrationNames (seeds/gift-transfer.txt): its code and its informal name."""

    identifier: Lenient[Text] = ABSENT
    name: Lenient[Text] = ABSENT


class ExternalAccountReply(Wire, frozen=True):
    """Likewise a list without a shape [seed]; the integration's name is what a guest knows it by."""

    integration: Lenient[IntegrationReply] = ABSENT
    name: Lenient[Text] = ABSENT
    label: Lenient[Text] = ABSENT
    identifier: Lenient[Text] = ABSENT  # an e-mail address or the like


class FieldsReply(Wire, frozen=True):
    """The account's free fields [seed]."""

    enroll_date: Lenient[Text] = ABSENT
    favorite_store: Lenient[StoreReply] = ABSENT
    perks: Lenient[list[Lenient[PerkReply | str]]] = ABSENT
    external_accounts: Lenient[list[Lenient[ExternalAccountReply | str]]] = ABSENT


class AccountInformation(Wire, frozen=True):
    """GET guest/accountInformation.json, `result: success`."""

    account_status: Text | None = None
    query_card_status: Text | None = None
    username: Lenient[Text] = ABSENT
    is_registered: Lenient[bool | str | int] = ABSENT
    registration_status: Lenient[Text] = ABSENT
    card_template_code: Lenient[Text] = ABSENT
    card_template_label: Lenient[Text] = ABSENT
    tier_code: Lenient[Text] = ABSENT
    tier_label: Lenient[Text] = ABSENT
    enrollment_store: Lenient[StoreReply] = ABSENT
    fields: Lenient[FieldsReply] = ABSENT
    primary_card: CardReply | None = None
    additional_cards: list[CardReply] | None = None
    point_balances: list[WalletReply] | None = None
    reward_balances: list[WalletReply] | None = None
    stored_value_balance: WalletReply | None = None


class GuestToken(Wire, frozen=True, rename=None):
    """POST oauth/requestGuestToken.json, `result: success` (paytronix-api.md, section 4). Snake case here."""

    access_token: Text
    refresh_token: Text | None = None
    expires_in: Text | None = None
    username: Text | None = None


class UserInformation(Wire, frozen=True):
    """GET guest/userInformation.json, `result: success` (paytronix-api.md, section 6): no more than is used."""

    primary_card_numbers: list[Text] | None = None


W = TypeVar("W", bound=Wire)


class Malformed(ValueError):
    """Bytes that are not the expected struct. The text names a path and types, never a value."""


def decode(body: bytes, kind: type[W]) -> W:
    """`body` as `kind`. Raises Malformed with the path of the first thing that is not as agreed."""
    try:
        reply: W = _decoder(kind).decode(_without_half_pairs(body))
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
    return msgspec.json.encode(reply, enc_hook=_plain)


def truth(value: bool | str | int | None) -> bool | None:
    """A boolean, or the string an older release sends for one; None when it says neither."""
    match str(value).strip().lower():
        case "true" | "registered" | "1":
            return True
        case "false" | "unregistered" | "0":
            return False
        case _:
            return None


def whole_number(value: str | None) -> int | None:
    """A code as a number; None when it is none."""
    digits = _NO_FRACTION.sub("", value or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _without_half_pairs(body: bytes) -> bytes:
    """JSON whose escapes are all characters: half of a pair, left where a message was cut, becomes U+FFFD."""
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["half"] else found.group(), body)


# A whole pair and any other escape come first, so that what is left of a pair is a half.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_NO_FRACTION = re.compile(r"\.0+\Z")  # some write every number with one


@cache
def _decoder(kind: type[Any]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind, dec_hook=_read, float_hook=str)


@cache
def _holder(kind: Any) -> type[Any]:
    """A struct around what may stand there: msgspec remembers a struct, and works a bare type out at every call."""
    (expected,) = get_args(kind)
    return msgspec.defstruct("Holder", [("value", expected | None)])


def _read(kind: type, value: Any) -> "Text | Lenient[Any]":  # whatever stands in the place of either
    if get_origin(kind) is Lenient:
        try:
            holder = msgspec.convert({"value": value}, _holder(kind), dec_hook=_read)
        except msgspec.ValidationError:
            return ABSENT
        return Lenient(holder.value)
    if kind is Text:
        if isinstance(value, bool):
            return Text("true" if value else "false")
        if isinstance(value, str | int):
            return Text(value)
    raise TypeError("expected text or a number")


def _plain(value: "Text | Lenient[Any]") -> Any:  # what msgspec can write
    return value.value if isinstance(value, Lenient) else str(value)
