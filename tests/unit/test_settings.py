"""Settings: documented, strict, and a start that stops with every name that is missing or wrong."""

import ast
import logging
import os
import re
import runpy
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import PRODUCTION, copy_source, run_python

SOURCE = REPOSITORY / "guestportal" / "settings.py"
NAME = r"[A-Z][A-Z0-9_]+"


def names_read() -> set[str]:
    """Every name that settings.py asks the environment for; NAME_FILE counts as NAME."""
    calls = [
        node for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    return {
        call.args[0].value
        for call in calls
        if call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and ast.unparse(call.func).startswith(("env.", "Env().", "secret", "pairs"))
        and re.fullmatch(NAME, call.args[0].value)
    }


def without_variants(names: list[str]) -> set[str]:
    """The names without NAME_FILE and without a merchant's own PAYTRONIX_<SLUG>_... variables."""
    merchants = re.compile(r"PAYTRONIX_\w+_(?:CLIENT_ID|CLIENT_SECRET|BASE_URL)")
    return {name for name in names if not name.endswith("_FILE") and not merchants.fullmatch(name)}


def names_in_example() -> set[str]:
    """The names of .env.example, those that stand there as a comment included."""
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    return without_variants(re.findall(rf"^#?\s*({NAME})=", text, re.MULTILINE))


def names_in_readme() -> set[str]:
    """The names in the first column of README's tables, each in backticks."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    return without_variants(re.findall(rf"^\|\s*`({NAME})`", text, re.MULTILINE))


def start(folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """What settings.py makes of an environment; run from a folder of its own, where no .env lies."""
    file = folder / "guestportal" / "settings.py"
    file.parent.mkdir(exist_ok=True)
    shutil.copy(SOURCE, file)
    with mock.patch.dict(os.environ, dict(environment), clear=True):
        return runpy.run_path(str(file))


def test_knows_the_names_of_the_contract() -> None:
    assert names_read() >= {
        *("SECRET_KEY", "LOOKUP_KEY", "ENCRYPTION_KEYS", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL"),
        *("TRUSTED_PROXY_COUNT", "MERCHANTS_DIR", "LOG_FORMAT", "ALLOW_SANDBOX", "PAYTRONIX_CONCURRENCY"),
    }


def test_documents_every_setting_in_the_example() -> None:
    assert names_in_example() == names_read()


def test_documents_every_setting_in_the_readme() -> None:
    assert names_in_readme() == names_read()


def test_documents_a_merchants_own_variables() -> None:
    for file in (".env.example", "README.md"):
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        for name in ("CLIENT_ID", "CLIENT_SECRET"):
            assert re.search(rf"PAYTRONIX_\S+_{name}", text), (file, name)


def test_shows_no_secret_that_works_in_the_example(tmp_path: Path) -> None:
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    active = dict(line.split("=", 1) for line in lines if re.match(rf"{NAME}=", line))

    assert not active.get("SECRET_KEY")
    assert not active.get("LOOKUP_KEY")
    assert not active.get("ENCRYPTION_KEYS")


def test_needs_nothing_in_development(tmp_path: Path) -> None:
    settings = start(tmp_path, {"DEBUG": "true"})

    assert settings["SESSION_COOKIE_NAME"] == "sessionid"
    assert settings["SESSION_COOKIE_SECURE"] is False
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["LOG_FORMAT"] == "text"


def test_is_strict_without_debug(tmp_path: Path) -> None:
    settings = start(tmp_path, PRODUCTION)

    assert settings["DEBUG"] is False
    assert settings["ALLOW_SANDBOX"] is False
    assert settings["HTTPS_ONLY"] is True
    assert settings["ALLOWED_HOSTS"] == ["rewards.example"]
    assert settings["LOG_FORMAT"] == "json"
    assert settings["SECURE_HSTS_SECONDS"] == 63_072_000
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert (settings["SESSION_COOKIE_SAMESITE"], settings["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Strict")
    assert settings["DATA_UPLOAD_MAX_NUMBER_FIELDS"] == 50


def test_lets_sqlite_lose_nothing_and_wait_its_turn(tmp_path: Path) -> None:
    """The gift ledger's promise rests on this; the tests' own database waits for no disk."""
    options = start(tmp_path, PRODUCTION)["DATABASES"]["default"]["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"} <= {
        pragma.strip() for pragma in options["init_command"].split(";")
    }
    assert options["timeout"] >= 10, "seconds that a writer waits for the others"


@pytest.mark.parametrize(
    ("name", "level"), [("urllib3", logging.WARNING), ("django.db.backends", logging.INFO)]
)
def test_logs_no_whole_addresses_and_no_queries_even_at_debug(tmp_path: Path, name: str, level: int) -> None:
    loggers = start(tmp_path, {**PRODUCTION, "LOG_LEVEL": "DEBUG"})["LOGGING"]["loggers"]

    assert loggers[name]["level"] == level


@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY", "ENCRYPTION_KEYS"])
def test_names_a_secret_that_is_missing(tmp_path: Path, name: str) -> None:
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(ImproperlyConfigured, match=name):
        start(tmp_path, environment)


def test_names_everything_that_is_missing_or_wrong_at_once(tmp_path: Path) -> None:
    wrong = {
        "HTTPS_ONLY": "perhaps",
        "ALLOW_SANDBOX": "2",
        "TRUSTED_PROXY_COUNT": "one",
        "PAYTRONIX_CONCURRENCY": "many",
        "LOG_LEVEL": "LOUD",
    }
    with pytest.raises(ImproperlyConfigured) as stopped:
        start(tmp_path, wrong)

    for name in (*wrong, "SECRET_KEY", "LOOKUP_KEY", "ENCRYPTION_KEYS"):
        assert name in str(stopped.value), name


@pytest.mark.parametrize("name", ["DEBUG", "HTTPS_ONLY", "ALLOW_SANDBOX"])
@pytest.mark.parametrize("value", ["maybe", "2", "", "truthy", "0.0", "None"])
def test_takes_no_boolean_that_is_none(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Exception, match=name):
        start(tmp_path, {**PRODUCTION, name: value})


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_takes_booleans_as_people_write_them(tmp_path: Path, value: str, expected: bool) -> None:
    assert start(tmp_path, {**PRODUCTION, "ALLOW_SANDBOX": value})["ALLOW_SANDBOX"] is expected


def test_never_turns_debug_on_by_itself(tmp_path: Path) -> None:
    assert start(tmp_path, PRODUCTION)["DEBUG"] is False
    assert start(tmp_path, {**PRODUCTION, "DEBUG": "false"})["DEBUG"] is False


@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY", "ENCRYPTION_KEYS"])
def test_reads_a_secret_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{PRODUCTION[name]}\n", encoding="utf-8")
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    settings = start(tmp_path, {**environment, f"{name}_FILE": str(file)})

    read = settings["LOOKUP_KEYS" if name == "LOOKUP_KEY" else name]
    assert read == (PRODUCTION[name] if name == "SECRET_KEY" else [PRODUCTION[name]])


def test_reads_several_encryption_keys_in_order(tmp_path: Path) -> None:
    first, second = "Zmlyc3Qta2V5LWZpcnN0LWtleS1maXJzdC1rZXktMDE=", PRODUCTION["ENCRYPTION_KEYS"]

    settings = start(tmp_path, {**PRODUCTION, "ENCRYPTION_KEYS": f" {first}, {second},"})

    assert settings["ENCRYPTION_KEYS"] == [first, second]


def test_reads_several_keys_of_look_ups_in_order(tmp_path: Path) -> None:
    settings = start(tmp_path, {**PRODUCTION, "LOOKUP_KEY": f" {'n' * 40}, {PRODUCTION['LOOKUP_KEY']},"})

    assert settings["LOOKUP_KEYS"] == ["n" * 40, PRODUCTION["LOOKUP_KEY"]]


@pytest.mark.parametrize("keys", ["", " , "])
def test_stops_without_a_key_of_look_ups(tmp_path: Path, keys: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="LOOKUP_KEY"):
        start(tmp_path, {**PRODUCTION, "LOOKUP_KEY": keys})


@pytest.mark.parametrize("keys", ["", " , ", "too-short", PRODUCTION["ENCRYPTION_KEYS"] + ",wrong"])
def test_stops_at_a_key_that_seals_nothing(tmp_path: Path, keys: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        start(tmp_path, {**PRODUCTION, "ENCRYPTION_KEYS": keys})


def test_reads_nothing_but_secrets_from_files(tmp_path: Path) -> None:
    settings = start(tmp_path, {**PRODUCTION, "DEBUG_FILE": str(tmp_path / "nowhere")})

    assert settings["DEBUG"] is False


def test_refuses_a_secret_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe")
    environment = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE: UnicodeDecodeError"):
        start(tmp_path, {**environment, "SECRET_KEY_FILE": str(file)})


def test_refuses_a_secret_that_is_given_twice(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("another key", encoding="utf-8")

    with pytest.raises(ImproperlyConfigured, match="either this or SECRET_KEY_FILE, got both"):
        start(tmp_path, {**PRODUCTION, "SECRET_KEY_FILE": str(file)})


@pytest.mark.parametrize("value", ["card", "card=5/10,address", "card 5"])
def test_names_the_limits_that_are_no_pairs(tmp_path: Path, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="LIMITS: expected names and values"):
        start(tmp_path, {**PRODUCTION, "LIMITS": value})


def test_takes_an_empty_folder_of_merchants_for_none(tmp_path: Path) -> None:
    settings = start(tmp_path, {**PRODUCTION, "MERCHANTS_DIR": ""})

    assert settings["MERCHANTS_DIR"] == tmp_path / "guestportal" / "merchants"


@pytest.mark.parametrize("scheme", ["mysql", "oracle"])
def test_refuses_a_database_that_would_leave_the_ledgers_rules_out(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: expected SQLite or PostgreSQL"):
        start(tmp_path, {**PRODUCTION, "DATABASE_URL": f"{scheme}://user:secret@127.0.0.1/portal"})


def test_names_the_setting_whose_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE: FileNotFoundError"):
        start(
            tmp_path,
            {"ENCRYPTION_KEYS": PRODUCTION["ENCRYPTION_KEYS"], "SECRET_KEY_FILE": str(tmp_path / "nowhere")},
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("LOG_FORMAT", "xml"),
        ("PAYTRONIX_CONCURRENCY", "0"),
        ("PAYTRONIX_CONCURRENCY", "-1"),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("FAILED_ANSWER_SECONDS", "11"),
    ],
)
def test_stops_at_a_value_that_cannot_work(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        start(tmp_path, {**PRODUCTION, name: value})


def test_trusts_a_proxys_word_on_https_only_behind_a_proxy(tmp_path: Path) -> None:
    settings = start(tmp_path, {**PRODUCTION, "TRUSTED_PROXY_COUNT": "1"})

    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("name", ["SECRET_KEY", "LOOKUP_KEY", "ENCRYPTION_KEYS"])
def test_stops_the_start_of_the_real_program_without_a_secret(tmp_path: Path, name: str) -> None:
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    done = run_python("manage.py", "check", environment=environment, folder=copy_source(tmp_path))

    assert done.returncode != 0
    assert f"'{name}'" in done.stderr.splitlines()[-1]
    for value in environment.values():
        assert value not in done.stderr


def test_reads_a_dot_env_file_in_development(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEBUG=true\nLOG_FORMAT=json\nALLOW_SANDBOX=false\n", encoding="utf-8")

    settings = start(tmp_path, {"ALLOW_SANDBOX": "true"})

    assert settings["DEBUG"] is True
    assert settings["LOG_FORMAT"] == "json"
    assert settings["ALLOW_SANDBOX"] is True, "the environment wins"
