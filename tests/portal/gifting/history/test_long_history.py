"""The size of a history is no limit: who has 20,000 gifts reads, sends and is told (docs/threats.md, check 57)."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from gifting.models import KeptPiece
from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.answering_steps import ANA, ROSA_ACCOUNT, operations
from tests.support.pages import parse, parse_page
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_pages import visitor, wish_of
from tests.support.sending_steps import posts, state_of

pytestmark = pytest.mark.django_db

GIFTS = 20_000


@pytest.fixture
def merchant(merchant: Merchant) -> Iterator[Merchant]:
    """The demo merchant with all the time that a busy machine needs for such lists; faults decide, not the clock."""
    integration = dataclasses.replace(merchant.integration, read_timeout_seconds=60.0, deadline_seconds=90.0)
    changed = dataclasses.replace(merchant, integration=integration)
    with serving(changed):
        yield changed


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_guest_with_20_000_gifts_reads_sends_and_settles(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.add_gift(
        from_card=ANA.number,
        wallet_code=21,
        to_account=ROSA_ACCOUNT,
        count=GIFTS,
        message="Number {n}",
        status="ACCEPTED",
    )
    rosa = visitor(Client(enforce_csrf_checks=True))
    sandbox.clear_requests()
    first = parse_page(rosa.get("/history/").content)
    assert re.search(r"1–25 of 20,?0\d\d", first.text), "the seed's gifts are among them"
    last = parse(rosa.get("/history/?page=800").content)
    assert "Newer gifts" in last.text
    assert rosa.get("/history.csv?direction=in").content.count(b"Number ") == GIFTS
    assert operations(sandbox) == ["pendingTransfersToAccount", "transferHistoryForAccount"]
    assert KeptPiece.objects.count() > 200

    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
    rosa.decide()
    receipt = rosa.sent()
    rosa.get(receipt)

    assert len(posts(sandbox)) == 1
    assert state_of(wish_of(receipt)) == "sent"
