"""The merchant file as it is written: every key, its type and what is expected (docs/architecture.md, section 4).

Nothing here looks past a single value; what keys mean together is `loading`'s business. Every key has a
default, so that one wrong value does not hide the next; which keys are required says `REQUIRED`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from guestportal.merchants.definition import SignIn, Unit

_ONE_LINE = r"\A[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*\Z"
_PROSE = r"\A(?=\s*\S)[^\x00-\x08\x0b-\x1f\x7f]*\Z"

Line = Annotated[str, Meta(max_length=60, pattern=_ONE_LINE, description="a text of 1 to 60 characters")]
Hint = Annotated[str, Meta(max_length=200, pattern=_PROSE, description="a text of 1 to 200 characters")]
Message = Annotated[str, Meta(max_length=500, pattern=_PROSE, description="a text of 1 to 500 characters")]
Page = Annotated[str, Meta(max_length=6000, pattern=_PROSE, description="a text of 1 to 6000 characters")]
Address = Annotated[str, Meta(max_length=500, description="a web address")]
FileName = Annotated[str, Meta(max_length=200, description="the name of a file beside this one")]
Colour = Annotated[str, Meta(pattern=r"\A#(?:[0-9A-Fa-f]{3}){1,2}\Z", description="a colour such as #0b6e4f")]
Switch = Annotated[bool, Meta(description="true or false")]
Patience = Annotated[float, Meta(ge=0.1, le=30, description="a number of seconds from 0.1 to 30")]
Hosts = Annotated[
    tuple[Annotated[str, Meta(max_length=253, description="a host name")], ...],
    Meta(min_length=1, description="a list of host names"),
]
SignIns = Annotated[
    tuple[Annotated[SignIn, Meta(description="card, oauth or guest")], ...],
    Meta(min_length=1, description="a list of card, oauth and guest; a user name is tried in this order"),
]
NumberLengths = Annotated[
    tuple[Annotated[int, Meta(ge=4, le=32, description="a whole number from 4 to 32")], ...],
    Meta(min_length=1, description="a list of whole numbers from 4 to 32"),
]
CodeLengths = Annotated[
    tuple[Annotated[int, Meta(ge=3, le=32, description="a whole number from 3 to 32")], ...],
    Meta(min_length=1, description="a list of whole numbers from 3 to 32"),
]
Languages = Annotated[
    tuple[Annotated[str, Meta(description="a language code")], ...],
    Meta(min_length=1, description="a list of language codes"),
]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file; a key that is not a field of it is an error."""


class PaytronixTable(Table, frozen=True):
    base_url: Address | None = None
    merchant_id: Annotated[int, Meta(ge=1, lt=2**31, description="a whole number")] | None = None
    sign_in: SignIns | None = None
    sandbox: Switch = False
    connect_timeout_seconds: Patience = 3.0
    read_timeout_seconds: Patience = 8.0
    deadline_seconds: Annotated[
        float, Meta(ge=0.5, le=60, description="a number of seconds from 0.5 to 60")
    ] = 10.0


class CardWordsTable(Table, frozen=True):
    """The words beside the card form; in `[card]` for the default language, in `[card.es]` for one other."""

    number_label: Line | None = None
    number_hint: Hint | None = None
    code_label: Line | None = None
    code_hint: Hint | None = None
    picture_text: Hint | None = None


class CardTable(CardWordsTable, frozen=True):
    number_lengths: NumberLengths = tuple(range(10, 20))
    number_letters: Switch = False
    code_lengths: CodeLengths = tuple(range(4, 9))
    picture: FileName | None = None


class ThemeTable(Table, frozen=True):
    accent: Colour | None = None
    accent_dark: Colour | None = None
    logo: FileName | None = None


class LocaleTable(Table, frozen=True):
    languages: Languages = ("en",)
    time_zone: Annotated[str, Meta(description="a time zone such as America/New_York")] = "UTC"
    territory: Annotated[str, Meta(description="a country code such as US")] | None = None
    currency: Annotated[str, Meta(description="a currency code such as USD")] | None = None


class WalletWordsTable(Table, frozen=True):
    """In `[wallets.7]` for the default language, in `[wallets.7.es]` for one other."""

    label: Line | None = None


class WalletTable(WalletWordsTable, frozen=True):
    unit: Annotated[Unit, Meta(description="number, money, points, visits or items")] = Unit.NUMBER
    hidden: Switch = False


class PagesTable(Table, frozen=True):
    help: Page | None = None
    privacy: Page | None = None
    accessibility: Page | None = None


class FeaturesTable(Table, frozen=True):
    card_form: Switch = True
    gifting: Switch = True
    send_with_card: Switch = False
    send_reference: Switch = True
    send_to_account: Switch = True


class LinksTable(Table, frozen=True):
    home: Address | None = None
    order: Address | None = None
    reload: Address | None = None
    buy: Address | None = None
    terms: Address | None = None
    privacy: Address | None = None


class SupportWordsTable(Table, frozen=True):
    """In `[support]` for the default language, in `[support.es]` for one other."""

    hours: Hint | None = None


class SupportTable(SupportWordsTable, frozen=True):
    phone: (
        Annotated[
            str,
            Meta(
                max_length=40,
                pattern=r"\A\+?(?:[ ().-]*[0-9]){5,20}[ ().-]*\Z",
                description="a telephone number",
            ),
        ]
        | None
    ) = None
    email: (
        Annotated[
            str,
            Meta(
                max_length=254,
                pattern=r"\A[^@\s<>\"\x00-\x1f]+@[^@\s<>\"\x00-\x1f]+\.[^@.\s<>\"\x00-\x1f]+\Z",
                description="an e-mail address",
            ),
        ]
        | None
    ) = None


def _seconds(least: int, most: int) -> Meta:
    return Meta(ge=least, le=most, description=f"a whole number of seconds from {least} to {most}")


def _at_most(most: int) -> Meta:
    """A limit of the portal, which a merchant may tighten and never loosen."""
    return Meta(ge=1, le=most, description=f"a whole number from 1 to {most}")


class LimitsTable(Table, frozen=True):
    account_fresh_seconds: Annotated[int, _seconds(30, 3600)] = 300
    card_idle_seconds: Annotated[int, _seconds(60, 3600)] = 600
    card_absolute_seconds: Annotated[int, _seconds(60, 14400)] = 1800
    guest_idle_seconds: Annotated[int, _seconds(60, 14400)] = 1200
    guest_absolute_seconds: Annotated[int, _seconds(60, 86400)] = 28800
    confirm_after_seconds: Annotated[int, _seconds(60, 86400)] = 900
    gift_settling_seconds: Annotated[int, _seconds(10, 3600)] = 60
    gift_message_characters: Annotated[
        int, Meta(ge=0, le=1000, description="a whole number of characters from 0 to 1000")
    ] = 280
    gifts_per_day: Annotated[int, _at_most(5)] = 5
    gift_recipients_per_day: Annotated[int, _at_most(5)] = 5
    gift_retention_days: Annotated[
        int, Meta(ge=2, le=3650, description="a whole number of days from 2 to 3650")
    ] = 90
    card_failures_in_15_minutes: Annotated[int, _at_most(5)] | None = None
    card_failures_in_a_day: Annotated[int, _at_most(10)] | None = None
    user_name_failures_in_15_minutes: Annotated[int, _at_most(5)] | None = None
    user_name_failures_in_a_day: Annotated[int, _at_most(20)] | None = None
    address_failures_in_10_minutes: Annotated[int, _at_most(10)] | None = None
    address_failures_in_a_day: Annotated[int, _at_most(60)] | None = None
    cards_of_an_address_in_an_hour: Annotated[int, _at_most(5)] | None = None
    unknown_gift_codes_in_an_hour: Annotated[int, _at_most(5)] | None = None


class SecurityTable(Table, frozen=True):
    contact: Address | None = None


Messages = dict[str, Message]


class MerchantTable(Table, frozen=True):
    """The whole file. `card_words` are the tables `[card.<language>]`, the other `..._words` likewise."""

    name: Line | None = None
    hosts: Hosts = ()
    paytronix: PaytronixTable = PaytronixTable()
    card: CardTable = CardTable()
    card_words: dict[str, CardWordsTable] = {}
    theme: ThemeTable = ThemeTable()
    locale: LocaleTable = LocaleTable()
    wallets: dict[int, WalletTable] = {}
    wallet_words: dict[int, dict[str, WalletWordsTable]] = {}
    messages: dict[str, Messages] = {}
    pages: dict[str, PagesTable] = {}
    features: FeaturesTable = FeaturesTable()
    links: LinksTable = LinksTable()
    support: SupportTable = SupportTable()
    support_words: dict[str, SupportWordsTable] = {}
    limits: LimitsTable = LimitsTable()
    security: SecurityTable = SecurityTable()


REQUIRED = {
    "name": "a name of 1 to 60 characters",
    "hosts": 'a list of host names such as ["rewards.brand.example"], or ["*"] for every host',
    "paytronix.base_url": "an https address that ends with the release",
    "paytronix.merchant_id": "a whole number",
    "paytronix.sign_in": "a list of card, oauth and guest; a user name is tried in this order",
}
