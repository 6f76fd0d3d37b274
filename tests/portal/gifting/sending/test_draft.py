"""What a draft keeps from step to step, and how little of it stays once the gift is sent."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from gifting.ledger.wish import TwinFound
from gifting.sending.draft import load_draft, save_draft
from guestportal.sandbox.cards import RICH
from tests.support.gift_payloads import balance, external, sent
from tests.support.sandbox import GIFTING_CONFIG, TRANSFER_HISTORY, SandboxProcess
from tests.support.sending_pages import CHECK, MESSAGE, WHAT, WHO, Visitor, facts, main, visitor
from tests.support.sending_steps import FREE_COFFEE, VISITS, Sender, posts

pytestmark = pytest.mark.django_db
BEN, DORA = ("ben@example.net", "Ben"), ("dora@example.net", "Dora")


@pytest.fixture
def rosa_at_home(guest_client: Client, sandbox: SandboxProcess) -> Visitor:
    sandbox.clear_transfers()
    sandbox.add_gift(from_card=RICH.number, wallet_code=FREE_COFFEE, to_external=BEN, days_ago=5)
    return visitor(guest_client)


def begin(rosa: Visitor) -> None:
    rosa.get(WHAT)
    rosa.post(WHAT, wallet_code=str(FREE_COFFEE))


def button_of(rosa: Visitor, name: str) -> str:
    buttons = rosa.page(WHO).all("button", name="person")
    return next(button.attributes["value"] for button in buttons if button.text.startswith(name))


def test_a_persons_button_picks_that_person_however_old_its_page_is(
    rosa_at_home: Visitor, sandbox: SandboxProcess
) -> None:
    begin(rosa_at_home)
    ben = button_of(rosa_at_home, "Ben")
    sandbox.send_elsewhere(from_card=RICH.number, wallet_code=FREE_COFFEE, to_external=DORA)
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=True):
        rosa_at_home.get(WHAT)  # which reads anew by now
        assert button_of(rosa_at_home, "Dora") != ben
        rosa_at_home.post(WHO, person=ben)
        rosa_at_home.post(MESSAGE, message="")
        assert facts(rosa_at_home.page(CHECK))["For"] == "Ben ben@example.net"


def test_a_persons_key_tells_nothing_of_the_address(rosa_at_home: Visitor, rosa: Sender) -> None:
    begin(rosa_at_home)
    (ben,) = rosa.drafts().people
    assert button_of(rosa_at_home, "Ben") == ben.key
    another_card = replace(rosa.drafts(), card_number="6000301000418000")
    assert another_card.people[0].key != ben.key


def test_keeps_of_a_long_history_what_is_needed_alone(
    rosa_at_home: Visitor, rosa: Sender, sandbox: SandboxProcess
) -> None:
    for person, days_ago, count in ((("BEN@example.net", "Benjamin"), 3, 100), (DORA, 2, 100), (DORA, 0, 2)):
        sandbox.add_gift(
            from_card=RICH.number, wallet_code=FREE_COFFEE, to_external=person, days_ago=days_ago, count=count
        )

    kept = rosa.drafts().sendings
    assert [each.name for each in kept] == ["Dora", "Dora", "Benjamin"]
    assert [person.name for person in rosa.drafts().people] == ["Dora", "Benjamin"]


def test_nothing_of_a_gift_stays_in_the_session_once_it_is_sent(rosa_at_home: Visitor) -> None:
    rosa_at_home.decide(message="Have one on me", recipient_email="mira@example.net", recipient_name="Mira")
    receipt = rosa_at_home.sent()

    kept = json.dumps(dict(rosa_at_home.client.session.items()))
    assert not [words for words in ("mira@example.net", "Have one on me", "ben@example.net") if words in kept]
    for path in (WHO, MESSAGE, CHECK):
        assert rosa_at_home.get(path).headers["Location"] == receipt


def test_what_was_not_sent_stays(rosa_at_home: Visitor, sandbox: SandboxProcess) -> None:
    rosa_at_home.decide(message="Have one on me")
    rosa_at_home.send(wish="00000000-0000-4000-8000-000000000000")

    assert facts(rosa_at_home.page(CHECK))["Message"].startswith("Have one on me")
    assert posts(sandbox) == []


def test_a_draft_of_one_card_is_none_of_another(rosa: Sender) -> None:
    draft, session = rosa.drafts(), dict[str, object]()
    save_draft(session, draft)

    assert load_draft(session, card_number=draft.card_number) == draft
    assert load_draft(session, card_number="6000301000418000") is None


@pytest.mark.parametrize("source", [VISITS, FREE_COFFEE])
def test_a_twin_sent_elsewhere_is_known_by_either_of_its_wallets(
    rosa: Sender, sandbox: SandboxProcess, source: int
) -> None:
    """giftingConfig may name the wallet that is given to, while the gift was taken from another one."""
    there = sent(
        fromPrintedCardNumber=RICH.number,
        transferDatetime=f"{timezone.now():%Y-%m-%d %H:%M:%S} +0000",
        externalTarget=external(identifier="mira@example.net"),
        balance=balance(sourceWalletCode=source, sourceAmount="10"),
    )
    body = json.dumps({"result": "success", "transferInfo": [there]})
    sandbox.queue_fault(TRANSFER_HISTORY, {"kind": "replace", "body": body})
    wish = rosa.prepares()

    assert wish.twin is not None
    with pytest.raises(TwinFound):
        rosa.sends(wish)


def test_a_reward_without_a_label_is_called_after_its_wallet(
    rosa_at_home: Visitor, sandbox: SandboxProcess
) -> None:
    configs = [
        {"walletCode": FREE_COFFEE, "quantityRequired": "1"},
        {"walletCode": 999, "quantityRequired": "1"},
    ]
    body = json.dumps({"result": "success", "configs": configs})
    sandbox.queue_fault(GIFTING_CONFIG, {"kind": "replace", "body": body})
    page = rosa_at_home.get(WHAT)

    assert [label.text for label in main(page).all("label")] == [
        "Free Coffee Takes 1. You have 3, and 2 after sending."
    ]
    assert "Gift You have none of it yet" in main(page).text
