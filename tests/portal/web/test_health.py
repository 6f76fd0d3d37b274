"""/healthz and /readyz: what load balancers learn, whatever host they use, and without asking Paytronix."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.sandbox import SandboxProcess


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_answers_at_once_and_asks_nobody(
    merchant: Merchant, sandbox: SandboxProcess, path: str, method: str
) -> None:
    response = Client().generic(method, path)

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.cookies == {}
    assert sandbox.requests() == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[::1]", "evil.example", "no spaces allowed", ""])
def test_answers_under_any_host(settings: Settings, merchant: Merchant, path: str, host: str) -> None:
    settings.ALLOWED_HOSTS = ["rewards.example"]

    with serving():
        response = Client().get(path, headers={"Host": host})

    assert response.status_code == 200


def test_is_alive_without_a_database(merchant: Merchant) -> None:
    """This test has no access to the database at all."""
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_is_not_ready_while_a_migration_waits(merchant: Merchant) -> None:
    connection = connections["default"]
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("accounts")
    MigrationRecorder(connection).record_unapplied(*newest)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert b"not migrated" in response.content


def test_is_not_ready_without_the_database(
    merchant: Merchant, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    connection = connections["default"]
    name, kept = connection.settings_dict["NAME"], connection.connection
    with django_db_blocker.unblock():
        connection.connection = None
        connection.settings_dict["NAME"] = str(tmp_path / "nowhere" / "portal.sqlite3")
        try:
            ready, alive = Client().get("/readyz"), Client().get("/healthz")
        finally:
            connection.settings_dict["NAME"] = name
            connection.connection = kept

    assert ready.status_code == 503
    assert b"unreachable" in ready.content
    assert b"portal.sqlite3" not in ready.content
    assert alive.status_code == 200


def test_is_not_ready_before_the_first_migration(
    merchant: Merchant, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    connection = connections["default"]
    name, kept = connection.settings_dict["NAME"], connection.connection
    with django_db_blocker.unblock():
        connection.connection = None
        connection.settings_dict["NAME"] = str(tmp_path / "portal.sqlite3")
        try:
            before = Client().get("/readyz")
            call_command("migrate", verbosity=0)
            after = Client().get("/readyz")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = name
            connection.connection = kept

    assert before.status_code == 503
    assert b"not migrated" in before.content
    assert after.status_code == 200
