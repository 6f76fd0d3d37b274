"""What `manage.py check` refuses before guests are served, and that it refuses nothing else."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from guestportal.storage.lookup import lookup_hash
from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import PRODUCTION, run_python

DEVELOPMENT = {
    "SECRET_KEY": "development-only-" + "0" * 48,
    "LOOKUP_KEY": "development-only-" + "1" * 48,
    "ENCRYPTION_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1lbmNyeXB0aW9uLWtleSE=",
}


def deployment_check(folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of `check --deploy` in production, and what it says."""
    database = {"ALLOW_SANDBOX": "true", "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}"}
    done = run_python(
        *("manage.py", "check", "--deploy", "--database", "default", "--fail-level", "WARNING"),
        environment={**PRODUCTION, **database, **environment},
        folder=REPOSITORY,
    )
    return done.returncode, done.stderr


def test_passes_keys_of_ones_own(tmp_path: Path) -> None:
    assert deployment_check(tmp_path, {})[0] == 0


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_refuses_a_key_that_is_published_for_development(tmp_path: Path, name: str) -> None:
    code, said = deployment_check(tmp_path, {name: DEVELOPMENT[name]})

    assert code != 0
    assert f"{name} is a key that is published for development." in said
    assert DEVELOPMENT[name] not in said


@pytest.mark.parametrize(
    ("one", "other"),
    [("SECRET_KEY", "LOOKUP_KEY"), ("SECRET_KEY", "ENCRYPTION_KEYS"), ("LOOKUP_KEY", "ENCRYPTION_KEYS")],
)
def test_refuses_one_key_for_two_purposes(settings: Settings, one: str, other: str) -> None:
    shared, own = PRODUCTION["ENCRYPTION_KEYS"], iter(("s" * 60, "l" * 60, "e" * 44))
    keys = {name: shared if name in {one, other} else next(own) for name in DEVELOPMENT}
    settings.SECRET_KEY = keys["SECRET_KEY"]
    settings.LOOKUP_KEYS = ["another, put first " * 3, keys["LOOKUP_KEY"]]
    settings.ENCRYPTION_KEYS = [keys["ENCRYPTION_KEYS"]]

    (found,) = ours(run_checks(include_deployment_checks=True))

    assert found.msg == f"{one} and {other} have a key in common."


def test_refuses_a_short_key_of_look_ups_such_as_a_comma_makes(settings: Settings) -> None:
    settings.SECRET_KEY, settings.ENCRYPTION_KEYS = "s" * 60, ["e" * 44]
    settings.LOOKUP_KEYS = ["l" * 60, "x" * 31]

    (found,) = ours(run_checks(include_deployment_checks=True))

    assert found.msg == "LOOKUP_KEY: expected at least 32 characters in each key."


def ours(messages: list[CheckMessage]) -> list[CheckMessage]:
    return [each for each in messages if (each.id or "").startswith("guestportal.")]


def of_the_database() -> list[str | None]:
    return [each.id for each in ours(run_checks(databases=["default"]))]


@pytest.mark.django_db
def test_refuses_a_database_whose_hashes_no_key_makes(settings: Settings) -> None:
    assert of_the_database() == []
    lookup_hash("any")
    assert of_the_database() == []

    settings.LOOKUP_KEYS = ["another key " * 4]

    assert of_the_database() == ["guestportal.E004"]


@pytest.mark.django_db
def test_lets_a_database_be_migrated_that_has_no_tables_yet() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE storage_lookupkey RENAME TO away")

    assert of_the_database() == []


@pytest.mark.django_db(transaction=True)
def test_starts_no_server_without_the_key_in_force(settings: Settings) -> None:
    def start() -> None:
        sys.modules.pop("guestportal.wsgi", None)
        importlib.import_module("guestportal.wsgi")

    start()
    lookup_hash("any")
    start()
    settings.LOOKUP_KEYS = ["another key " * 4]

    with pytest.raises(ImproperlyConfigured, match="LOOKUP_KEY holds no key"):
        start()


@pytest.mark.database
@pytest.mark.django_db
def test_refuses_a_postgresql_that_may_forget_what_it_committed() -> None:
    if connection.vendor != "postgresql":
        assert of_the_database() == [], "SQLite's own setting is the portal's"
        return
    for value, found in (("on", []), ("off", ["guestportal.E005"]), ("remote_apply", [])):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL synchronous_commit = {value}")
        assert of_the_database() == found, value
