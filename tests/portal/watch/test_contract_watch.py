"""The contract watch: counted per operation and release, written after the response, told once, and printed."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.http.response import HttpResponseBase
from django.test import Client

from guestportal.merchants.definition import Merchant
from guestportal.paytronix.novelty import Kind, Novelty
from guestportal.paytronix.observing import Sighting
from guestportal.watch import seen, waiting
from guestportal.watch.models import Seen
from tests.support.plain_browser import SEED_CARD, sign_in_with_card, submit
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

ACCOUNT = "guest/accountInformation"


def doctor(*arguments: str) -> str:
    out = StringIO()
    call_command("doctor", "--seen", *arguments, stdout=out)
    return out.getvalue()


def new_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    lines = [record for record in caplog.records if record.name == "guestportal.watch"]
    assert all(record.levelname == "WARNING" for record in lines)
    return [record.fields for record in lines]  # type: ignore[attr-defined]


def sighting(*names: str, release: str = "26.6", operation: str = ACCOUNT) -> Sighting:
    return Sighting("demo", release, operation, frozenset(Novelty(Kind.FIELD, name) for name in names))


def test_counts_by_name_and_tells_a_new_one_once(
    merchant: Merchant, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.override_fields(SEED_CARD, loyaltyLevel="Secret value", accountStatus="FROZEN")
    client = Client(enforce_csrf_checks=True)
    sign_in_with_card(client)
    for _ in range(2):
        submit(client, "/balance/refresh/", {})
    waiting.write_all()

    assert {(row.kind, row.name, row.count) for row in Seen.objects.all()} == {
        ("field", "loyaltyLevel", 3),
        ("state", "accountStatus: FROZEN", 3),
    }
    assert sorted(line["name"] for line in new_lines(caplog)) == ["accountStatus: FROZEN", "loyaltyLevel"]
    (line,) = [line for line in new_lines(caplog) if line["kind"] == "field"]
    assert line == {
        "event": "contract_new",
        "merchant": "demo",
        "operation": ACCOUNT,
        "release": merchant.integration.release,
        "kind": "field",
        "name": "loyaltyLevel",
    }
    assert "Secret value" not in doctor()


def test_adds_nothing_for_what_is_documented(merchant: Merchant, sandbox: SandboxProcess) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in_with_card(client)
    for path in ("/balance/", "/gifts/", "/history/"):
        assert client.get(path).status_code == 200
    waiting.write_all()

    assert doctor() == "Nothing was seen that is not documented.\n"


def test_a_hostile_reply_of_10_000_names_adds_one_row(merchant: Merchant, sandbox: SandboxProcess) -> None:
    names = {"k" + "".join("abcdefghij"[int(digit)] for digit in str(each)): 1 for each in range(10_000)}
    sandbox.override_fields(SEED_CARD, **names)
    sign_in_with_card(Client(enforce_csrf_checks=True))
    waiting.write_all()

    assert [(row.kind, row.name) for row in Seen.objects.all()] == [("field", "(many)")]


def test_writes_nothing_before_the_response_has_gone_out(
    merchant: Merchant, sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.override_fields(SEED_CARD, loyaltyLevel="7")
    order: list[str] = []
    close = HttpResponseBase.close

    def closing(response: HttpResponseBase) -> None:
        order.append("closing")
        close(response)

    monkeypatch.setattr(HttpResponseBase, "close", closing)
    monkeypatch.setattr(seen, "write", lambda tallies: order.extend(name.name for name in tallies))
    sign_in_with_card(Client(enforce_csrf_checks=True))

    assert order == ["closing", "loyaltyLevel"]


def test_writes_what_is_known_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        waiting.note(sighting("scale"))
        waiting.write_after_response()
    assert Seen.objects.get().count == 1
    waiting.note(sighting("colour"))
    waiting.write_after_response()

    assert {row.name: row.count for row in Seen.objects.all()} == {"scale": 5, "colour": 1}
    assert [line["name"] for line in new_lines(caplog)] == ["scale", "colour"]


def test_tells_releases_operations_and_merchants_apart() -> None:
    for each in (
        sighting("a"),
        sighting("a", release="26.7"),
        sighting("a", operation="oauth/requestGuestToken"),
    ):
        waiting.note(each)
    waiting.write_all()

    assert Seen.objects.count() == 3


def test_is_bounded_for_each_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST_NAMES", 3)
    for name in ("a", "b", "c", "d", "e"):
        waiting.note(sighting(name))
        waiting.write_all()
    waiting.note(sighting("d", operation="gifttransfer/giftingConfig"))
    waiting.write_all()

    kept = {(row.operation, row.name): row.count for row in Seen.objects.all()}
    assert kept == {
        (ACCOUNT, "a"): 1,
        (ACCOUNT, "b"): 1,
        (ACCOUNT, "c"): 1,
        (ACCOUNT, seen.ALL_THE_REST): 2,
        ("gifttransfer/giftingConfig", "d"): 1,
    }


def test_holds_no_more_than_so_many_names_in_memory() -> None:
    for number in range(waiting.MOST_WAITING + 100):
        waiting.note(sighting(f"name {number}"))

    assert len(waiting.OF_THIS_PROCESS.take()) == waiting.MOST_WAITING


def test_a_database_that_is_away_costs_no_page(
    merchant: Merchant,
    sandbox: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_tallies: object) -> None:
        raise DatabaseError("the disk is full")

    sandbox.override_fields(SEED_CARD, loyaltyLevel="7")
    monkeypatch.setattr(seen, "write", fails)
    sign_in_with_card(Client(enforce_csrf_checks=True))

    assert new_lines(caplog) == [{"event": "contract_watch_not_written", "reason": "DatabaseError"}]


def test_a_defect_of_the_watch_costs_no_answer(
    merchant: Merchant,
    sandbox: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_arguments: object) -> None:
        raise AssertionError("a defect")

    monkeypatch.setattr("guestportal.paytronix.observing.novelties", fails)
    with caplog.at_level(logging.ERROR):
        sign_in_with_card(Client(enforce_csrf_checks=True))

    assert "contract_watch_failed" in caplog.text


def test_prints_names_with_their_times(merchant: Merchant) -> None:
    waiting.note(sighting("pointBalances[].scale"))
    waiting.write_all()
    row = Seen.objects.get()

    (line,) = doctor().splitlines()
    assert line.startswith(f"demo  26.6  {ACCOUNT}  field  pointBalances[].scale  1 times, first ")
    assert f"last {row.last_at:%Y-%m-%d %H:%M:%S}Z" in line
    (found,) = json.loads(doctor("--json", "--merchant", "demo"))
    assert found == {
        "merchant": "demo",
        "release": "26.6",
        "operation": ACCOUNT,
        "kind": "field",
        "name": "pointBalances[].scale",
        "count": 1,
        "first_at": row.first_at.isoformat(),
        "last_at": row.last_at.isoformat(),
    }


def test_prints_one_merchant_alone(merchant: Merchant) -> None:
    waiting.note(Sighting("other", "26.6", ACCOUNT, frozenset([Novelty(Kind.FIELD, "scale")])))
    waiting.write_all()

    assert "scale" in doctor()
    assert doctor("--merchant", "demo") == "Nothing was seen that is not documented.\n"
    with pytest.raises(CommandError, match="nowhere"):
        doctor("--merchant", "nowhere")


def test_says_that_it_can_do_nothing_else_yet() -> None:
    with pytest.raises(CommandError, match="--seen"):
        call_command("doctor")
