"""A card's balance is withdrawn wherever the card is signed in, for a gift changes it everywhere at once."""

import dataclasses

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.credentials import card_key_of, withdraw_accounts_of_card
from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, SEED
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
