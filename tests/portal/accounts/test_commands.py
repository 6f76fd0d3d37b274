"""The operator's commands: ending sessions, new keys, sweeping."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Credential
from tests.support.plain_browser import sign_in_with_card

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


def test_sweeps_what_has_ended_and_nothing_else(guest_client: Client) -> None:
    sign_in_with_card(guest_client)

    assert "Deleted: 0" in run("sweep_sessions")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert "Deleted: 1" in run("sweep_sessions")
    assert not Credential.objects.exists()
