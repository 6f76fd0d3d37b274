"""What a merchant is: the typed, frozen form of one merchant file. It does not read files.

Tables that are used as they are written ([locale], [features], [gifts], [links], [limits], and what `CardShape`,
`WalletShape` and `SupportContacts` hold of theirs) are declared here and nowhere else: each key with its default and
the check that its value must pass when a file is read. The other keys stand in `merchant_file`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StrictInt

from guestportal.merchants.values import (
    CodeLengths,
    Currency,
    Email,
    ErrorCodes,
    Expected,
    Languages,
    Link,
    NumberLengths,
    Phone,
    Surroundings,
    Switch,
    Territory,
    TimeZone,
    in_surroundings,
    not_above,
    whole,
)
from guestportal.paytronix.integration import Integration


def _no_words() -> Mapping[str, str]:
    return MappingProxyType({})


_UTC = ZoneInfo("UTC")


ExpirationDays = Annotated[
    Literal["left", "period", "unknown"], Expected('"left", "period" or "unknown"', quotes=True)
]


class SignIn(StrEnum):
    """A way in that the merchant offers; the values are Paytronix's authentication styles."""

    CARD = "card"
    OAUTH = "oauth"
    GUEST = "guest"


class Unit(StrEnum):
    """What a wallet counts. `NUMBER` is the default: the plain number and the wallet's name."""

    NUMBER = "number"
    MONEY = "money"
    POINTS = "points"
    VISITS = "visits"
    ITEMS = "items"


class Table:
    """A table of a merchant file: keys that are no fields of it are refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that belongs to the merchant; `digest` changes with its bytes."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """What the merchant calls the number and the code in one language, with hints for finding them."""

    number_label: str
    number_hint: str
    code_label: str
    code_hint: str
    picture_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShape(Table):
    """The shape of a merchant's cards: lengths in characters, shortest first, and what letters mean."""

    number_lengths: NumberLengths = tuple(range(10, 20))
    number_has_letters: Annotated[Switch, Field(alias="number_letters")] = False
    code_lengths: CodeLengths = tuple(range(4, 9))
    code_ignores_case: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFormat(CardShape):
    """The shape of a merchant's cards, a picture of one, and the words beside the form for it."""

    picture: Asset | None
    words: Mapping[str, CardWords]  # by language code; every offered language is present


@dataclass(frozen=True, slots=True)
class Palette:
    """The merchant's accent in one colour scheme: `accent_text` is for links and figures."""

    accent: str
    on_accent: str
    accent_text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours that have passed the contrast check, and the logo."""

    light: Palette
    dark: Palette
    logo: Asset | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale(Table):
    """Languages offered (the first is the default), the zone of every shown time, country and currency if any."""

    languages: Languages = ("en",)
    time_zone: TimeZone = _UTC
    territory: Territory | None = None
    currency: Currency | None = None


def _countable(unit: Unit, surroundings: Surroundings) -> Unit:
    if unit is Unit.MONEY and not surroundings.has_currency:
        raise ValueError('"money" expects locale.currency, which is missing')
    return unit


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletShape(Table):
    """How the amounts of one wallet are shown, whatever the language."""

    unit: Annotated[
        Unit,
        Expected("number, money, points, visits or items", quotes=True),
        in_surroundings(_countable),
    ] = Unit.NUMBER
    hidden: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSetting(WalletShape):
    """How one wallet is shown; `labels`, by language, replace Paytronix's name when given."""

    labels: Mapping[str, str] = field(default_factory=_no_words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features(Table):
    """What the merchant has switched on."""

    card_form: Switch = True
    gifting: Switch = True
    send_with_card: Switch = False
    send_reference: Switch = True
    send_to_account: Switch = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gifts(Table):
    """What the merchant knows of Paytronix's gift service.

    `harmless_refusals` surely precede any work, so they are believed at once (docs/sending.md). `expiration_days`
    says what its numbers of days are: what is left, or the period from the day on which a gift was sent
    (docs/paytronix-api.md, section 7.14).
    """

    harmless_refusals: ErrorCodes = ()
    expiration_days: ExpirationDays = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(Table):
    """The merchant's own addresses, https only; absent ones are not shown."""

    home: Link | None = None
    order: Link | None = None
    reload: Link | None = None
    buy: Link | None = None
    terms: Link | None = None
    privacy: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportContacts(Table):
    """Where a guest reaches a person."""

    phone: Phone | None = None
    email: Email | None = None

    @property
    def available(self) -> bool:
        """Whether there is a way to reach a person."""
        return bool(self.phone or self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Support(SupportContacts):
    """Where a guest reaches a person, and when."""

    hours: Mapping[str, str] = field(default_factory=_no_words)  # by language


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Table):
    """Session limits and freshness, in seconds; and failures allowed, where fewer than the portal's own limits.

    Where the portal has a limit of its own, that is the most: a merchant may tighten it and never loosen it.
    """

    account_fresh_seconds: Annotated[StrictInt, whole(30, 3600, "seconds")] = 300
    card_absolute_seconds: Annotated[StrictInt, whole(60, 14400, "seconds")] = 1800
    card_idle_seconds: Annotated[
        StrictInt,
        whole(60, 3600, "seconds"),
        not_above("card_absolute_seconds"),
        Field(validate_default=True),
    ] = 600
    guest_absolute_seconds: Annotated[StrictInt, whole(60, 86400, "seconds")] = 28800
    guest_idle_seconds: Annotated[
        StrictInt,
        whole(60, 14400, "seconds"),
        not_above("guest_absolute_seconds"),
        Field(validate_default=True),
    ] = 1200
    confirm_after_seconds: Annotated[StrictInt, whole(60, 86400, "seconds")] = 900
    gift_settling_seconds: Annotated[StrictInt, whole(10, 3600, "seconds")] = 60
    gift_message_characters: Annotated[StrictInt, whole(0, 1000, "characters")] = 280
    gifts_per_day: Annotated[StrictInt, whole(1, 5)] = 5
    gift_recipients_per_day: Annotated[StrictInt, whole(1, 5)] = 5
    gift_retention_days: Annotated[StrictInt, whole(2, 3650, "days")] = 90
    card_failures_in_15_minutes: Annotated[StrictInt, whole(1, 5)] | None = None
    card_failures_in_a_day: Annotated[StrictInt, whole(1, 10)] | None = None
    user_name_failures_in_15_minutes: Annotated[StrictInt, whole(1, 5)] | None = None
    user_name_failures_in_a_day: Annotated[StrictInt, whole(1, 20)] | None = None
    address_failures_in_10_minutes: Annotated[StrictInt, whole(1, 10)] | None = None
    address_failures_in_a_day: Annotated[StrictInt, whole(1, 60)] | None = None
    cards_of_an_address_in_an_hour: Annotated[StrictInt, whole(1, 5)] | None = None
    unknown_gift_codes_in_an_hour: Annotated[StrictInt, whole(1, 5)] | None = None


@dataclass(frozen=True, slots=True)
class Merchant:
    """One brand's portal. Sessions, credentials, caches and counters carry `slug`."""

    slug: str
    name: str
    hosts: tuple[str, ...]
    integration: Integration
    sandbox: bool
    sign_in: tuple[SignIn, ...]
    card: CardFormat
    theme: Theme
    locale: Locale
    wallets: Mapping[int, WalletSetting]
    messages: Mapping[str, Mapping[str, str]]  # language -> card status or Paytronix error code -> words
    pages: Mapping[
        str, Mapping[str, tuple[str, ...]]
    ]  # language -> help | privacy | accessibility -> paragraphs
    features: Features
    gifts: Gifts
    links: Links
    support: Support
    limits: Limits
    security_contact: str | None
    source: Path

    @property
    def offers_user_names(self) -> bool:
        """Whether guests may come in with a user name and password."""
        return bool({SignIn.OAUTH, SignIn.GUEST} & set(self.sign_in))

    def message(self, key: str, language: str) -> str | None:
        """The merchant's words for a card status or an error code: in `language`, else in the default one."""
        for code in (language, self.locale.languages[0]):
            words = self.messages.get(code, {}).get(key)
            if words:
                return words
        return None

    def card_words(self, language: str) -> CardWords:
        """The words beside the card form: in `language`, else in the default one."""
        return self.card.words.get(language) or self.card.words[self.locale.languages[0]]

    def paragraphs(self, page: str, language: str) -> tuple[str, ...]:
        """The merchant's own words of a page: in `language`, else in the default one; empty where there are none."""
        for code in (language, self.locale.languages[0]):
            words = self.pages.get(code, {}).get(page)
            if words:
                return words
        return ()

    def wallet(self, code: int | None) -> WalletSetting:
        """The setting of a wallet; an unlisted one has the default."""
        return self.wallets.get(code, WalletSetting()) if code is not None else WalletSetting()
