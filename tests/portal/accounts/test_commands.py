"""The operator's commands: ending sessions, new keys, sweeping."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.credentials import withdraw_account
from accounts.models import Credential
from gifting.ledger import answers
from guestportal.merchants.definition import Merchant
from guestportal.web.sealing import SealBroken, unseal
from guestportal.web.sessions import SessionStore
from tests.support.plain_browser import SEED_CARD, sign_in_with_card

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
    answers.claim(
        merchant=merchant,
        card_number=SEED_CARD,
        transaction_id="1",
        code="C0DE",
        action="accept",
        standing=None,
    )
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]

    assert "Answers: 1" in run("reseal")
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert answers.claims_of(merchant=merchant, card_number=SEED_CARD)


@contextmanager
def just_before(statement: str, act: Callable[[], object]) -> Iterator[None]:
    """Let another request act just before the first statement that begins so."""
    waiting = [act]

    def execute(run_it: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if waiting and sql.startswith(statement):
            waiting.pop()()
        return run_it(sql, *arguments)

    with connection.execute_wrapper(execute):
        yield
    assert not waiting


def test_sealing_anew_writes_over_nothing_that_is_newer(guest_client: Client) -> None:
    sign_in_with_card(guest_client)
    credential, newer = Credential.objects.get(), SessionStore().encode({"newer": True})
    with (
        just_before('UPDATE "django_session"', lambda: Session.objects.update(session_data=newer)),
        just_before('UPDATE "accounts_credential"', lambda: withdraw_account(credential_id=credential.id)),
    ):
        run("reseal")

    assert Session.objects.get().session_data == newer
    assert Credential.objects.get().account == ""


def test_sweeps_what_has_ended_and_nothing_else(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert "Deleted: 0" in run("sweep_sessions")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert "Deleted: 1" in run("sweep_sessions")
    assert not Credential.objects.exists()
