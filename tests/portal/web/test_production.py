"""Production settings in a process of their own: cookies, HTTPS, static files, and Django's deployment checks."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.support.sandbox import REPOSITORY, SandboxProcess
from tests.support.source_copy import PRODUCTION, run_python

Answers: TypeAlias = Mapping[str, Any]


@pytest.fixture(scope="module")
def answers(sandbox_process: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """One visit, from the entrance to the way out."""
    sandbox_process.reset()  # another test's faults may still be queued
    folder = tmp_path_factory.mktemp("production")
    environment = {
        **PRODUCTION,
        "ALLOW_SANDBOX": "true",
        "ALLOWED_HOSTS": "rewards.example",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "PAYTRONIX_DEMO_BASE_URL": sandbox_process.base_url,
        "DJANGO_SETTINGS_MODULE": "guestportal.settings",
    }
    done = run_python(
        "-m",
        "tests.support.production_probe",
        str(folder / "static"),
        environment=environment,
        folder=REPOSITORY,
    )
    assert done.returncode == 0, done.stderr
    read: Answers = json.loads(done.stdout)
    return read


def test_serves_a_whole_visit(answers: Answers) -> None:
    statuses = {
        name: answers[name]["status"]
        for name in ("help", "entrance", "sign_in", "balance", "missing", "sign_out", "script", "language")
    }

    assert statuses == {
        "help": 200,
        "entrance": 200,
        "script": 200,
        "language": 302,
        "sign_in": 302,
        "balance": 200,
        "missing": 404,
        "sign_out": 302,
    }


def test_names_and_guards_the_cookies(answers: Answers) -> None:
    session = answers["sign_in"]["cookies"]["__Host-sessionid"]
    token = answers["entrance"]["cookies"]["__Host-csrftoken"]
    language = answers["language"]["cookies"]["__Host-language"]

    for cookie, same_site in ((session, "Lax"), (token, "Strict"), (language, "Lax")):
        assert cookie["secure"] is True
        assert cookie["httponly"] is True
        assert cookie["samesite"] == same_site
        assert cookie["path"] == "/"
        assert "domain" not in cookie, "__Host- forbids it"
    assert "max-age" not in session, "it ends with the browser"
    assert "expires" not in session


def test_sets_no_other_cookie_and_none_early(answers: Answers) -> None:
    cookies = {
        name: set(answers[name]["cookies"]) for name in answers if name not in {"html", "script_address"}
    }

    assert cookies["help"] == cookies["plain"] == cookies["script"] == cookies["health"] == set()
    assert cookies["entrance"] == {"__Host-csrftoken"}
    assert cookies["language"] == {"__Host-language"}
    assert set().union(*cookies.values()) == {"__Host-csrftoken", "__Host-sessionid", "__Host-language"}


def test_insists_on_https_except_for_load_balancers(answers: Answers) -> None:
    assert answers["plain"]["status"] == 301
    assert answers["plain"]["headers"]["Location"] == "https://rewards.example/help/"
    assert answers["health"]["status"] == answers["ready"]["status"] == 200
    for name in ("help", "balance", "missing", "sign_out", "sign_in", "script"):
        header = answers[name]["headers"]["Strict-Transport-Security"]
        assert header.startswith("max-age=63072000; includeSubDomains"), name


def test_keeps_static_files_for_ever_under_names_that_change(answers: Answers) -> None:
    assert re.search(r"\.[0-9a-f]{12}\.js$", answers["script_address"])
    assert "immutable" in answers["script"]["headers"]["Cache-Control"]


def test_shows_no_sign_of_development(answers: Answers) -> None:
    assert "DEBUG" not in answers["html"]
    assert "127.0.0.1" not in answers["html"]


def test_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    environment = {
        **PRODUCTION,
        "ALLOW_SANDBOX": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
    }

    done = run_python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        environment=environment,
        folder=REPOSITORY,
    )

    assert done.returncode == 0, done.stderr
