"""From the vendor's reply to our account: exact, complete, and honest about what is not known."""

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.domain import Account, Card, Store
from accounts.reading import read_account, read_amount
from guestportal.merchants.amounts import Amount
from guestportal.merchants.definition import Merchant, Unit, WalletSetting
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.structs import decode
from tests.support import builders
from tests.support.builders import CARD_NUMBER, demo_merchant

READ_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def read(payload: object, *, merchant: Merchant | None = None) -> Account:
    reply = decode(json.dumps(payload).encode(), AccountInformation)
    return read_account(reply, merchant=merchant or demo_merchant(), card_number=CARD_NUMBER, read_at=READ_AT)


def test_reads_the_seeds_reply_whole() -> None:
    account = read(builders.account_information())

    assert account.card == Card(number=CARD_NUMBER, ending="418000", status="ACTIVE")
    assert (account.account_status, account.status) == ("ACTIVE", "ACTIVE")
    assert account.primary_card is None
    assert account.additional_cards == ()
    assert account.rewards == ()
    assert account.perks == account.external_accounts == ()
    assert (account.username, account.registered) == ("GuestREST", True)
    assert (account.card_type, account.card_template_code, account.tier) == ("Loyalty Card", 3, "REGISTERED")
    assert account.stored_value is None
    assert [(each.name, each.amount.value, each.giftable) for each in account.points] == [
        ("Visits", Decimal(1), False),
        ("Points", Decimal(0), False),
    ]
    assert account.enrollment_store == account.favorite_store == Store("corp", "Corporate")
    assert (account.enroll_date, account.enroll_date_received) == (date(2014, 7, 29), "2014-07-29")
    assert account.read_at == READ_AT


def test_reads_an_empty_reply_as_unknown_and_never_as_nothing() -> None:
    account = read({})

    assert account.status is None
    assert account.registered is None
    assert account.stored_value is None
    assert account.points == account.rewards == ()
    assert account.card.ending == "418000"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("1", "1"),
        ("+0012.50", "12.50"),
        ("-12.345", "-12.345"),
        ("  7.05 ", "7.05"),
        ("9" * 500, "9" * 500),
        ("0." + "0" * 400 + "1", "0." + "0" * 400 + "1"),
        *((".5", "0.5"), ("5.", "5"), ("-.5", "-0.5")),
        *(("1E+3", "1000"), ("1.5e3", "1500"), ("1E-2", "0.01"), ("1.2E-51", "0." + "0" * 50 + "12")),
        *(("0E-8", "0.00000000"), ("0E+99", "0"), ("-0.00", "0.00")),
    ],
)
def test_reads_decimals_exactly(text: str, value: str) -> None:
    read_value = read_amount(text, merchant=demo_merchant()).value

    assert read_value is not None
    assert read_value.as_tuple() == Decimal(value).as_tuple(), "no digit is lost, and zero has no sign"


NO_DECIMALS = (
    *(
        "NaN",
        "Infinity",
        "1E100",
        "1e400",
        "1E-400",
        "1E999999999",
        "1,000",
        "1 000",
        ".",
        "1E",
        "--5",
        "0x10",
        "1_000",
    ),
    *("٥", "１２", "true", "n/a", "1" * 501, "1" * 100_000),
)


@pytest.mark.parametrize("text", NO_DECIMALS, ids=lambda text: text[:8])
def test_keeps_what_is_no_decimal_as_received_and_without_a_value(text: str) -> None:
    """A number longer than any balance among them: writing it out would take time."""
    amount = read_amount(text, merchant=demo_merchant())

    assert (amount.value, amount.received) == (None, text)


@pytest.mark.parametrize("text", [None, "", "   ", "\t\n", "None", "null"])
def test_tells_unknown_from_zero(text: str | None) -> None:
    assert read_amount(text, merchant=demo_merchant()) == Amount(None, None, Unit.NUMBER, "USD")


@pytest.mark.parametrize(
    ("sent", "code", "unit"),
    [
        *((1, 1, Unit.MONEY), (8, 8, Unit.MONEY), (7, 7, Unit.POINTS), (21, 21, Unit.ITEMS)),
        *(("1", 1, Unit.MONEY), ("1.0", 1, Unit.MONEY), (4711, 4711, Unit.NUMBER)),
        *((None, None, Unit.NUMBER), ("x", None, Unit.NUMBER), (-1, None, Unit.NUMBER)),
        (2**70, None, Unit.NUMBER),
    ],
)
def test_takes_the_unit_from_the_merchant_and_never_invents_one(
    sent: object, code: int | None, unit: Unit
) -> None:
    (wallet,) = read({"pointBalances": [builders.wallet(walletCode=sent)]}).points

    assert (wallet.code, wallet.amount.unit) == (code, unit)


def test_keeps_the_merchants_order_and_then_paytronixs() -> None:
    merchant = dataclasses.replace(demo_merchant(), wallets={5: WalletSetting(), 3: WalletSetting()})
    wallets = [builders.wallet(walletCode=code, name=f"w{code}") for code in (90, 3, 80, 5, None)]

    account = read({"pointBalances": wallets, "rewardBalances": wallets}, merchant=merchant)

    assert [wallet.code for wallet in account.points] == [5, 3, 90, 80, None]
    assert [wallet.code for wallet in account.rewards] == [5, 3, 90, 80, None]


def test_leaves_hidden_wallets_out_wherever_they_stand() -> None:
    merchant = dataclasses.replace(demo_merchant(), wallets={9: WalletSetting(hidden=True)})
    hidden = builders.wallet(walletCode=9)

    account = read(
        {"pointBalances": [hidden], "rewardBalances": [hidden], "storedValueBalance": hidden},
        merchant=merchant,
    )

    assert (account.points, account.rewards, account.stored_value) == ((), (), None)
    assert (account.hides_balances, account.hides_rewards) == (True, True)


def test_names_a_wallet_as_the_merchant_does() -> None:
    labels = {"en": "Visits made", "es": "Visitas"}
    merchant = dataclasses.replace(demo_merchant(), wallets={5: WalletSetting(labels=labels)})

    for language, name in (("en", "Visits made"), ("es", "Visitas"), ("fr", "Visits")):
        with translation.override(language):
            (wallet,) = read({"pointBalances": [builders.wallet()]}, merchant=merchant).points
        assert wallet.name == name
    assert [each.name for each in read({"pointBalances": [{}]}).points] == [""]


def test_sorts_expirations_soonest_first_and_drops_none() -> None:
    days: list[object] = ["2031-12-31", "soon", "2027-01-02", None, "2027-1-1", "2026-02-30", []]
    expirations = [builders.expiration(expirationDate=day) for day in days]
    (wallet,) = read({"pointBalances": [builders.wallet(expirations=[*expirations, "soon", 5])]}).points

    readable = [date(2027, 1, 1), date(2027, 1, 2), date(2031, 12, 31)]
    assert [each.date for each in wallet.expirations] == [*readable, *[None] * 4]
    unread = [each.received_date for each in wallet.expirations[len(readable) :]]
    assert unread == ["soon", None, "2026-02-30", None]
    assert not any(each.is_past for each in wallet.expirations), "of no day that cannot be read either"


@pytest.mark.parametrize(
    ("day", "is_past"),
    [("2010-01-01", True), ("2026-11-21", True), ("2026-11-22", False), ("2026-11-23", False)],
)
@pytest.mark.parametrize("hours", [5, 28])  # from the 22nd in UTC: both are the 22nd in New York
def test_counts_a_day_as_past_when_it_is_over_in_the_merchants_zone(
    day: str, is_past: bool, hours: int
) -> None:
    wallet = builders.wallet(expirations=[builders.expiration(expirationDate=day)])
    reply = decode(json.dumps({"pointBalances": [wallet]}).encode(), AccountInformation)
    read_at = datetime(2026, 11, 22, 0, 30, tzinfo=UTC) + timedelta(hours=hours)

    account = read_account(reply, merchant=demo_merchant(), card_number=CARD_NUMBER, read_at=read_at)

    assert [each.is_past for each in account.points[0].expirations] == [is_past]


@pytest.mark.parametrize(
    ("payload", "registered"),
    [
        ({"isRegistered": True}, True),
        ({"isRegistered": "false"}, False),
        ({"registrationStatus": "Registered"}, True),
        ({"registrationStatus": "Unregistered"}, False),
        ({"isRegistered": "", "registrationStatus": "Registered"}, True),
        ({"isRegistered": False, "registrationStatus": "Registered"}, False),
        ({}, None),
    ],
)
def test_knows_whether_a_guest_is_registered_or_says_nothing(
    payload: builders.Payload, registered: bool | None
) -> None:
    assert read(payload).registered is registered


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2014-07-29", date(2014, 7, 29)),
        ("20140729", date(2014, 7, 29)),
        ("2014-07-29 16:29:22 -0400", date(2014, 7, 29)),
        ("2014-07-29T00:00:00.000Z", date(2014, 7, 29)),
        ("2014-07-29T03:30:00Z", date(2014, 7, 28)),
        ("29/07/2014", None),
        ("0000-00-00", None),
        ("2014-13-01", None),
        ("2014-07-29T", None),
    ],
)
def test_reads_dates_or_keeps_them_as_received(received: str, day: date | None) -> None:
    account = read({"fields": {"enrollDate": received}})

    assert (account.enroll_date, account.enroll_date_received) == (day, received)


def test_reads_perks_and_linked_accounts_of_every_shape() -> None:
    fields = {
        "perks": [
            *("Free delivery", {"label": "Refill"}, {"name": "Skip"}, {"code": "vip", "label": " "}),
            *({"code": 7, "label": {"en": "x"}}, {}, "", " ", 5, None),
        ],
        "externalAccounts": [
            *("plain", {"integration": {"name": "Delivery"}}, {"name": "Named"}, {"label": "L"}),
            *({"identifier": "1000123456", "integration": {"identifier": "fb"}}, {"integration": "facebook"}),
            *({"identifier": 1000123456}, {"identifier": "rosa@example.net"}, {"identifier": "x"}, {}),
        ],
    }
    account = read({"fields": fields})

    assert account.perks == ("Free delivery", "Refill", "Skip", "vip", "7")
    assert account.external_accounts == (
        *("plain", "Delivery", "Named", "L", "fb"),
        *("…3456", "r…@example.net", "…x"),
    )


@pytest.mark.parametrize(
    ("payload", "tier"),
    [
        ({"tierCode": 4}, "4"),
        ({"tierCode": 4, "tierLabel": ""}, "4"),
        ({"tierCode": 4, "tierLabel": "Gold"}, "Gold"),
        ({"tierCode": [4]}, None),
    ],
)
def test_names_a_tier_by_its_code_when_it_has_no_label(payload: builders.Payload, tier: str | None) -> None:
    assert read(payload).tier == tier


@pytest.mark.parametrize(
    ("store", "read_store"),
    [
        ({"code": "c", "label": "L"}, Store("c", "L")),
        ({"code": "c"}, Store("c", "c")),
        ({"code": 112, "label": None}, Store("112", "112")),
        ({"label": "L"}, Store("", "L")),
        ({"code": "c", "label": ["L"]}, Store("c", "c")),
        ({}, None),
        ("corp", None),
        (None, None),
    ],
)
def test_reads_stores_of_every_shape(store: object, read_store: Store | None) -> None:
    assert read({"enrollmentStore": store}).enrollment_store == read_store


def test_hides_numbers_in_reprs() -> None:
    account = read(builders.account_information(primaryCard=builders.card("6000301000909909")))

    assert CARD_NUMBER not in repr(account)
    assert "6000301000909909" not in repr(account)
