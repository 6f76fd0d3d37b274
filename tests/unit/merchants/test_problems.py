"""Every kind of mistake in a merchant file, with the line that names file, key and expectation."""

import re
from pathlib import Path

import pytest

from guestportal.merchants.loading import load_merchants
from guestportal.merchants.problems import MerchantFilesWrong
from tests.support.merchant_files import KEYS, LANGUAGES, problems, write_merchant

BASE_URL = "an https address that ends with the release, such as https://m777777.api.pxslab.com/rest/26.6"
HOSTS = 'a list of host names such as ["rewards.brand.example"], or ["*"] for every host'
LINK = "expected an https address such as https://brand.example/menu"

HTTP_REFUSED = (
    f"paytronix.base_url: expected {BASE_URL}; http only for a loopback address with sandbox = true"
)
SECRET_IN_FILE = (
    "paytronix.client_secret: unknown key; known here: base_url, connect_timeout_seconds, deadline_seconds, "
    "merchant_id, read_timeout_seconds, sandbox, sign_in"
)

TABLE = [
    ("paytronix.merchant_id", '"123"', "paytronix.merchant_id: expected a whole number, got a string"),
    ("paytronix.merchant_id", "true", "paytronix.merchant_id: expected a whole number, got true"),
    ("paytronix.merchant_id", "0", "paytronix.merchant_id: expected a whole number, got 0"),
    (
        "paytronix.merchant_id",
        "0x" + "f" * 5_000,
        "paytronix.merchant_id: expected a whole number, got a very large number",
    ),
    ("theme", "0x" + "f" * 5_000, "theme: expected a table, got a very large number"),
    ("paytronix.merchant_id", "1.5", "paytronix.merchant_id: expected a whole number, got 1.5"),
    ("paytronix.merchant_id", None, "paytronix.merchant_id: missing; expected a whole number"),
    (
        "paytronix.base_url",
        None,
        f"paytronix.base_url: missing; expected {BASE_URL}",
    ),
    (
        "paytronix.sign_in",
        None,
        (
            "paytronix.sign_in: missing; expected a list of card, oauth and guest; "
            "a user name is tried in this order"
        ),
    ),
    ("name", None, "name: missing; expected a text of 1 to 60 characters"),
    (
        "hosts",
        None,
        f"hosts: missing; expected {HOSTS}",
    ),
    ("name", '""', 'name: expected a text of 1 to 60 characters, got ""'),
    ("name", '"two\\nlines"', 'name: expected a text of 1 to 60 characters, got "two\\nlines"'),
    ("name", '"' + "x" * 61 + '"', f'name: expected a text of 1 to 60 characters, got "{"x" * 60}..."'),
    ("name", "2024-01-01", "name: expected a text of 1 to 60 characters, got a date or time"),
    ("hosts", '"bakery.example"', f"hosts: expected {HOSTS}, got a string"),
    ("hosts", "[]", f"hosts: expected {HOSTS}, got an empty list"),
    ("hosts", '["bakery.example", 3]', "hosts[1]: expected a host name, got 3"),
    (
        "hosts",
        '["bakery.example:8000"]',
        'hosts[0]: expected a host name without scheme, port or path, such as "rewards.brand.example", or "*"',
    ),
    (
        "hosts",
        '["https://bakery.example"]',
        'hosts[0]: expected a host name without scheme, port or path, such as "rewards.brand.example", or "*"',
    ),
    (
        "hosts",
        '["bakery.example", "Bakery.Example"]',
        'hosts: expected each host once, "bakery.example" stands here twice',
    ),
    ("paytronix.base_url", '"http://m1.example/rest/26.6"', HTTP_REFUSED),
    ("paytronix.base_url", '"http://127.0.0.1:8001/rest/26.6"', HTTP_REFUSED),
    ("paytronix.base_url", '"ftp://m1.example/rest/26.6"', f"paytronix.base_url: expected {BASE_URL}"),
    ("paytronix.base_url", '"https://m1.example"', f"paytronix.base_url: expected {BASE_URL}"),
    ("paytronix.base_url", '"https://m1.example/rest"', f"paytronix.base_url: expected {BASE_URL}"),
    ("paytronix.base_url", '"https://m1.example/rest/../26.6"', f"paytronix.base_url: expected {BASE_URL}"),
    (
        "paytronix.base_url",
        '"https://m1.example:99999/rest/26.6"',
        f"paytronix.base_url: expected {BASE_URL}",
    ),
    ("paytronix.base_url", '"https://m1.exa\\nmple/rest/26.6"', f"paytronix.base_url: expected {BASE_URL}"),
    ("paytronix.base_url", '"https:///rest/26.6"', f"paytronix.base_url: expected {BASE_URL}"),
    (
        "paytronix.base_url",
        '"https://m1.example/rest/26.6?x=1"',
        "paytronix.base_url: expected an address without a query or fragment",
    ),
    (
        "paytronix.base_url",
        '"https://m1.example/rest/26.6#"',
        "paytronix.base_url: expected an address without a query or fragment",
    ),
    (
        "paytronix.base_url",
        '"https://user:canary@m1.example/rest/26.6"',
        (
            "paytronix.base_url: expected an address without a user name or password; "
            "credentials come from the environment"
        ),
    ),
    ("paytronix.sign_in", '["pin"]', 'paytronix.sign_in[0]: expected card, oauth or guest, got "pin"'),
    (
        "paytronix.sign_in",
        '["card", "card"]',
        'paytronix.sign_in: expected each way to sign in once, "card" stands here twice',
    ),
    ("paytronix.sandbox", '"yes"', "paytronix.sandbox: expected true or false, got a string"),
    (
        "paytronix.read_timeout_seconds",
        "nan",
        "paytronix.read_timeout_seconds: expected a number of seconds from 0.1 to 30, got nan",
    ),
    (
        "paytronix.read_timeout_seconds",
        "20",
        "paytronix.read_timeout_seconds: expected at most deadline_seconds, 10, got 20",
    ),
    (
        "paytronix.deadline_seconds",
        "5",
        "paytronix.read_timeout_seconds: expected at most deadline_seconds, 5, got 8",
    ),
    (
        "paytronix.deadline_seconds",
        "600",
        "paytronix.deadline_seconds: expected a number of seconds from 0.5 to 60, got 600",
    ),
    (
        "paytronix.merchantid",
        "5",
        'paytronix.merchantid: unknown key; the nearest known key is "merchant_id"',
    ),
    ("paytronix.client_secret", '"canary"', SECRET_IN_FILE),
    ("themes", "1", 'themes: unknown key; the nearest known key is "theme"'),
    ("card_words", "1", 'card_words: unknown key; the nearest known key is "card"'),
    ("theme", '"green"', "theme: expected a table, got a string"),
    ("card", "3", "card: expected a table, got 3"),
    ("wallets", "[]", "wallets: expected a table, got an empty list"),
    (
        "card.number_lengths",
        "[14, 99]",
        "card.number_lengths[1]: expected a whole number from 4 to 32, got 99",
    ),
    (
        "card.code_lengths",
        '["6"]',
        "card.code_lengths[0]: expected a whole number from 3 to 32, got a string",
    ),
    (
        "card.number_length",
        "[16]",
        'card.number_length: unknown key; the nearest known key is "number_lengths"',
    ),
    ("card.de.code_label", '"PIN"', "card.de: expected a language of the portal (en, es, fr)"),
    (
        "card.es.code_labl",
        '"PIN"',
        'card.es.code_labl: unknown key; the nearest known key is "code_label"',
    ),
    ("card.es.code_label", "6", "card.es.code_label: expected a text of 1 to 60 characters, got 6"),
    ("theme.accent", '"green"', 'theme.accent: expected a colour such as #0b6e4f, got "green"'),
    ("theme.accent", '"#0b6e4"', 'theme.accent: expected a colour such as #0b6e4f, got "#0b6e4"'),
    (
        "locale.languages",
        '["en", "de"]',
        "locale.languages[1]: expected a language of the portal (en, es, fr)",
    ),
    (
        "locale.languages",
        '["en", "en"]',
        'locale.languages: expected each language once, "en" stands here twice',
    ),
    ("locale.languages", "[]", "locale.languages: expected a list of language codes, got an empty list"),
    (
        "locale.time_zone",
        '"Mars/Base"',
        'locale.time_zone: expected a time zone such as America/New_York, got "Mars/Base"',
    ),
    (
        "locale.time_zone",
        '"../../etc/passwd"',
        'locale.time_zone: expected a time zone such as America/New_York, got "../../etc/passwd"',
    ),
    ("locale.territory", '"USA"', 'locale.territory: expected a country code such as US, got "USA"'),
    ("locale.currency", '"usd"', 'locale.currency: expected a currency code such as USD, got "usd"'),
    ("locale.currency", '"ZZZ"', 'locale.currency: expected a currency code such as USD, got "ZZZ"'),
    (
        "wallets.5.unit",
        '"moneys"',
        'wallets.5.unit: expected number, money, points, visits or items, got "moneys"',
    ),
    ("wallets.5.unit", '"money"', 'wallets.5.unit: "money" expects locale.currency, which is missing'),
    (
        "wallets.gold.hidden",
        "true",
        "wallets.gold: expected a wallet code, a whole number such as [wallets.5]",
    ),
    ("wallets.05.hidden", "true", "wallets.05: expected a wallet code, a whole number such as [wallets.5]"),
    ("wallets.5.hiden", "true", 'wallets.5.hiden: unknown key; the nearest known key is "hidden"'),
    ("messages.de.invalid_status", '"x"', "messages.de: expected a language of the portal (en, es, fr)"),
    (
        "messages.en.invalid_status",
        "1",
        "messages.en.invalid_status: expected a text of 1 to 500 characters, got 1",
    ),
    (
        "messages.en.gifttransfer.not_pending",
        "1",
        'messages.en."gifttransfer.not_pending": expected a text of 1 to 500 characters, got 1',
    ),
    (
        'messages.en."no good"',
        '"x"',
        'messages.en."no good": expected a card status such as card_suspended, or an error code of Paytronix',
    ),
    (
        "messages.en.card_suspendd",
        '"x"',
        'messages.en.card_suspendd: expected a known key or another error code; this one is nearly "card_suspended"',
    ),
    (
        "messages.en.card_SUSPENDED",
        '"x"',
        'messages.en.card_SUSPENDED: expected a known key or another error code; this one is nearly "card_suspended"',
    ),
    ("pages.en.imprint", '"x"', "pages.en.imprint: unknown key; known here: accessibility, help, privacy"),
    ("pages.en.help", '"  "', 'pages.en.help: expected a text of 1 to 6000 characters, got "  "'),
    ("features.gifts", "true", 'features.gifts: unknown key; the nearest known key is "gifting"'),
    ("features.gifting", "1", "features.gifting: expected true or false, got 1"),
    ("links.order", '"http://bakery.example"', f"links.order: {LINK}"),
    ("links.order", '"javascript:alert(1)"', f"links.order: {LINK}"),
    ("links.order", '"tel:5550100"', f"links.order: {LINK}"),
    ("links.order", '"https://user@bakery.example/"', f"links.order: {LINK}"),
    ("links.order", '"https://bakery.example/a b"', f"links.order: {LINK}"),
    (
        "support.hours",
        '"Every day"',
        "support.hours: expected with a phone or an email, whose hours they are",
    ),
    ("support.phone", '"call us"', 'support.phone: expected a telephone number, got "call us"'),
    (
        "support.email",
        '"cards at bakery"',
        'support.email: expected an e-mail address, got "cards at bakery"',
    ),
    (
        "limits.card_idle_seconds",
        "5",
        "limits.card_idle_seconds: expected a whole number of seconds from 60 to 3600, got 5",
    ),
    (
        "limits.card_idle_seconds",
        "3600",
        "limits.card_idle_seconds: expected at most card_absolute_seconds, 1800, got 3600",
    ),
    (
        "limits.account_fresh_seconds",
        "0",
        "limits.account_fresh_seconds: expected a whole number of seconds from 30 to 3600, got 0",
    ),
    (
        "limits.confirm_after_seconds",
        "30",
        "limits.confirm_after_seconds: expected a whole number of seconds from 60 to 86400, got 30",
    ),
    (
        "limits.guest_absolute_seconds",
        "600",
        "limits.guest_idle_seconds: expected at most guest_absolute_seconds, 600, got 1200",
    ),
    (
        "security.contact",
        '"security@bakery.example"',
        "security.contact: expected a mailto: or https: address such as mailto:security@brand.example",
    ),
]


@pytest.mark.parametrize(("key", "value", "line"), TABLE)
def test_refuses_a_mistake_with_file_key_and_expectation(
    tmp_path: Path, key: str, value: str | None, line: str
) -> None:
    assert problems(tmp_path, {key: value}) == [f"corner-bakery.toml: {line}"]


def test_names_every_mistake_of_every_file_at_once(tmp_path: Path) -> None:
    write_merchant(tmp_path, {"name": "1", "theme.accent": '"#fe0"', "links.home": '"x"'}, stem="a")
    write_merchant(tmp_path, {"hosts": '["b.example"]', "locale.languages": '["xx"]'}, stem="b")

    with pytest.raises(MerchantFilesWrong) as raised:
        load_merchants(tmp_path, {}, languages=LANGUAGES)

    named = [(problem.file, problem.key) for problem in raised.value.problems]
    assert named == [
        ("a.toml", "name"),
        ("a.toml", "theme.accent"),
        ("a.toml", "theme.accent"),
        ("a.toml", "links.home"),
        ("a.toml", "PAYTRONIX_A_CLIENT_ID"),
        ("a.toml", "PAYTRONIX_A_CLIENT_SECRET"),
        ("b.toml", "locale.languages[0]"),
        ("b.toml", "PAYTRONIX_B_CLIENT_ID"),
        ("b.toml", "PAYTRONIX_B_CLIENT_SECRET"),
    ]
    assert len(str(raised.value).splitlines()) == len(named)


def test_names_a_missing_table_by_the_keys_it_lacks(tmp_path: Path) -> None:
    absent = {"paytronix.base_url": None, "paytronix.merchant_id": None, "paytronix.sign_in": None}

    keys = [line.split(": ")[1] for line in problems(tmp_path, absent)]

    assert keys == ["paytronix.base_url", "paytronix.merchant_id", "paytronix.sign_in"]


def test_refuses_a_host_that_two_files_claim_even_when_one_is_wrong_otherwise(tmp_path: Path) -> None:
    write_merchant(tmp_path, {"name": "1"}, stem="a")
    write_merchant(tmp_path, {"hosts": '["other.example", "BAKERY.example"]'}, stem="b")

    with pytest.raises(
        MerchantFilesWrong, match=r'b\.toml: hosts: expected hosts of its own, "bakery\.example" belongs'
    ):
        load_merchants(tmp_path, {}, languages=LANGUAGES)


def test_refuses_a_second_fallback(tmp_path: Path) -> None:
    write_merchant(tmp_path, {"hosts": '["*"]'}, stem="a")
    write_merchant(tmp_path, {"hosts": '["*"]'}, stem="b")

    with pytest.raises(
        MerchantFilesWrong, match=r'b.toml: hosts: expected hosts of its own, "\*" belongs to a.toml'
    ):
        load_merchants(tmp_path, {}, languages=LANGUAGES)


# For the parts of a path that are no fixed keys; elsewhere such a part is a language.
EXAMPLES = {"wallets": ("7", "es"), "messages": ("en", "invalid_status"), "pages": ("en", "help")}


@pytest.mark.parametrize("path", KEYS, ids=".".join)
def test_says_of_every_key_what_it_expects(tmp_path: Path, path: tuple[str, ...]) -> None:
    examples = iter(EXAMPLES.get(path[0], ("es",)))
    key = ".".join(next(examples) if step == "*" else step for step in path)

    (line,) = problems(tmp_path, {key: "2024-01-01"})

    assert re.fullmatch(
        rf"corner-bakery\.toml: {re.escape(key)}: expected (?!a table).+, got a date or time", line
    )


@pytest.mark.parametrize(
    "key", ["paytronix.base_url", "links.home", "security.contact", "theme.logo", "card.picture"]
)
def test_repeats_no_address_and_no_name_of_a_file_that_may_hold_a_secret(tmp_path: Path, key: str) -> None:
    (line,) = problems(tmp_path, {key: f'"{"canary" * 100}"'})

    assert "canary" not in line


@pytest.mark.parametrize(("key", "line"), [("wallets.7.label", "wallets.7"), ("support.hours", "support")])
def test_a_table_of_a_language_is_no_place_for_other_keys(tmp_path: Path, key: str, line: str) -> None:
    table, _, name = key.rpartition(".")

    (found,) = problems(tmp_path, {f"{table}.fr.{name}s": '"x"'})

    assert found == f'corner-bakery.toml: {line}.fr.{name}s: unknown key; the nearest known key is "{name}"'
