"""The history's page and file: two calls at once, filters and pages in the address, and what a sender may follow."""

import csv
import dataclasses
import io
import json
import socket
import threading

import pytest
from django.test import Client

from guestportal.merchants.definition import Merchant
from tests.conftest import serving
from tests.support.answer_rows import states
from tests.support.answering_steps import (
    ANA,
    ANA_ACCOUNT,
    HTMX,
    ROSA,
    ROSA_ACCOUNT,
    answer,
    handle_of,
    operations,
    signed_in,
    writes,
)
from tests.support.pages import Element, parse, parse_page
from tests.support.sandbox import SandboxProcess
from tests.support.scripted_server import Behaviour, ScriptedServer

pytestmark = pytest.mark.django_db

BOTH = ["pendingTransfersToAccount", "transferHistoryForAccount"]


def history(client: Client, query: str = "") -> Element:
    return parse_page(client.get(f"/history/{query}").content)


def file_of(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/history.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_shows_both_directions_with_two_calls(ana: Client, sandbox: SandboxProcess) -> None:
    page = history(ana)

    assert operations(sandbox) == BOTH
    for words in (
        "That was so kind, thank you!",
        "Kind of you, but I only drink tea.",
        "Back to you!",
        "Sent twice by mistake.",
        "Happy birthday, Rosa!",
        "Accepted",
        "Declined",
        "Returned",
        "Expired",
        "Waiting",
        "Rosa L.",
        "Jo",
    ):
        assert words in page.text, words


def test_asks_both_at_the_same_time(merchant: Merchant, sandbox: SandboxProcess) -> None:
    """Neither reply is given before both questions have arrived: one after the other would wait for ever."""
    together = threading.Barrier(2)
    body = json.dumps({"result": "success", "transferInfo": []}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        together.wait(timeout=5)
        connection.sendall(head + body)

    client = signed_in(ANA)
    behaviour: Behaviour = behave
    with ScriptedServer(behaviour) as server:
        integration = dataclasses.replace(
            merchant.integration, base_url=server.base_url, read_timeout_seconds=6, deadline_seconds=8
        )
        with serving(dataclasses.replace(merchant, integration=integration)):
            assert client.get("/history/").status_code == 200
    assert len(server.requests) == 2


def test_the_sender_follows_both_answers_with_their_notes(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    ana, rosa = signed_in(ANA), signed_in(ROSA)
    answer(ana, "accept", handle_of(ana, "Thank you for the lift"), "It was a detour of love")
    answer(rosa, "decline", handle_of(rosa, "Happy birthday, Rosa!"), "Too much cake already")

    assert "It was a detour of love" in history(rosa, "?direction=out&status=ACCEPTED").text
    assert "Too much cake already" in history(ana, "?direction=out&status=REJECTED").text


@pytest.mark.parametrize(
    ("query", "directions", "statuses"),
    [
        ("", {"Given", "Received"}, {"Accepted", "Declined", "Returned", "Expired", "Waiting"}),
        ("?direction=in", {"Received"}, {"Accepted", "Declined", "Returned", "Expired", "Waiting"}),
        ("?direction=out&status=EXPIRED", {"Given"}, {"Expired"}),
        ("?status=RETURNED", {"Given", "Received"}, {"Returned"}),
        ("?q=back+to+YOU", {"Given"}, {"Accepted"}),
        (
            "?direction=sideways",
            {"Given", "Received"},
            {"Accepted", "Declined", "Returned", "Expired", "Waiting"},
        ),
        ("?status=HELD", set(), set()),
    ],
)
def test_filters_page_and_file_alike(
    ana: Client, query: str, directions: set[str], statuses: set[str]
) -> None:
    rows = file_of(ana, query)

    assert {row["Direction"] for row in rows} == directions
    assert {row["Status"] for row in rows} == statuses
    text = history(ana, query).text
    for row in rows:
        assert row["Message"].split("\n")[0] in text


def test_keeps_filters_in_the_address_of_every_page_and_of_the_file(
    merchant: Merchant, sandbox: SandboxProcess
) -> None:
    sandbox.add_gift(
        from_card=ANA.number,
        wallet_code=21,
        to_account=ROSA_ACCOUNT,
        count=60,
        message="Number {n}",
        status="ACCEPTED",
    )
    ana = signed_in(ANA)
    page = history(ana, "?direction=out&q=number&page=2")
    addresses = {each.attributes["href"] for each in page.all("a")}

    assert "/history/?direction=out&q=number" in addresses
    assert "/history/?direction=out&q=number&page=3" in addresses
    assert "/history.csv?direction=out&q=number" in addresses
    assert len(file_of(ana, "?direction=out&q=number&page=2")) == 60, "the file has all pages"


@pytest.mark.long
def test_shows_500_gifts_in_pages_and_in_one_file(merchant: Merchant, sandbox: SandboxProcess) -> None:
    sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_account=ANA_ACCOUNT,
        count=500,
        message="Number {n}",
        status="ACCEPTED",
    )
    ana = signed_in(ANA)
    seen: set[str] = set()
    for number in range(1, 30):
        page = history(ana, f"?q=number&page={number}")
        seen |= {word for word in page.text.split() if word.isdigit()}
        if f"page={number + 1}" not in str([each.attributes.get("href") for each in page.all("a")]):
            break

    assert number == 20
    assert {str(each) for each in range(1, 501)} <= seen
    assert len(file_of(ana, "?q=number")) == 500
    assert "500" in page.text


def test_counts_what_was_accepted_per_reward(merchant: Merchant, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    for status, count in (("ACCEPTED", 3), ("REJECTED", 5), ("PENDING", 7)):
        sandbox.add_gift(
            from_card=ROSA.number, wallet_code=21, to_account=ANA_ACCOUNT, count=count, status=status
        )
    sandbox.add_gift(
        from_card=ANA.number, wallet_code=21, to_account=ROSA_ACCOUNT, count=2, status="ACCEPTED"
    )
    text = history(signed_in(ANA)).text

    assert "3 Free Coffees" in text
    assert "2 Free Coffees" in text
    assert "5 Free Coffees" not in text
    assert "7 Free Coffees" not in text


def test_says_how_many_even_if_it_is_one(merchant: Merchant, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    sandbox.add_gift(from_card=ROSA.number, wallet_code=21, to_account=ANA_ACCOUNT, status="ACCEPTED")

    assert "You received 1 × Free Coffee" in history(signed_in(ANA)).one(aria_labelledby="totals-title").text


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("", "Only accepted gifts are counted."),
        ("?direction=in", "Only accepted gifts that fit your choice are counted."),
    ],
)
def test_says_which_gifts_are_counted(ana: Client, query: str, hint: str) -> None:
    assert history(ana, query).one("section", aria_labelledby="totals-title").text.endswith(hint)


def test_shows_transaction_numbers_for_support(ana: Client, sandbox: SandboxProcess) -> None:
    text = history(ana).text
    for gift in sandbox.transfers():
        if ANA_ACCOUNT in {gift.from_account, gift.to_account}:
            assert str(gift.transaction_id) in text
            assert gift.void_id is None or str(gift.void_id) in text


def test_shows_an_unknown_status_as_received(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.add_gift(
        from_card=ROSA.number,
        wallet_code=21,
        to_account=ANA_ACCOUNT,
        status="ACCEPTED",
        members={"status": "HELD_FOR_REVIEW"},
    )

    assert "HELD_FOR_REVIEW" in history(ana, "?status=HELD_FOR_REVIEW").text
    assert {row["Status"] for row in file_of(ana, "?status=HELD_FOR_REVIEW")} == {"HELD_FOR_REVIEW"}


def test_settles_an_unknown_answer_on_the_way(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "drop_after"})
    for reader in ("gifttransfer/pendingTransfer", "gifttransfer/transferHistoryForAccount"):
        sandbox.queue_fault(reader, {"kind": "status", "status": 500}, times=2)
    answer(ana, "accept", handle, **HTMX)
    assert states() == [("accept", "unknown")]
    sandbox.clear_faults()
    sandbox.clear_requests()
    history(ana)

    assert operations(sandbox) == BOTH
    assert states() == [("accept", "accepted")]
    assert writes(sandbox) == []


@pytest.mark.parametrize(
    "broken", ["gifttransfer/pendingTransfersToAccount", "gifttransfer/transferHistoryForAccount"]
)
@pytest.mark.parametrize("path", ["/history/", "/history.csv"])
def test_shows_no_half_history(ana: Client, sandbox: SandboxProcess, broken: str, path: str) -> None:
    sandbox.queue_fault(broken, {"kind": "status", "status": 503}, times=2)
    response = ana.get(path)

    assert response.status_code == 503
    assert "text/html" in response.headers["Content-Type"]
    assert "We cannot look up gifts right now" in parse(response.content).text


def test_tells_the_merchants_words_for_a_refusal(ana: Client, sandbox: SandboxProcess) -> None:
    body = '{"result": "failure", "errorCode": "gifttransfer.closed", "errorMessage": "Gifts rest in winter"}'
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "replace", "body": body})
    text = parse(ana.get("/gifts/").content).text

    assert "Gifts rest in winter" in text
    assert "gifttransfer.closed" in text


def test_is_a_file_for_downloading_that_nobody_keeps(ana: Client) -> None:
    response = ana.get("/history.csv")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="gifts.csv"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.startswith(b"\xef\xbb\xbf")


def test_says_why_it_is_empty(ana: Client, sandbox: SandboxProcess) -> None:
    page = history(ana, "?q=zzzz")
    nothing_found = page.text
    assert not page.all("a", href="/history.csv?q=zzzz"), "a file of nothing"
    sandbox.clear_transfers()
    nothing_there = history(ana).text

    assert nothing_found != nothing_there
