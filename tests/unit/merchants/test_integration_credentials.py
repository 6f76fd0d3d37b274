"""Where credentials come from, and that they go nowhere else."""

from pathlib import Path

import pytest

from guestportal.merchants.loading import load_merchants
from guestportal.sandbox import identity
from tests.support.merchant_files import CREDENTIALS, LANGUAGES, merchant, problems, write_merchant

ID = "PAYTRONIX_CORNER_BAKERY_CLIENT_ID"
SECRET = "PAYTRONIX_CORNER_BAKERY_CLIENT_SECRET"
CANARY = "canary-4711"


def test_reads_credentials_from_the_environment(tmp_path: Path) -> None:
    integration = merchant(tmp_path).integration

    assert (integration.client_id, integration.client_secret) == ("bakery-id", "bakery-canary-secret")


def test_reads_credentials_from_files_the_environment_names(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\r\n", encoding="utf-8")

    integration = merchant(tmp_path, environ={ID: "bakery-id", f"{SECRET}_FILE": str(secret)}).integration

    assert integration.client_secret == "from-a-file"


def test_names_the_variables_that_are_missing(tmp_path: Path) -> None:
    assert problems(tmp_path, environ={ID: ""}) == [
        f"corner-bakery.toml: {name}: missing; "
        f"expected this environment variable, or {name}_FILE with the path of a file"
        for name in (ID, SECRET)
    ]


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({ID: "a", SECRET: CANARY, f"{SECRET}_FILE": CANARY}, SECRET),
        ({ID: "a", f"{SECRET}_FILE": f"/nowhere/{CANARY}"}, f"{SECRET}_FILE"),
        ({ID: "a", f"{SECRET}_FILE": f"{CANARY}\0"}, f"{SECRET}_FILE"),
        ({ID: f"{CANARY}:b", SECRET: "s"}, ID),
        ({ID: "a", SECRET: f"{CANARY} "}, SECRET),
        ({ID: "a", SECRET: f"{CANARY}\n{CANARY}"}, SECRET),
        ({ID: "a", SECRET: f"{CANARY}é"}, SECRET),
    ],
)
def test_refuses_unfit_credentials_without_repeating_them(
    tmp_path: Path, environ: dict[str, str], named: str
) -> None:
    (line,) = problems(tmp_path, environ=environ)

    assert line.startswith(f"corner-bakery.toml: {named}: expected ")
    assert CANARY not in line


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 5000, b"\xff\xfe"])
def test_refuses_unfit_files(tmp_path: Path, content: bytes) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(content)

    (line,) = problems(tmp_path, environ={ID: "a", f"{SECRET}_FILE": str(secret)})

    assert f"{SECRET}_FILE: " in line


def test_sandbox_has_published_credentials_when_none_are_set(tmp_path: Path) -> None:
    integration = merchant(tmp_path, {"paytronix.sandbox": "true"}, environ={}).integration

    assert (integration.client_id, integration.client_secret) == (identity.CLIENT_ID, identity.CLIENT_SECRET)


@pytest.mark.parametrize(("given", "missing"), [(ID, SECRET), (SECRET, ID)])
def test_sandbox_with_one_credential_set_asks_for_the_other(tmp_path: Path, given: str, missing: str) -> None:
    (line,) = problems(tmp_path, {"paytronix.sandbox": "true"}, environ={given: "own"})

    assert line.startswith(f"corner-bakery.toml: {missing}: missing")


def test_each_merchant_has_credentials_of_its_own(tmp_path: Path) -> None:
    write_merchant(tmp_path)
    write_merchant(tmp_path, {"hosts": '["tea.example"]'}, stem="tea")
    environ = {**CREDENTIALS, "PAYTRONIX_TEA_CLIENT_ID": "tea", "PAYTRONIX_TEA_CLIENT_SECRET": "tea-secret"}

    registry = load_merchants(tmp_path, environ, languages=LANGUAGES)

    assert [one.integration.client_secret for one in registry] == ["bakery-canary-secret", "tea-secret"]


def test_no_credential_shows_in_a_representation(tmp_path: Path) -> None:
    bakery = merchant(tmp_path)
    registry = load_merchants(tmp_path, CREDENTIALS, languages=LANGUAGES)

    for shown in (repr(bakery), str(bakery), repr(bakery.integration), repr(registry)):
        assert "bakery-id" not in shown
        assert "canary" not in shown
