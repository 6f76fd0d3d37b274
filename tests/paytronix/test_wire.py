"""The vendor's JSON: nothing is lost, nothing unknown hurts, and what is wrong is named without being shown."""

import json

import pytest

from guestportal.paytronix import wire
from tests import builders

SECRET = "4815162342-canary"


def decode(payload: object) -> wire.AccountInformation:
    return wire.decode(json.dumps(payload).encode(), wire.AccountInformation)


def wallet(text: str) -> wire.WalletReply:
    return wire.decode(text.encode(), wire.WalletReply)


def test_reads_every_member_of_the_seeds_reply() -> None:
    reply = decode(builders.account_information())

    assert reply.account_status == reply.query_card_status == "ACTIVE"
    assert reply.username == "GuestREST"
    assert reply.is_registered is True
    assert (reply.card_template_code, reply.card_template_label) == (3, "Loyalty Card")
    assert (reply.tier_code, reply.tier_label) == (1, "REGISTERED")
    assert reply.enrollment_store == wire.StoreReply(code=wire.Text("corp"), label=wire.Text("Corporate"))
    assert reply.fields is not None
    assert reply.fields.enroll_date == "2014-07-29"
    assert reply.fields.favorite_store == reply.enrollment_store
    assert reply.fields.perks == reply.fields.external_accounts == []
    assert reply.primary_card is not None
    assert reply.primary_card.printed_card_number == builders.CARD_NUMBER
    assert reply.primary_card.masked_card_number == "418000"
    assert reply.primary_card.status == "ACTIVE"
    assert reply.additional_cards == []
    assert reply.reward_balances == []
    assert reply.point_balances is not None
    assert [(each.wallet_code, each.name, each.balance, each.giftable) for each in reply.point_balances] == [
        (5, "Visits", "1", False),
        (3, "Points", "0", False),
    ]
    assert reply.stored_value_balance is None


def test_reads_stored_value_as_one_wallet_with_description_and_expirations() -> None:
    stored = builders.wallet(balance="42.50", description="Money", expirations=[builders.expiration()])

    reply = decode(builders.account_information(storedValueBalance=stored))

    assert reply.stored_value_balance is not None
    assert reply.stored_value_balance.balance == "42.50"
    assert reply.stored_value_balance.description == "Money"
    assert reply.stored_value_balance.expirations == [
        wire.ExpirationReply(amount=wire.Text("1"), expiration_date=wire.Text("2031-12-31"))
    ]


def test_ignores_unknown_members_at_every_depth() -> None:
    odd = {"nested": [{"deep": None}], "number": 1e9}
    plain = builders.account_information(additionalCards=[builders.card("6000301000731214")])
    extended = builders.account_information(
        odd=odd,
        additionalCards=[builders.card("6000301000731214", odd=odd)],
        enrollmentStore=builders.store(odd=odd),
        fields=builders.fields(odd=odd, favoriteStore=builders.store(odd=odd)),
        pointBalances=[builders.wallet(odd=odd), builders.wallet(balance="0", name="Points", walletCode=3)],
        primaryCard=builders.card(odd=odd),
    )

    assert decode(extended) == decode(plain)


@pytest.mark.parametrize("payload", [{}, dict.fromkeys(builders.account_information(), None)])
def test_takes_missing_and_null_members_for_unknown(payload: builders.Payload) -> None:
    assert decode(payload) == wire.AccountInformation()


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('"12.10"', "12.10"),
        ("12.10", "12.10"),
        ("0.1", "0.1"),
        ("-0.0", "-0.0"),
        ("340", "340"),
        ("100000000000000000000000000000000000000001", "100000000000000000000000000000000000000001"),
        ("0.100000000000000000000000000000000000000001", "0.100000000000000000000000000000000000000001"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551617", "18446744073709551617"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("1E400", "1E400"),
        ("1e-400", "1e-400"),
        ("true", "true"),
        ('"+0012.50"', "+0012.50"),
        ('" 5 "', " 5 "),
        ('"\\u0000"', "\x00"),
    ],
)
def test_keeps_every_digit_of_a_number_quoted_or_not(sent: str, read: str) -> None:
    assert wallet(f'{{"balance": {sent}}}').balance == read


def test_reads_a_card_number_sent_as_a_number() -> None:
    reply = wire.decode(b'{"printedCardNumber": 6000301000418000}', wire.CardReply)

    assert reply.printed_card_number == "6000301000418000"


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("False", False),
        (" TRUE ", True),
        ("Registered", True),
        ("Unregistered", False),
        (1, True),
        (0, False),
        (None, None),
        ("", None),
        ("perhaps", None),
        ("not registered", None),
    ],
)
def test_reads_booleans_of_every_release(value: bool | str | int | None, truth: bool | None) -> None:
    assert wire.truth(decode({"isRegistered": value}).is_registered) is truth


@pytest.mark.parametrize(
    ("sent", "truth"), [("true", True), ('"true"', True), ('"FALSE"', False), ("1", True), ("0", False)]
)
def test_reads_giftable_as_boolean_string_or_number(sent: str, truth: bool) -> None:
    assert wire.truth(wallet(f'{{"giftable": {sent}}}').giftable) is truth


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5", 5),
        ("007", 7),
        ("5.0", None),
        ("", None),
        (None, None),
        ("٥", None),
        ("²", None),
        ("-5", None),
        ("9" * 5000, None),
    ],
)
def test_reads_codes_as_numbers_or_not_at_all(value: int | str | None, number: int | None) -> None:
    assert wire.whole_number(value) == number


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"pointBalances": SECRET}, "$.pointBalances"),
        ({"pointBalances": [{"name": [SECRET]}]}, "$.pointBalances[0].name"),
        ({"pointBalances": [SECRET]}, "$.pointBalances[0]"),
        ({"fields": [SECRET]}, "$.fields"),
        ({"fields": {"favoriteStore": SECRET}}, "$.fields.favoriteStore"),
        ({"primaryCard": {"printedCardNumber": {"number": SECRET}}}, "$.primaryCard.printedCardNumber"),
        ({"cardTemplateCode": {SECRET: SECRET}}, "$.cardTemplateCode"),
        ({"isRegistered": [SECRET]}, "$.isRegistered"),
        ({"fields": {"perks": [[SECRET]]}}, "$.fields.perks[0]"),
    ],
)
def test_names_the_path_of_what_is_wrong_and_never_the_value(payload: builders.Payload, path: str) -> None:
    with pytest.raises(wire.Malformed) as caught:
        decode(payload)

    assert str(caught.value).endswith(f"at `{path}`")
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"nonsense 4815162342-canary",
        b'{"username": "4815162342-canary',
        b'{"username": NaN}',
        b'{"username": "\xff4815162342-canary"}',
        b'{"username": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"{}{}",
        b'{"username": "4815162342-canary",}',
        b'{"odd": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"username": ' + b"9" * 5_000 + b"}",
        b"[]",
        b"null",
        b'"4815162342-canary"',
    ],
)
def test_refuses_what_is_no_object_without_showing_it(body: bytes) -> None:
    with pytest.raises(wire.Malformed) as caught:
        wire.decode(body, wire.AccountInformation)

    assert "canary" not in str(caught.value)


def test_needs_the_result_of_an_envelope_and_nothing_else() -> None:
    with pytest.raises(wire.Malformed, match="result"):
        wire.decode(b'{"errorCode": "x"}', wire.Envelope)

    assert wire.decode(b'{"result": "x"}', wire.Envelope).error_code is None
    assert (
        wire.decode(b'{"result": "x", "errorCode": 7, "errorMessage": null}', wire.Envelope).error_code == 7
    )


def test_writes_what_it_reads_back_alike() -> None:
    reply = decode(
        builders.account_information(
            storedValueBalance=builders.wallet(balance="12.10", expirations=[builders.expiration()]),
            fields=builders.fields(
                perks=["Free delivery", {"code": "refill", "label": "Free refills"}],
                externalAccounts=["plain", {"integration": {"name": "Delivery"}}],
            ),
            isRegistered="Registered",
        )
    )

    assert wire.decode(wire.encode(reply), wire.AccountInformation) == reply
