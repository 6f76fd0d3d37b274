"""How often one page reads the guest's answers from the ledger, and opens what is sealed in them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gifting.ledger import rows
from gifting.models import Answer
from guestportal.storage.sealing import open_sealed
from tests.support.answer_rows import states
from tests.support.answering_steps import COFFEE_CODE, answer, handle_of
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(ana: Client, sandbox: SandboxProcess) -> str:
    """The handle of a gift that Ana has declined and read about."""
    handle = handle_of(ana, "drew a fern on every cup")
    answer(ana, "decline", handle)
    assert states() == [("decline", "declined")]
    return handle


@pytest.mark.parametrize(
    ("path", "reads"),
    [
        ("/gifts/", 2),  # one of them for unfinished answers only, to know what to ask Paytronix for
        ("/history/", 1),
        ("/g/", 1),
        ("/gifts/{declined}/deadline.ics", 1),
    ],
)
def test_a_page_opens_an_answer_that_is_done_with_once(
    ana: Client, declined: str, path: str, reads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.get(f"/g/{COFFEE_CODE}/")
    opened: list[str] = []

    def counted(row: Answer, column: str) -> bytes:
        opened.extend([column] if getattr(row, column) else [])
        return open_sealed(row, column)

    monkeypatch.setattr(rows, "open_sealed", counted)
    with CaptureQueriesContext(connection) as queries:
        ana.get(path.format(declined=declined))
    read = [each["sql"] for each in queries if each["sql"].startswith('SELECT "gifting_answer"')]
    assert (len(read), len(opened)) == (reads, 1)
