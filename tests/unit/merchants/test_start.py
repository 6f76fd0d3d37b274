"""What stops the program at start. Each case starts a process of its own, as a person would."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from guestportal.merchants.apps import refuse_sandbox
from guestportal.merchants.problems import MerchantFilesWrong
from guestportal.merchants.registry import Registry
from tests.support.builders import demo_merchant
from tests.support.merchant_files import CREDENTIALS, merchant, write_merchant
from tests.support.source_copy import PRODUCTION, run_python


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these arguments under production settings with these changes."""
    return run_python(
        "manage.py", *arguments, environment={**PRODUCTION, **environment}, folder=settings.BASE_DIR
    )


def test_a_wrong_file_stops_the_start_with_file_key_and_expectation(tmp_path: Path) -> None:
    write_merchant(tmp_path, {"paytronix.merchant_id": '"123"'})

    result = manage("check", MERCHANTS_DIR=str(tmp_path), DEBUG="true")

    assert result.returncode != 0
    assert "corner-bakery.toml: paytronix.merchant_id: expected a whole number, got a string" in result.stderr
    assert "corner-bakery.toml: PAYTRONIX_CORNER_BAKERY_CLIENT_ID: missing" in result.stderr


@pytest.mark.parametrize("environment", [{"DEBUG": "false"}, {"DEBUG": "true", "ALLOW_SANDBOX": "false"}])
def test_the_sandbox_stops_the_start_unless_it_is_allowed(environment: dict[str, str]) -> None:
    result = manage("check", **environment)

    assert result.returncode != 0
    assert (
        "demo.toml: paytronix.sandbox: expected false while ALLOW_SANDBOX is off, got true" in result.stderr
    )


@pytest.mark.parametrize("command", ["sandbox", "demo"])
@pytest.mark.parametrize(
    "environment",
    [{"DEBUG": "true"}, {"DEBUG": "false", "ALLOW_SANDBOX": "true"}],
    ids=["DEBUG", "ALLOW_SANDBOX"],
)
def test_the_sandbox_brings_its_commands(command: str, environment: dict[str, str]) -> None:
    result = manage(command, "--help", **environment)

    assert result.returncode == 0, result.stderr
    assert "--port" in result.stdout


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_the_sandboxs_commands_are_unknown_where_it_is_not_allowed(tmp_path: Path, command: str) -> None:
    write_merchant(tmp_path)
    credentials = {**CREDENTIALS, "MERCHANTS_DIR": str(tmp_path)}

    result = manage(command, "--help", DEBUG="false", **credentials)

    assert result.returncode != 0
    assert f"Unknown command: '{command}'" in result.stderr


def test_the_sandbox_is_allowed_when_told_so() -> None:
    result = manage("check", DEBUG="false", ALLOW_SANDBOX="true")

    assert result.returncode == 0, result.stderr


def test_refuses_the_sandbox_by_file_and_setting(tmp_path: Path) -> None:
    with pytest.raises(MerchantFilesWrong) as raised:
        refuse_sandbox(Registry([demo_merchant(), merchant(tmp_path)]))

    assert [problem.file for problem in raised.value.problems] == ["demo.toml"]
    assert "ALLOW_SANDBOX=true" in str(raised.value)


def test_a_merchant_of_the_real_paytronix_is_not_refused(tmp_path: Path) -> None:
    refuse_sandbox(Registry([merchant(tmp_path)]))
