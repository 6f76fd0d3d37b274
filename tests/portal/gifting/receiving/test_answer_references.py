"""Whatever an answer comes to, in place or as a page: it bears a reference that the log has as well."""

import logging
import re

import pytest
from django.test import Client

from tests.support.answering_steps import HTMX, answer, handle_of, signed_in, transfer
from tests.support.gift_faults import FAILURE
from tests.support.pages import parse
from tests.support.sandbox import ACCEPT_TRANSFER_IN, SandboxProcess

ENDS = ("accepted", "unclear", "failed", "refused", "answered elsewhere", "returned", "without a code")
_REFERENCE = re.compile(r"\bReference ([0-9A-HJKMNP-TV-Z]{8})\b")
FAULTS: dict[str, dict[str, object]] = {
    "unclear": {"kind": "drop_before"},
    "failed": {"kind": "failed"},
    "refused": {"kind": "replace", "body": FAILURE, "work": False},
}


def prepare(sandbox: SandboxProcess, end: str) -> None:
    """Let the next answer to the coffee come to this end."""
    match end:
        case "unclear" | "failed" | "refused":
            sandbox.queue_fault(ACCEPT_TRANSFER_IN, FAULTS[end])
        case "answered elsewhere":
            other = signed_in()
            answer(other, "accept", handle_of(other))
        case "returned":
            sandbox.return_gift(transfer(sandbox).transaction_id)
        case "without a code":
            sandbox.show_codes(False)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("end", ENDS)
def test_stands_on_every_outcome(
    ana: Client, sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture, end: str, headers: dict[str, str]
) -> None:
    handle = handle_of(ana)
    prepare(sandbox, end)
    with caplog.at_level(logging.INFO):
        response = answer(ana, "accept", handle, **headers)
    page = response.content if response.status_code != 302 else ana.get(response.headers["Location"]).content
    fields: list[dict[str, object]] = [getattr(record, "fields", {}) for record in caplog.records]
    logged = {str(line.get(name)) for line in fields for name in ("reference", "answer_reference")}

    (shown,) = _REFERENCE.findall(parse(page).text)
    assert shown in logged


def test_is_the_same_on_every_page_that_tells_of_the_answer(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    answered = _REFERENCE.findall(parse(answer(ana, "accept", handle, **HTMX).content).text)
    waiting = _REFERENCE.findall(parse(ana.get("/gifts/").content).text)
    sandbox.run_late()
    settled = _REFERENCE.findall(parse(ana.get("/gifts/").content).text)

    assert answered == waiting == settled
    assert len(settled) == 1
