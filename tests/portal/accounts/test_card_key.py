"""A card's balance is withdrawn wherever the card is signed in, for a gift changes it everywhere at once."""

import dataclasses
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from accounts.credentials import card_key_of, keep, keep_choice, sweep, withdraw_accounts_of_card
from accounts.identities import CardIdentity
from accounts.models import Credential, Withdrawal
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.sandbox.cards import RICH, SEED
from guestportal.storage import clock
from guestportal.storage.rekeying import rekey
from tests.conftest import serving
from tests.support.password_sign_in import TWO_CARDS, sign_in_with_password
from tests.support.plain_browser import sign_in_with_card, submit
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess

pytestmark = pytest.mark.django_db


def rows_with_a_balance() -> int:
    return Credential.objects.exclude(account="").count()


def test_reaches_a_second_phone_and_the_twin_file_of_the_program_and_no_other_card(
    merchant: Merchant, settings: Settings, sandbox: SandboxProcess
) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    first = dataclasses.replace(merchant, slug="first", hosts=("a.example",))
    twin = dataclasses.replace(merchant, slug="twin", hosts=("b.example",))
    with serving(first, twin):
        phones = [Client(headers={"Host": host}) for host in ("a.example", "a.example", "b.example")]
        for phone in phones:
            sign_in_with_card(phone)
        sign_in_with_card(Client(headers={"Host": "a.example"}), RICH.number, RICH.code)
        sandbox.clear_requests()

        withdraw_accounts_of_card(card_key=card_key_of(merchant=first, card_number=SEED.number))

        assert rows_with_a_balance() == 1, "the other card's"
        for phone in phones:
            assert phone.get("/balance/").status_code == 200
    assert len(sandbox.requests(ACCOUNT_INFORMATION)) == len(phones), "each page reads anew"


def test_is_another_one_in_another_program(merchant: Merchant) -> None:
    integration = dataclasses.replace(merchant.integration, merchant_id=1)
    other = dataclasses.replace(merchant, integration=integration)

    keys = {card_key_of(merchant=each, card_number=SEED.number) for each in (merchant, other)}
    assert len(keys) == 2


def test_is_empty_until_a_card_is_chosen_and_then_that_cards(
    guest_client: Client, merchant: Merchant
) -> None:
    sign_in_with_password(guest_client, TWO_CARDS)
    assert Credential.objects.get().card_key == ""

    number = TWO_CARDS.card_numbers[1]
    submit(guest_client, "/sign-in/card/", {"card": "1"})

    assert Credential.objects.get().card_key == card_key_of(merchant=merchant, card_number=number)


def test_a_card_that_is_chosen_keeps_no_reading_from_before_a_withdrawal(
    guest_client: Client, merchant: Merchant
) -> None:
    sign_in_with_password(guest_client, TWO_CARDS)
    number = TWO_CARDS.card_numbers[1]
    row = Credential.objects.get()
    choose = partial(
        keep_choice,
        merchant=merchant,
        credential_id=row.id,
        card_number=number,
        reply=AccountInformation(),
    )
    begun_at = clock.now()
    withdraw_accounts_of_card(card_key=card_key_of(merchant=merchant, card_number=number))

    choose(read_at=begun_at)
    assert rows_with_a_balance() == 0
    choose(read_at=clock.now())
    assert rows_with_a_balance() == 1


def test_a_new_look_up_key_withdraws_what_is_being_read(merchant: Merchant, settings: Settings) -> None:
    """By the old key's hash no withdrawal is found any more, so each sign-in under way reads again."""
    identity = CardIdentity(SEED.number, SEED.code)
    begun_at = clock.now()
    card_key_of(merchant=merchant, card_number=SEED.number)
    settings.LOOKUP_KEYS = ["another look-up key 0123456789abcdef0123456789abcdef", *settings.LOOKUP_KEYS]
    rekey()
    for read_at, balances in ((begun_at, 0), (clock.now(), 1)):
        keep(merchant=merchant, identity=identity, reply=AccountInformation(), read_at=read_at)
        assert rows_with_a_balance() == balances


def test_a_withdrawal_is_forgotten_when_no_reading_can_be_older(merchant: Merchant) -> None:
    withdraw_accounts_of_card(card_key="key")
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        sweep(merchant=merchant)
    assert not Withdrawal.objects.exists()
