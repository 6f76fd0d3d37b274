"""What a correct merchant file becomes: values, defaults and order."""

import dataclasses
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from guestportal.merchants.definition import (
    Features,
    Limits,
    Links,
    Merchant,
    SignIn,
    Support,
    Unit,
    WalletSetting,
)
from guestportal.merchants.loading import load_merchants
from guestportal.sandbox import identity
from tests.support.merchant_files import CREDENTIALS, KEYS, LANGUAGES, merchant, only_merchant, problems

DEMO_DIRECTORY = Path(settings.BASE_DIR) / "guestportal" / "merchants"


@pytest.fixture(scope="module")
def demo() -> Merchant:
    return only_merchant(DEMO_DIRECTORY, {})


def test_needs_no_more_than_the_five_required_keys(tmp_path: Path) -> None:
    bakery = merchant(tmp_path)

    assert (bakery.slug, bakery.name, bakery.hosts) == ("corner-bakery", "Corner Bakery", ("bakery.example",))
    assert bakery.sign_in == (SignIn.CARD,)
    assert not bakery.sandbox
    assert bakery.integration.base_url == "https://m123.api.pxslab.example/rest/26.6"
    assert bakery.integration.merchant_id == 123
    assert bakery.integration.slug == "corner-bakery"
    assert bakery.integration.deadline_seconds == 10
    assert bakery.locale.languages == ("en",)
    assert bakery.locale.time_zone == ZoneInfo("UTC")
    assert bakery.locale.currency is None
    assert bakery.card.number_lengths == tuple(range(10, 20))
    assert bakery.card.code_lengths == tuple(range(4, 9))
    assert bakery.card.picture is None
    assert bakery.theme.logo is None
    assert (dict(bakery.wallets), dict(bakery.messages), dict(bakery.pages)) == ({}, {}, {})
    assert (bakery.features, bakery.links, bakery.support) == (Features(), Links(), Support())
    assert bakery.limits == Limits()
    assert bakery.security_contact is None


@pytest.mark.parametrize("path", KEYS, ids=".".join)
def test_demo_file_shows_every_key_there_is(path: tuple[str, ...]) -> None:
    document: object = tomllib.loads((DEMO_DIRECTORY / "demo.toml").read_text(encoding="utf-8"))

    assert is_written(document, path)


def is_written(table: object, path: tuple[str, ...]) -> bool:
    """Whether a key stands there; "*" is any wallet's code, message's key or language, or none."""
    if not path:
        return True
    if not isinstance(table, dict):
        return False
    below = [table, *table.values()] if path[0] == "*" else [table[path[0]]] if path[0] in table else []
    return any(is_written(each, path[1:]) for each in below)


def test_demo_file_shows_the_defaults_of_what_it_need_not_say(demo: Merchant, tmp_path: Path) -> None:
    plain = merchant(tmp_path, {"paytronix.sign_in": '["card", "oauth"]'})

    assert demo.features == plain.features
    for name in ("connect_timeout_seconds", "read_timeout_seconds", "deadline_seconds"):
        assert getattr(demo.integration, name) == getattr(plain.integration, name)
    for limit in dataclasses.fields(Limits):
        default = getattr(plain.limits, limit.name)
        assert default in {None, getattr(demo.limits, limit.name)}, limit.name


def test_demo_talks_to_the_sandbox_with_the_published_credentials(demo: Merchant) -> None:
    assert demo.sandbox
    assert demo.integration.base_url == "http://127.0.0.1:8001/rest/26.6"
    assert demo.integration.merchant_id == identity.MERCHANT_ID
    assert demo.integration.client_id == identity.CLIENT_ID
    assert demo.integration.client_secret == identity.CLIENT_SECRET


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key", ["invalid_status", "card_suspended", "card_exchanged", "card_disabled", "gifttransfer.not_pending"]
)
def test_demo_has_words_of_its_own_in_every_language(demo: Merchant, language: str, key: str) -> None:
    words = demo.message(key, language)

    assert words
    assert words == demo.messages[language][key]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["help", "privacy", "accessibility"])
def test_demo_has_pages_of_its_own_in_every_language(demo: Merchant, language: str, page: str) -> None:
    assert len(demo.pages[language][page]) >= 2


def test_demo_shows_the_seeds_wallets_as_plain_numbers(demo: Merchant) -> None:
    assert demo.wallet(identity.WALLET_VISITS) == WalletSetting()
    assert demo.wallet(identity.WALLET_POINTS) == WalletSetting()
    assert demo.wallet(identity.WALLET_STORED_VALUE).unit is Unit.MONEY


def test_the_portals_own_directory_can_be_served_as_it_is() -> None:
    registry = load_merchants(DEMO_DIRECTORY, {}, languages=LANGUAGES)

    assert [one.slug for one in registry] == ["demo"]


def test_an_error_code_of_paytronix_needs_no_quotes_around_its_dot(tmp_path: Path) -> None:
    bakery = merchant(
        tmp_path,
        {
            "messages.en.gifttransfer.self": '"Yours."',
            'messages.en."gifttransfer.not_pending"': '"Answered."',
        },
    )

    assert bakery.messages["en"] == {
        "gifttransfer.self": "Yours.",
        "gifttransfer.not_pending": "Answered.",
    }


def test_keeps_the_files_order_of_wallets(tmp_path: Path) -> None:
    codes = ("30", "4", "100", "1")
    bakery = merchant(tmp_path, {f"wallets.{code}.hidden": "false" for code in codes})

    assert list(bakery.wallets) == [30, 4, 100, 1]


def test_an_unlisted_wallet_has_the_default_setting(tmp_path: Path) -> None:
    bakery = merchant(tmp_path, {"wallets.5.hidden": "true"})

    assert bakery.wallet(5).hidden
    assert bakery.wallet(6) == WalletSetting()
    assert bakery.wallet(None) == WalletSetting()


def test_mappings_of_a_merchant_cannot_be_changed(tmp_path: Path) -> None:
    bakery = merchant(tmp_path, {"wallets.5.hidden": "true", "messages.en.invalid_status": '"Ask us."'})

    for mapping in (bakery.wallets, bakery.messages, bakery.messages["en"], bakery.pages, bakery.card.words):
        with pytest.raises(TypeError):
            mapping["new"] = "value"  # type: ignore[index]  # the point of this test


def test_money_is_fine_with_a_currency(tmp_path: Path) -> None:
    bakery = merchant(tmp_path, {"wallets.1.unit": '"money"', "locale.currency": '"EUR"'})

    assert bakery.wallet(1).unit is Unit.MONEY
    assert bakery.locale.currency == "EUR"


def test_lengths_are_sorted_and_distinct(tmp_path: Path) -> None:
    assert merchant(tmp_path, {"card.number_lengths": "[16, 14, 16]"}).card.number_lengths == (14, 16)


def test_a_merchant_without_card_sign_in_has_no_card_form(tmp_path: Path) -> None:
    assert not merchant(tmp_path, {"paytronix.sign_in": '["oauth"]'}).features.card_form
    assert merchant(tmp_path, {"paytronix.sign_in": '["oauth", "card"]'}).features.card_form
    assert not merchant(tmp_path, {"features.card_form": "false"}).features.card_form


def test_sign_in_keeps_its_order(tmp_path: Path) -> None:
    ways = merchant(tmp_path, {"paytronix.sign_in": '["oauth", "guest", "card"]'}).sign_in

    assert ways == (SignIn.OAUTH, SignIn.GUEST, SignIn.CARD)


def test_pages_are_parted_at_blank_lines(tmp_path: Path) -> None:
    bakery = merchant(tmp_path, {"pages.en.help": '"""\nOne\nline.\n \n\n\nTwo.\n"""'})

    assert bakery.pages["en"]["help"] == ("One line.", "Two.")
    assert "privacy" not in bakery.pages["en"]


def test_messages_fall_back_to_the_default_language(tmp_path: Path) -> None:
    bakery = merchant(
        tmp_path,
        {
            "locale.languages": '["es", "en"]',
            "messages.es.card_suspended": '"Llámenos."',
            'messages.en."guest.locked"': '"Call us."',
        },
    )

    assert bakery.message("card_suspended", "en") == "Llámenos."
    assert bakery.message("guest.locked", "en") == "Call us."
    assert bakery.message("guest.locked", "es") is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://m1.api.pxsweb.example/rest/25.33/", "https://m1.api.pxsweb.example/rest/25.33"),
        ("https://M1.API.Example/api/rest/25.33", "https://m1.api.example/api/rest/25.33"),
        ("https://m1.example:8443/rest/26.6", "https://m1.example:8443/rest/26.6"),
    ],
)
def test_base_url_is_kept_without_a_trailing_slash(tmp_path: Path, written: str, kept: str) -> None:
    assert merchant(tmp_path, {"paytronix.base_url": f'"{written}"'}).integration.base_url == kept


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost:8001", "[::1]:8001", "127.9.9.9"])
def test_sandbox_may_be_reached_without_tls_on_a_loopback_address(tmp_path: Path, host: str) -> None:
    changes = {"paytronix.base_url": f'"http://{host}/rest/26.6"', "paytronix.sandbox": "true"}

    assert merchant(tmp_path, changes).integration.base_url == f"http://{host}/rest/26.6"


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "sandbox.example", "127.0.0.1.example.com", "localhost.example"]
)
def test_no_other_address_goes_without_tls(tmp_path: Path, host: str) -> None:
    changes = {"paytronix.base_url": f'"http://{host}/rest/26.6"', "paytronix.sandbox": "true"}

    (line,) = problems(tmp_path, changes)

    assert "http only for a loopback address" in line


def test_the_environment_may_name_another_server(tmp_path: Path) -> None:
    environ = {**CREDENTIALS, "PAYTRONIX_CORNER_BAKERY_BASE_URL": "https://lab.example/rest/27.1"}

    assert merchant(tmp_path, environ=environ).integration.base_url == "https://lab.example/rest/27.1"


def test_a_wrong_server_in_the_environment_is_named_by_its_variable(tmp_path: Path) -> None:
    environ = {**CREDENTIALS, "PAYTRONIX_CORNER_BAKERY_BASE_URL": "https://a:canary@lab.example/rest/27.1"}

    (line,) = problems(tmp_path, environ=environ)

    assert line.startswith(
        "corner-bakery.toml: PAYTRONIX_CORNER_BAKERY_BASE_URL: expected an address without"
    )
    assert "canary" not in line


@pytest.mark.parametrize("contact", ["mailto:security@bakery.example", "https://bakery.example/security"])
def test_security_contact_is_a_mail_or_web_address(tmp_path: Path, contact: str) -> None:
    assert merchant(tmp_path, {"security.contact": f'"{contact}"'}).security_contact == contact


@pytest.mark.parametrize("phone", ["+1 207 555 0142", "(207) 555-0142", "020 7946 0018", "5550142"])
def test_telephone_numbers_are_written_in_many_ways(tmp_path: Path, phone: str) -> None:
    assert merchant(tmp_path, {"support.phone": f'"{phone}"'}).support.phone == phone
