"""TransferInfo as domain objects: every documented field, and every way in which one can be missing or odd."""

import dataclasses
import json
from datetime import date
from decimal import Decimal

import pytest

from gifting.gift.domain import Deadline, Direction, GiftStatus, TargetKind
from gifting.gift.reading import preview_of, read_pending
from guestportal.merchants.definition import ExpirationDays, Gifts, WalletSetting
from tests.support.builders import demo_merchant, without
from tests.support.gift_payloads import (
    ANA_CARD,
    NOW,
    ROSA_CARD,
    balance,
    external,
    gift,
    person,
    reply,
    sent,
    transfer,
)


def test_reads_who_what_and_when() -> None:
    found = gift(transferMessage="Thank you!", status="PENDING")

    assert found.sender.short == "Rosa L."
    assert found.recipient.short == "Ana E."
    assert (found.item.name, found.item.plural, found.item.amount.value) == (
        "Free Coffee",
        "Free Coffees",
        Decimal(1),
    )
    assert found.message == "Thank you!"
    assert found.sent.at is not None
    assert found.sent.at.isoformat() == "2026-11-20T16:29:22-05:00"
    assert found.direction is Direction.IN
    assert found.waits
    assert found.answerable
    assert found.transaction_id == "9007199254800001", "more than a binary float holds"


def test_reads_the_answer_and_the_transaction_numbers() -> None:
    found = gift(
        status="REJECTED",
        responseDatetime="2026-11-21 10:00:00 -0500",
        responseMessage="I only drink tea.",
        transferInTransactionId=9007199254800014,
        voidTransferOutTransactionId="9007199254800027",
    )

    assert found.status == GiftStatus.REJECTED
    assert found.reply == "I only drink tea."
    assert found.answered.at is not None
    assert [value for _label, value in found.numbers] == [
        "9007199254800001",
        "9007199254800014",
        "9007199254800027",
    ]


def test_describes_a_reward_by_its_long_name_where_that_says_more() -> None:
    described = gift(balance=balance(destinationWalletNameLong="One free coffee of any size")).item

    assert described.description == "One free coffee of any size"
    assert gift(balance=balance(destinationWalletNameLong="free coffees")).item.description == ""


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ({"destinationWalletNameShort": "Free C.", "destinationWalletNameTiny": "Coffee"}, "Free C."),
        ({"destinationWalletNameTiny": "Coffee"}, "Coffee"),
        ({}, "Free Coffee"),
        ({"sourceWalletCode": None, "sourceWalletName": "Coffee for a friend"}, "Coffee for a friend"),
        ({"sourceWalletCode": 5, "sourceWalletName": "Visits"}, ""),
        ({"sourceWalletName": None}, ""),
    ],
)
def test_takes_a_shorter_name_or_that_of_the_same_wallet_where_there_is_no_other(
    names: dict[str, str], name: str
) -> None:
    assert gift(balance=balance(**{"destinationWalletName": None, **names})).item.name == name


def test_uses_the_merchants_own_name_for_a_wallet() -> None:
    merchant = dataclasses.replace(demo_merchant(), wallets={21: WalletSetting(labels={"en": "Cup of ours"})})
    item = gift(merchant=merchant).item

    assert (item.name, item.plural) == ("Cup of ours", "")


def test_keeps_no_last_name_and_no_card_number_of_anybody() -> None:
    for payload in (transfer(), sent(), transfer(inbound=None)):
        shown = repr(dataclasses.asdict(gift(payload)))
        for secret in ("Lindqvist", "Example", ROSA_CARD, ROSA_CARD[-6:], "ANAC0FFEE7QK2MZP"):
            assert secret not in shown.replace("jo@example.net", ""), secret


@pytest.mark.parametrize(
    ("names", "short"),
    [
        ({"firstName": "Rosa", "lastName": "Lindqvist"}, "Rosa L."),
        ({"firstName": "Rosa"}, "Rosa"),
        ({"salutation": "Ms.", "lastName": "Lindqvist"}, "Ms. Lindqvist"),
        ({"salutation": "Ms.", "firstName": "Rosa", "lastName": "ångström"}, "Rosa Å."),
        ({"lastName": "Lindqvist"}, "Lindqvist"),
        ({"salutation": "Ms."}, ""),
        ({"firstName": "\u202e\x00", "lastName": "\u202e"}, ""),
        ({"firstName": "Rosa", "lastName": "'t Hooft"}, "Rosa T."),
        ({"firstName": "小明", "lastName": "王"}, "小明"),
        ({"firstName": "소라", "lastName": "선우"}, "소라 선."),
        ({"firstName": "Rosa", "lastName": "ß."}, "Rosa"),
        ({"salutation": "Ms.", "lastName": "王"}, "Ms. 王"),
        ({}, ""),
    ],
)
def test_shows_a_person_by_first_name_and_initial_or_else_by_last_name(
    names: dict[str, str], short: str
) -> None:
    assert gift(fromUserInformation=names).sender.short == short


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("Ben &amp; Jerry&#39;s", "Ben & Jerry's"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("Q&A", "Q&A"),
        ("tea&#x202e;&#0;", "tea\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_decodes_entities_once_in_what_people_have_written(received: str, read: str) -> None:
    found = gift(
        transferMessage=received,
        responseMessage=received,
        fromUserInformation={"firstName": received},
        balance=balance(destinationWalletName=received),
    )

    assert (found.message, found.reply, found.sender.first_name, found.item.name) == (read, read, read, read)


def test_shows_no_last_name_to_whoever_holds_a_link() -> None:
    found = gift(fromUserInformation={"lastName": "Lindqvist"})

    assert "Lindqvist" not in repr(preview_of(found))


def test_hides_the_senders_words_about_the_recipient_from_the_recipient() -> None:
    target = gift(
        transfer(externalTarget=external(), externalTargetLink="https://www.facebook.example/1")
    ).target

    assert (target.kind, target.masked, target.network) == (TargetKind.EMAIL, "j…@example.net", "E-mail")
    assert (target.name, target.address, target.link) == ("", "", "")


def test_shows_the_sender_for_whom_a_gift_waits() -> None:
    found = gift(sent(externalTargetLink="https://people.example/jo"))

    assert found.direction is Direction.OUT
    assert found.target.address == "jo@example.net"
    assert found.target.link == "https://people.example/jo"
    assert found.other_party_words == "Jo from next door"


def test_never_takes_an_id_for_an_address() -> None:
    facebook = {"identifier": "fb", "name": "", "reportingName": "Facebook Connect", "detail": "Facebook id"}
    target = gift(
        transfer(externalTarget=external(integration=facebook, identifier="100004567890123", name="Ana"))
    ).target

    assert (target.kind, target.masked) == (TargetKind.OTHER, "")
    assert (target.network, target.integration) == ("Facebook Connect", "fb")


@pytest.mark.parametrize(
    "link",
    [
        "http://people.example/jo",
        "mailto:jo@example.net",
        "javascript:alert(1)",
        "//people.example",
        "https://user:pass@people.example/",
        'https://people.example/"onclick=x',
        "https://people.example\\@evil.example/",
        "https://[::1",
        "https:",
        " ",
    ],
)
def test_links_to_nothing_but_plain_https(link: str) -> None:
    assert gift(sent(externalTargetLink=link)).target.link == ""


def test_tells_the_sender_what_a_gift_cost_when_it_was_something_else() -> None:
    other = balance(sourceWalletCode=5, sourceWalletName="Visit", sourceAmount="29")
    cost = gift(sent(balance=other)).cost

    assert cost is not None
    assert (cost.name, cost.amount.value) == ("Visit", Decimal(29))
    assert gift(sent()).cost is None
    assert gift(transfer(balance=other)).cost is None, "what it cost is the sender's business"


@pytest.mark.parametrize("status", ["pending", "Pending", "PENDING", " pending"])
def test_reads_a_status_whatever_its_case(status: str) -> None:
    found = gift(status=status, balance=balance(expirationDays=3))

    assert found.waits
    assert found.deadline is not None, "counted, because it waits"
    assert gift(status=status.replace("ending", "ENDING").replace("p", "P")).status == GiftStatus.PENDING


def counted(counts: ExpirationDays, **members: object) -> Deadline | None:
    """The deadline of a gift that was sent two days ago at a merchant who says so of its numbers of days."""
    merchant = dataclasses.replace(demo_merchant(), gifts=Gifts(expiration_days=counts))
    return gift(transfer(**members), merchant=merchant).deadline


@pytest.mark.parametrize(
    ("counts", "day", "is_about"),
    [
        ("unknown", date(2026, 12, 4), True),
        ("period", date(2026, 12, 4), False),
        ("left", date(2026, 12, 6), False),
    ],
)
def test_counts_days_as_the_merchant_says(counts: ExpirationDays, day: date, is_about: bool) -> None:
    found = counted(counts, transferExpirationDays=14)

    assert found is not None
    assert (found.date, found.is_about, found.stated) == (day, is_about, False)


def test_does_not_begin_anew_every_day() -> None:
    found = counted("unknown", transferDatetime="2026-10-13 16:29:22 -0400", transferExpirationDays=14)

    assert found is not None
    assert found.is_over(NOW), "sent forty days ago"


@pytest.mark.parametrize(
    ("expiration_date", "days", "day", "stated"),
    [
        ("2026-11-25", 14, date(2026, 11, 25), True),
        ("2027-01-29", 3, date(2026, 11, 23), False),
        ("2026-11-23", 3, date(2026, 11, 23), True),
        ("2026-11-25", -3, date(2026, 11, 25), True),
        ("9999-12-31", 3, date(2026, 11, 23), False),
        ("soon", 3, date(2026, 11, 23), False),
    ],
)
def test_takes_the_earlier_of_a_stated_and_a_counted_deadline(
    expiration_date: str, days: int, day: date, stated: bool
) -> None:
    found = counted("unknown", transferExpirationDays=days, balance=balance(expirationDate=expiration_date))

    assert found is not None
    assert (found.date, found.stated) == (day, stated)


@pytest.mark.parametrize(
    "members",
    [
        {"transferExpirationDays": 36500},
        {"balance": balance(expirationDate="9999-12-31")},
        {"balance": balance(expirationDate="9999-12-31 23:59:59 -0500")},
        {"balance": balance(expirationDate="2199-01-01")},
        {"transferDatetime": None, "transferExpirationDays": 14},
        {"transferExpirationDays": -3},
    ],
)
def test_has_no_deadline_where_none_is_meant_or_nobody_can_count(members: dict[str, object]) -> None:
    assert counted("unknown", **members) is None


@pytest.mark.parametrize(
    ("status", "shown"),
    [("HELD_FOR_REVIEW", "HELD_FOR_REVIEW"), (None, ""), ("held for review", "held for review"), (7, "7")],
)
def test_keeps_an_unknown_status_as_received(status: object, shown: str) -> None:
    found = gift(status=status)

    assert found.status == shown
    assert not found.waits


@pytest.mark.parametrize("amount", ["a few", "1e400", "NaN", ""])
def test_keeps_an_amount_that_is_no_decimal_as_received(amount: str) -> None:
    found = gift(balance=balance(destinationAmount=amount)).item.amount

    assert found.value is None
    assert found.received == (amount or None)


@pytest.mark.parametrize("name", sorted(transfer(externalTarget=external(), transferMessage="x")))
def test_survives_the_loss_of_any_field(name: str) -> None:
    gift(without(transfer(externalTarget=external(), transferMessage="x"), name))
    gift({**transfer(externalTarget=external(), transferMessage="x"), name: None})


@pytest.mark.parametrize("name", sorted(balance()))
def test_survives_the_loss_of_any_field_of_the_balance(name: str) -> None:
    gift(balance=without(balance(), name))


def test_knows_the_direction_by_the_senders_card_when_nothing_says_it() -> None:
    assert gift(without(transfer(), "inbound")).direction is Direction.IN
    assert gift(without(sent(), "inbound")).direction is Direction.OUT
    assert gift(transfer(inbound="false")).direction is Direction.OUT


def test_strips_control_and_direction_characters_from_every_text() -> None:
    nasty = "\u202eab\x00c\x1b[2J\u2066d\x85"
    payload = json.loads(
        json.dumps(transfer(status=nasty, transferMessage=nasty, responseMessage=nasty)).replace(
            "Free Coffee", json.dumps(nasty)[1:-1]
        )
    )
    payload["fromUserInformation"] = person(firstName=nasty, lastName=nasty, salutation=nasty)
    payload["externalTarget"] = external(
        name=nasty, identifier=nasty, integration={"name": nasty, "detail": nasty, "identifier": nasty}
    )
    payload["transferOutTransactionId"] = nasty
    shown = json.dumps(dataclasses.asdict(gift(payload)), default=str, ensure_ascii=False)

    assert not set(shown) & set("\u202e\u2066\x00\x1b\x85")
    assert not {"\\u0000", "\\u001b", "\\u0085"} & {shown[at : at + 6] for at in range(len(shown))}


def test_lists_the_soonest_deadline_first_and_each_gift_once() -> None:
    def waiting(
        number: int, day: str | None, sent_at: str = "2026-11-20 16:29:22 -0500"
    ) -> dict[str, object]:
        dated = balance(expirationDate=day) if day else balance()
        return transfer(transferOutTransactionId=number, balance=dated, transferDatetime=sent_at)

    payloads = [
        waiting(1, None),
        waiting(2, "2026-12-24"),
        waiting(3, "2026-11-23"),
        waiting(4, None, "2026-11-19 16:29:22 -0500"),
        waiting(3, "2026-11-23"),
        waiting(5, "whenever"),
    ]
    listed = read_pending(
        [reply(payload) for payload in payloads], merchant=demo_merchant(), card_number=ANA_CARD, now=NOW
    )

    assert [each.gift.transaction_id for each in listed][:2] == ["3", "2"]
    assert sorted(each.gift.transaction_id for each in listed[2:]) == ["1", "4", "5"]
    assert [each.gift.transaction_id for each in listed if each.gift.transaction_id in {"1", "4"}] == [
        "4",
        "1",
    ]
    assert all(each.code == "ANAC0FFEE7QK2MZP" for each in listed)


def test_is_not_answerable_without_a_code_or_without_a_number() -> None:
    assert not gift(without(transfer(), "code")).answerable
    assert not gift(without(transfer(), "transferOutTransactionId")).answerable
