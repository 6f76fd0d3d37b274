"""The vendor's JSON: nothing is lost, nothing unknown hurts, and what is wrong is named without being shown."""

import json

import pytest

from guestportal.paytronix.replies.account import (
    AccountInformation,
    CardReply,
    ExpirationReply,
    ExternalAccountReply,
    PerkReply,
    StoreReply,
    WalletReply,
)
from guestportal.paytronix.replies.envelope import Envelope
from guestportal.paytronix.replies.integration import IntegrationNamesReply
from guestportal.paytronix.replies.structs import Items, Lenient, Malformed, Text, decode, encode
from guestportal.paytronix.scalars import truth, whole_number
from tests.support import builders
from tests.support.reply_structs import decoded, snake

SECRET = "4815162342-canary"


def wallet(body: str) -> WalletReply:
    return decode(body.encode(), WalletReply)


def text(value: str) -> Lenient[Text]:
    return Lenient(Text(value))


def test_reads_every_member_of_the_seeds_reply() -> None:
    reply = decoded(builders.account_information())

    assert reply.account_status.value == reply.query_card_status.value == "ACTIVE"
    assert reply.username.value == "GuestREST"
    assert reply.is_registered.value is True
    assert (reply.card_template_code.value, reply.card_template_label.value) == ("3", "Loyalty Card")
    assert (reply.tier_code.value, reply.tier_label.value) == ("1", "REGISTERED")
    assert reply.enrollment_store.value == StoreReply(code=text("corp"), label=text("Corporate"))
    fields = reply.fields.value
    assert fields is not None
    assert fields.enroll_date.value == "2014-07-29"
    assert fields.favorite_store == reply.enrollment_store
    assert fields.perks == fields.external_accounts == Items()
    primary = reply.primary_card.value
    assert primary is not None
    assert primary.printed_card_number.value == builders.CARD_NUMBER
    assert primary.masked_card_number.value == "418000"
    assert primary.status.value == "ACTIVE"
    assert reply.additional_cards == reply.reward_balances == Items()
    assert [
        (each.wallet_code.value, each.name.value, each.balance.value, each.giftable.value)
        for each in reply.point_balances
    ] == [("5", "Visits", "1", False), ("3", "Points", "0", False)]
    assert reply.stored_value_balance.is_absent


def test_reads_stored_value_as_one_wallet_with_description_and_expirations() -> None:
    stored = builders.wallet(balance="42.50", description="Money", expirations=[builders.expiration()])

    reply = decoded(builders.account_information(storedValueBalance=stored))

    read = reply.stored_value_balance.value
    assert read is not None
    assert read.balance.value == "42.50"
    assert read.description.value == "Money"
    assert read.expirations == Items((ExpirationReply(amount=text("1"), expiration_date=text("2031-12-31")),))


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

    assert decoded(extended) == decoded(plain)


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
    assert wallet(f'{{"balance": {sent}}}').balance.value == read


def test_reads_a_card_number_sent_as_a_number() -> None:
    reply = decode(b'{"printedCardNumber": 6000301000418000}', CardReply)

    assert reply.printed_card_number.value == "6000301000418000"


@pytest.mark.parametrize(
    ("value", "expected"),
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
def test_reads_booleans_of_every_release(value: bool | str | int | None, expected: bool | None) -> None:
    assert truth(decoded({"isRegistered": value}).is_registered.value) is expected


@pytest.mark.parametrize(
    ("sent", "expected"), [("true", True), ('"true"', True), ('"FALSE"', False), ("1", True), ("0", False)]
)
def test_reads_giftable_as_boolean_string_or_number(sent: str, expected: bool) -> None:
    assert truth(wallet(f'{{"giftable": {sent}}}').giftable.value) is expected


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5", 5),
        ("007", 7),
        ("5.0", 5),
        ("21.00", 21),
        ("5.5", None),
        ("5.", None),
        (".0", None),
        ("", None),
        (None, None),
        ("٥", None),
        ("²", None),
        ("-5", None),
        ("9" * 5000, None),
    ],
)
def test_reads_codes_as_numbers_or_not_at_all(value: str | None, number: int | None) -> None:
    assert whole_number(value) == number


def test_reads_past_a_byte_order_mark() -> None:
    reply = decode(b"\xef\xbb\xbf" + json.dumps(builders.account_information()).encode(), AccountInformation)

    assert reply.username.value == "GuestREST"


SIDE_MEMBERS = {
    "username": "GuestREST",
    "isRegistered": True,
    "registrationStatus": "Registered",
    "cardTemplateCode": 3,
    "cardTemplateLabel": "Loyalty Card",
    "tierCode": 1,
    "tierLabel": "REGISTERED",
    "enrollmentStore": builders.store(),
    "fields": builders.fields(),
}


@pytest.mark.parametrize("odd", [[SECRET], {SECRET: SECRET}, [[]], {}, 5, 1.0, True, SECRET])
@pytest.mark.parametrize("name", SIDE_MEMBERS)
def test_keeps_a_balance_whatever_stands_beside_it(name: str, odd: object) -> None:
    reply = decoded(builders.account_information(**{**SIDE_MEMBERS, name: odd}))

    assert [each.balance.value for each in reply.point_balances] == ["1", "0"]
    kept = {other for other in SIDE_MEMBERS if other != name}
    plain = decoded(builders.account_information(**SIDE_MEMBERS))
    assert all(getattr(reply, snake(other)) == getattr(plain, snake(other)) for other in kept)


@pytest.mark.parametrize("odd", [{}, [], [SECRET], {"label": {"en": SECRET}}, 1.0, "soon"])
@pytest.mark.parametrize("name", ["name", "description", "giftable", "expirations"])
def test_keeps_an_amount_whatever_stands_beside_it(name: str, odd: object) -> None:
    reply = decoded({"pointBalances": [builders.wallet(balance="12.10", **{name: odd})]})

    assert [(each.wallet_code.value, each.balance.value) for each in reply.point_balances] == [("5", "12.10")]


def test_takes_what_can_be_read_out_of_an_odd_list() -> None:
    perks = [5, None, [SECRET], "Free delivery", {"code": 7, "label": {"en": SECRET}}]
    accounts = [{"integration": "facebook", "name": "Rosa"}, True, {"integration": {"name": "Delivery"}}]
    expirations = ["soon", {"amount": {}, "expirationDate": "2031-12-31"}, {"amount": 1.5}]

    reply = decoded(
        builders.account_information(
            fields=builders.fields(perks=perks, externalAccounts=accounts),
            storedValueBalance=builders.wallet(expirations=expirations),
        )
    )

    fields, stored = reply.fields.value, reply.stored_value_balance.value
    assert fields is not None
    assert stored is not None
    assert fields.perks == Items(("Free delivery", PerkReply(code=text("7"))), left_out=2)
    assert fields.external_accounts == Items(
        (
            ExternalAccountReply(name=text("Rosa")),
            ExternalAccountReply(integration=Lenient(IntegrationNamesReply(name=text("Delivery")))),
        ),
        left_out=1,
    )
    assert stored.expirations == Items(
        (
            ExpirationReply(expiration_date=text("2031-12-31")),
            ExpirationReply(amount=text("1.5")),
        ),
        left_out=1,
    )


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
    with pytest.raises(Malformed) as caught:
        decode(body, AccountInformation)

    assert "canary" not in str(caught.value)


def test_needs_the_result_of_an_envelope_and_nothing_else() -> None:
    with pytest.raises(Malformed, match="result"):
        decode(b'{"errorCode": "x"}', Envelope)

    assert decode(b'{"result": "x"}', Envelope) == Envelope(result="x")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('"a.b"', "a.b"),
        ("12", 12),
        ("1.50", "1.50"),
        ("null", None),
        ("false", None),
        ('{"en": "Locked"}', None),
        ("[]", None),
    ],
)
def test_reads_code_and_message_of_an_envelope_or_goes_without(sent: str, read: str | int | None) -> None:
    body = f'{{"result": "failure", "errorCode": {sent}, "errorMessage": {sent}}}'

    envelope = decode(body.encode(), Envelope)

    assert (envelope.error_code.value, envelope.error_message.value) == (read, read)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (r"cut \ud83c", "cut \ufffd"),
        (r"\uDE4F cut", "\ufffd cut"),
        (r"\ud83d\ud83d\ude4f", "\ufffd\U0001f64f"),
        (r"\ud83d\ude4f", "\U0001f64f"),
        (r"\\ud83c", r"\ud83c"),
        (r"\\\ud83c", "\\\ufffd"),
        (r"\"\ud83cA", '"\ufffdA'),
    ],
)
def test_half_a_pair_takes_no_reply_away(sent: str, read: str) -> None:
    body = f'{{"result": "success", "username": "{sent}"}}'.encode()

    assert decode(body, Envelope).result == "success"
    assert decode(body, AccountInformation).username.value == read


def test_writes_what_it_reads_back_alike() -> None:
    reply = decoded(
        builders.account_information(
            storedValueBalance=builders.wallet(balance="12.10", expirations=[builders.expiration()]),
            fields=builders.fields(
                perks=["Free delivery", {"code": "refill", "label": "Free refills"}],
                externalAccounts=["plain", {"integration": {"name": "Delivery"}}],
                favoriteStore="corp",
            ),
            isRegistered="Registered",
            cardTemplateCode=9007199254740993,
            tierCode=1.0,
        )
    )

    assert decode(encode(reply), AccountInformation) == reply
