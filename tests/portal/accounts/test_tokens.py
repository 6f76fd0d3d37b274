"""Renewing tokens when many requests need it at once (docs/threats.md, check 14), on whatever database is set."""

import dataclasses
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from accounts.models import Credential
from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.password_sign_in import ROSA, sign_in_with_password
from tests.support.sandbox import ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN, SandboxProcess
from tests.support.stored_identity import identity_of, stored_oauth

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
PARALLEL = 8
ROUNDS = 50


@pytest.fixture
def merchant(merchant: Merchant) -> Iterator[Merchant]:
    """Time limits that eight requests at once keep on a busy machine, and that a hung call still meets."""
    integration = dataclasses.replace(merchant.integration, read_timeout_seconds=1.5, deadline_seconds=3.0)
    patient = dataclasses.replace(merchant, integration=integration)
    with serving(patient):
        yield patient


@pytest.fixture
def rosa(merchant: Merchant, sandbox: SandboxProcess) -> Iterator[Client]:
    client = Client()
    sign_in_with_password(client, ROSA)
    sandbox.clear_requests()
    yield client
    connections.close_all()


def refresh_balance(cookies: dict[str, str]) -> int:
    """One request of the same browser, on a connection of its own."""
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    try:
        return client.post("/balance/refresh/").status_code
    finally:
        connection.close()


def all_at_once(client: Client) -> list[int]:
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(refresh_balance, [cookies] * PARALLEL))


@pytest.mark.long
@pytest.mark.timeout(240)
def test_makes_one_refresh_of_eight_parallel_requests_at_expiry(
    rosa: Client, sandbox: SandboxProcess
) -> None:
    for _round in range(ROUNDS):
        sandbox.expire_tokens(ROSA.username)
        sandbox.clear_requests()

        statuses = all_at_once(rosa)

        assert statuses == [302] * PARALLEL
        assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 1
        newest = sandbox.newest_tokens(ROSA.username)
        assert (stored_oauth().access_token, stored_oauth().refresh_token) == (
            newest.access_token,
            newest.refresh_token,
        )
    assert Credential.objects.get().lease_until is None


def test_renews_one_minute_early_without_meeting_a_401(rosa: Client, sandbox: SandboxProcess) -> None:
    Credential.objects.update(created_at=timezone.now() + timedelta(minutes=29))
    with time_machine.travel(stored_oauth().expires_at - timedelta(seconds=59), tick=True):
        Credential.objects.update(seen_at=timezone.now())

        assert rosa.post("/balance/refresh/").status_code == 302

    assert [request.operation for request in sandbox.requests()] == [REQUEST_GUEST_TOKEN, ACCOUNT_INFORMATION]


def test_keeps_the_token_while_it_has_more_than_a_minute(rosa: Client, sandbox: SandboxProcess) -> None:
    with time_machine.travel(stored_oauth().expires_at - timedelta(seconds=62), tick=True):
        Credential.objects.update(seen_at=timezone.now())

        assert rosa.post("/balance/refresh/").status_code == 302

    assert [request.operation for request in sandbox.requests()] == [ACCOUNT_INFORMATION]


def test_resends_the_failed_call_once_after_a_401(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.expire_tokens(ROSA.username)

    assert rosa.post("/balance/refresh/").status_code == 302

    operations = [request.operation for request in sandbox.requests()]
    assert operations == [ACCOUNT_INFORMATION, REQUEST_GUEST_TOKEN, ACCOUNT_INFORMATION]


def test_leads_to_sign_in_and_back_when_refreshing_is_refused(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.expire_tokens(ROSA.username)
    sandbox.revoke_refresh_tokens(ROSA.username)

    response = rosa.post("/balance/refresh/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in/?next=%2Fbalance%2F&ended=1"
    assert not Credential.objects.exists()
    assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 1


def test_tries_the_old_token_once_when_the_refresh_times_out(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "delay_after", "seconds": 2})
    before = stored_oauth()
    with time_machine.travel(before.expires_at - timedelta(seconds=30), tick=True):
        Credential.objects.update(seen_at=timezone.now(), created_at=timezone.now())

        assert rosa.post("/balance/refresh/").status_code == 302

    assert stored_oauth().access_token == before.access_token
    assert stored_oauth().refresh_token == "", (
        "a refresh token whose fate is unknown must never be tried again"
    )
    sandbox.expire_tokens(ROSA.username)
    assert rosa.post("/balance/refresh/").headers["Location"].startswith("/sign-in/")
    assert len(sandbox.requests(REQUEST_GUEST_TOKEN)) == 1


def test_a_request_that_began_earlier_never_writes_old_tokens_back(
    rosa: Client, sandbox: SandboxProcess
) -> None:
    sandbox.expire_tokens(ROSA.username)
    old_row = Credential.objects.get()
    assert rosa.post("/balance/refresh/").status_code == 302
    newest = stored_oauth()

    from accounts.tokens import (
        _write,
    )  # the compare-and-set itself, with the row as an earlier request held it

    written = _write(old_row, identity_of(old_row))  # type: ignore[arg-type]

    assert written == newest
    assert stored_oauth() == newest


def test_takes_over_a_lease_whose_holder_died(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.expire_tokens(ROSA.username)
    Credential.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert rosa.post("/balance/refresh/").status_code == 302


def test_holds_no_database_lock_while_paytronix_is_asked(rosa: Client, sandbox: SandboxProcess) -> None:
    sandbox.expire_tokens(ROSA.username)
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "delay_before", "seconds": 0.4})
    cookies = {name: morsel.value for name, morsel in rosa.cookies.items()}
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(refresh_balance, cookies)
        while Credential.objects.get().lease_until is None:
            assert not refreshing.done()
        Credential.objects.update(seen_at=timezone.now())
        written_while_waiting = not refreshing.done()
        assert refreshing.result() == 302
    assert written_while_waiting


def test_holds_the_lease_for_longer_than_a_call_may_take(
    rosa: Client, merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.expire_tokens(ROSA.username)
    sandbox.queue_fault(REQUEST_GUEST_TOKEN, {"kind": "delay_before", "seconds": 0.4})
    cookies = {name: morsel.value for name, morsel in rosa.cookies.items()}
    begun_at = timezone.now()
    with ThreadPoolExecutor(1) as pool:
        refreshing = pool.submit(refresh_balance, cookies)
        while (lease_until := Credential.objects.get().lease_until) is None:
            assert not refreshing.done()
        refreshing.result()

    assert lease_until - begun_at > timedelta(seconds=merchant.integration.deadline_seconds)


def test_leaves_no_token_readable_in_the_row(rosa: Client) -> None:
    row = json.dumps(Credential.objects.values().get(), default=str)

    assert stored_oauth().access_token not in row
    assert stored_oauth().refresh_token not in row
    assert ROSA.card_numbers[0] not in row
    assert settings.ENCRYPTION_KEYS[0] not in row
