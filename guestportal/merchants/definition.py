"""What a merchant is: the typed, frozen form of one merchant file. It does not read files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from guestportal.paytronix.integration import Integration


def _no_words() -> Mapping[str, str]:
    return MappingProxyType({})


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


@dataclass(frozen=True, slots=True)
class CardFormat:
    """The shape of a merchant's cards: lengths in characters, and whether letters occur."""

    number_lengths: tuple[int, ...]
    number_has_letters: bool
    code_lengths: tuple[int, ...]
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


@dataclass(frozen=True, slots=True)
class Locale:
    """Languages offered (the first is the default), the zone of every shown time, country and currency if any."""

    languages: tuple[str, ...]
    time_zone: ZoneInfo
    territory: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class WalletSetting:
    """How one wallet is shown; `labels`, by language, replace Paytronix's name when given."""

    unit: Unit = Unit.NUMBER
    labels: Mapping[str, str] = field(default_factory=_no_words)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Features:
    """What the merchant has switched on."""

    card_form: bool = True
    gifting: bool = True
    send_with_card: bool = False
    send_reference: bool = True
    send_to_account: bool = True


@dataclass(frozen=True, slots=True)
class Links:
    """The merchant's own addresses, https only; absent ones are not shown."""

    home: str | None = None
    order: str | None = None
    reload: str | None = None
    buy: str | None = None
    terms: str | None = None
    privacy: str | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """How a guest reaches a person."""

    phone: str | None = None
    email: str | None = None
    hours: Mapping[str, str] = field(default_factory=_no_words)  # by language

    @property
    def available(self) -> bool:
        """Whether there is a way to reach somebody."""
        return bool(self.phone or self.email)


@dataclass(frozen=True, slots=True)
class Limits:
    """Session limits and freshness, in seconds; and failures allowed, where fewer than the portal's own limits."""

    account_fresh_seconds: int = 300
    card_idle_seconds: int = 600
    card_absolute_seconds: int = 1800
    guest_idle_seconds: int = 1200
    guest_absolute_seconds: int = 28800
    confirm_after_seconds: int = 900
    gift_settling_seconds: int = 60
    gift_message_characters: int = 280
    gifts_per_day: int = 5
    gift_recipients_per_day: int = 5
    gift_retention_days: int = 90
    card_failures_in_15_minutes: int | None = None
    card_failures_in_a_day: int | None = None
    user_name_failures_in_15_minutes: int | None = None
    user_name_failures_in_a_day: int | None = None
    address_failures_in_10_minutes: int | None = None
    address_failures_in_a_day: int | None = None
    cards_of_an_address_in_an_hour: int | None = None
    unknown_gift_codes_in_an_hour: int | None = None


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
