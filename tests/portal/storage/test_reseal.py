"""`manage.py reseal`: new keys for everything at rest, whatever app it belongs to, and nothing lost on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.credentials import withdraw_account
from accounts.models import Credential
from guestportal.storage.sealing import SealBroken, SealedTextField, open_sealed, sealed_columns
from guestportal.web.models import Session
from tests.support.plain_browser import sign_in_with_card

pytestmark = pytest.mark.django_db


def reseal() -> str:
    out = StringIO()
    call_command("reseal", stdout=out)
    return out.getvalue()


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


def test_lets_the_old_key_be_dropped(guest_client: Client, settings: Settings) -> None:
    sign_in_with_card(guest_client)
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, old]

    reseal()
    settings.ENCRYPTION_KEYS = [new]

    assert guest_client.get("/balance/").status_code == 200
    settings.ENCRYPTION_KEYS = [old]
    for row in (Credential.objects.get(), Session.objects.get()):
        for column in filter(partial(getattr, row), sealed_columns(type(row))):
            with pytest.raises(SealBroken):
                open_sealed(row, column)


def test_walks_every_model_that_has_a_sealed_column() -> None:
    walked = {line.partition(":")[0] for line in reseal().splitlines()}

    assert walked >= {"accounts.Credential", "web.Session"}
    assert walked == {
        model._meta.label
        for model in apps.get_models()
        if any(isinstance(field, SealedTextField) for field in model._meta.get_fields())
    }


def test_counts_the_rows_of_each_model(guest_client: Client) -> None:
    for client in (guest_client, Client()):
        sign_in_with_card(client)

    assert {"accounts.Credential: 2", "web.Session: 2"} <= set(reseal().splitlines())


def test_says_what_it_cannot_open_and_deletes_none_of_it(guest_client: Client, settings: Settings) -> None:
    sign_in_with_card(guest_client)
    Credential.objects.update(account="gAAAAbroken")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    out = StringIO()

    with pytest.raises(CommandError, match="Rows that none of ENCRYPTION_KEYS opens: 1"):
        call_command("reseal", stdout=out)

    assert "accounts.Credential: 0, cannot be opened: 1" in out.getvalue()
    assert "web.Session: 1" in out.getvalue().splitlines(), "what comes after it is sealed all the same"
    row = Credential.objects.get()
    assert row.account == "gAAAAbroken"
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert open_sealed(row, "identity"), "the other columns of that row too"


def test_writes_over_nothing_that_is_newer(guest_client: Client, settings: Settings) -> None:
    sign_in_with_card(guest_client)
    credential, session = Credential.objects.get(), Session.objects.get()
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    with (
        just_before('UPDATE "web_session"', lambda: Session.objects.update(session_data="newer")),
        just_before('UPDATE "accounts_credential"', lambda: withdraw_account(credential_id=credential.id)),
    ):
        reseal()

    assert Session.objects.get(pk=session.pk).session_data == "newer"
    row = Credential.objects.get()
    assert row.account == ""
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert open_sealed(row, "identity"), "what was not renewed is sealed anew"
