"""What is written down while gifts are looked at and answered: no code, number, name or word of a message."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.support.answering_steps import (
    ANA,
    COFFEE_CODE,
    COFFEE_MESSAGE,
    HTMX,
    ROSA,
    URL_BY_ACTION,
    answer,
    handle_of,
    signed_in,
)
from tests.support.canaries import LOGGING, configured_handler
from tests.support.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db

SECRETS = (
    COFFEE_CODE,
    ANA.number,
    ROSA.number,
    "Lindqvist",
    COFFEE_MESSAGE,
    "very own words",
    "j…@",
    "@example",
)


@pytest.fixture
def written() -> Iterator[list[io.StringIO]]:
    """Everything that the configured handlers write at DEBUG, in both formats."""
    streams = [io.StringIO() for _format in LOGGING["formatters"]]
    root = logging.getLogger()
    level, before = root.level, root.handlers[:]
    root.handlers[:] = [
        configured_handler(name, stream) for name, stream in zip(LOGGING["formatters"], streams, strict=True)
    ]
    root.setLevel(logging.DEBUG)
    try:
        yield streams
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def found_in(written: list[io.StringIO]) -> list[str]:
    return [secret for secret in SECRETS for stream in written if secret in stream.getvalue()]


def test_writes_no_secret_of_a_gift_down(
    merchant: Merchant, sandbox: SandboxProcess, written: list[io.StringIO]
) -> None:
    client = signed_in(ANA)
    client.get(f"/g/{COFFEE_CODE}/")
    for headers in ({}, HTMX):
        for path in ("/g/", "/gifts/", "/gifts/waiting/", "/history/", "/history.csv?q=lift"):
            client.get(path, headers=headers)
    handle = handle_of(client)
    for action, operation in URL_BY_ACTION.items():
        for fault in ({"kind": "drop_before"}, {"kind": "status", "status": 500}, {"kind": "broken_json"}):
            sandbox.queue_fault(operation, fault)
            answer(client, action, handle, "My very own words")
    assert any("acceptTransferIn" in stream.getvalue() for stream in written)

    assert found_in(written) == []


@pytest.mark.parametrize("method", ["post", "put"])
def test_writes_no_code_of_a_link_down_when_it_is_opened_wrongly(
    merchant: Merchant, written: list[io.StringIO], method: str
) -> None:
    getattr(Client(), method)(f"/g/{COFFEE_CODE}/")

    assert found_in(written) == []
