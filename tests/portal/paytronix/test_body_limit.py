"""How much of an answer is read: as much as its operation may need, and not a byte more."""

import json

import pytest

from guestportal.paytronix.client import PaytronixClient
from guestportal.paytronix.errors import ContractBroken
from guestportal.paytronix.services.gift_transfer import GiftTransferService
from guestportal.paytronix.services.guest import ACCOUNT_INFORMATION as ACCOUNT
from tests.support.builders import integration
from tests.support.paytronix_calls import failure_of, read_card
from tests.support.sandbox import ACCOUNT_INFORMATION, SandboxProcess
from tests.support.scripted_server import ScriptedServer, answering

LIMIT_BYTES = ACCOUNT.body_limit_bytes


def test_reads_no_more_of_a_redirects_body_than_of_any_other() -> None:
    # Announced and never sent: whoever reads past the limit waits for it until the deadline.
    body = b"x" * (LIMIT_BYTES + 100_000)
    redirect = answering(body, status="302 Found", headers=["Location: /elsewhere"], announced=50_000_000)
    with ScriptedServer(redirect) as server:
        error = failure_of(PaytronixClient(integration(server.base_url)))

    assert type(error) is ContractBroken
    assert "body over" in error.reason


def padded(size_bytes: int) -> bytes:
    opening = b'{"result": "success", "odd": "'
    return opening + b"x" * (size_bytes - len(opening) - 2) + b'"}'


def test_takes_a_body_up_to_the_limit_and_not_a_byte_more() -> None:
    with ScriptedServer(answering(padded(LIMIT_BYTES)), answering(padded(LIMIT_BYTES + 1))) as server:
        client = PaytronixClient(integration(server.base_url, read_timeout_seconds=2, deadline_seconds=5))
        read_card(client)
        error = failure_of(client)

    assert type(error) is ContractBroken


@pytest.mark.parametrize("fault", [{"announced": True}, {"announced": False}, {"gzipped": True}])
def test_stops_reading_a_body_that_is_too_long(sandbox: SandboxProcess, fault: dict[str, object]) -> None:
    client = PaytronixClient(integration(sandbox.base_url, read_timeout_seconds=5, deadline_seconds=10))
    sandbox.queue_fault(ACCOUNT_INFORMATION, {"kind": "oversize", "size_bytes": 7_000_000, **fault})

    assert type(failure_of(client)) is ContractBroken
    assert read_card(client).username.value == "GuestREST"


def history_of(transfers: int) -> bytes:
    gift = json.dumps({"status": "ACCEPTED", "transferOutTransactionId": 1, "transferMessage": "x" * 600})
    return f'{{"result": "success", "transferInfo": [{", ".join([gift] * transfers)}]}}'.encode()


@pytest.mark.long
def test_reads_a_history_of_twenty_thousand_gifts_and_no_endless_one() -> None:
    """Check 57: such a list is many times as long as any other reply may be."""
    with ScriptedServer(answering(history_of(20_000)), answering(history_of(50_000))) as server:
        client = PaytronixClient(integration(server.base_url, read_timeout_seconds=20, deadline_seconds=30))
        service = GiftTransferService(client)
        history = service.history(printed_card_number="6000301000418000")
        with pytest.raises(ContractBroken) as caught:
            service.history(printed_card_number="6000301000418000")

    assert len(history.readable) == 20_000
    assert history.is_whole
    assert caught.value.reason == "body over 33554432 bytes"
