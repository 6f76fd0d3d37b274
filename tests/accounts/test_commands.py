"""The operator's commands: ending sessions, new keys, sweeping."""

from datetime import timedelta
from functools import partial
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Credential
from gifting import answering
from guestportal.merchants.definition import Merchant
from guestportal.web.sealing import SealBroken, unseal
from tests.browsing import SEED_CARD, sign_in_with_card

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_ends_all_sessions(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert "Signed out: 1" in run("end_sessions", "--all")
    assert guest_client.get("/balance/").status_code == 302


def test_ends_the_sessions_of_one_merchant_only(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.create(
        merchant="other",
        kind="card",
        identity="x",
        read_at=timezone.now(),
        created_at=timezone.now(),
        confirmed_at=timezone.now(),
        seen_at=timezone.now(),
    )

    assert "Signed out: 1" in run("end_sessions", "--merchant", "demo")
    assert [row.merchant for row in Credential.objects.all()] == ["other"]


def test_names_a_merchant_that_does_not_exist(guest_client: Client) -> None:
    with pytest.raises(CommandError, match=r"no merchant file named nobody\.toml"):
        run("end_sessions", "--merchant", "nobody")


def test_lets_the_old_key_be_dropped_after_sealing_anew(guest_client: Client, settings: Settings) -> None:
    sign_in_with_card(guest_client)
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]

    run("reseal")
    settings.ENCRYPTION_KEYS = [new]

    assert guest_client.get("/balance/").status_code == 200
    settings.ENCRYPTION_KEYS = [old]
    row = Credential.objects.get()
    for text in (row.identity, row.card, row.account, Session.objects.get().session_data):
        with pytest.raises(SealBroken):
            unseal(text)


def test_seals_the_answers_to_gifts_anew_as_well(merchant: Merchant, settings: Settings) -> None:
    gift = partial(answering.claim_on, merchant=merchant, card_number=SEED_CARD, transaction_id="1")
    answering.claim(**gift.keywords, code="C0DE", action="accept", credential_id=uuid4())
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]

    assert "Answers: 1" in run("reseal")
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert gift()


def test_sweeps_what_has_ended_and_nothing_else(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert "Deleted: 0" in run("sweep_sessions")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert "Deleted: 1" in run("sweep_sessions")
    assert not Credential.objects.exists()
