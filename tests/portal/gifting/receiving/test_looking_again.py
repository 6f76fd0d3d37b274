"""A page with answers that are being confirmed looks again by itself: once for all of them, ever less often."""

import json
import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.support.answer_rows import let_pass
from tests.support.answering_steps import (
    ANA_ACCOUNT,
    FREE_COFFEE,
    HTMX,
    ROSA,
    answer,
    shown_gifts,
    waiting,
)
from tests.support.pages import Element, parse
from tests.support.sandbox import ACCEPT_TRANSFER_IN, SandboxProcess


@pytest.fixture
def three(ana: Client, sandbox: SandboxProcess) -> list[str]:
    """The handles of three gifts that wait, and nothing else."""
    sandbox.clear_transfers()
    sandbox.add_gift(from_card=ROSA.number, wallet_code=FREE_COFFEE, to_account=ANA_ACCOUNT, count=3)
    return [each.handle for each in waiting(ana)]


def leave_unclear(ana: Client, sandbox: SandboxProcess, *handles: str) -> None:
    """Accept these gifts, each call ending without a sign of what became of it."""
    for handle in handles:
        sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "drop_before"})
        answer(ana, "accept", handle)


def pollers(page: Element) -> list[Element]:
    """What on a page asks again by itself."""
    return [each for each in page.all() if re.search(r"every|delay", each.attributes.get("hx-trigger", ""))]


def pause_of(poller: Element) -> int:
    """Seconds until it asks."""
    return int(re.findall(r"(?:every |load delay:)(\d+)s", poller.attributes["hx-trigger"])[0])


def look(ana: Client, poller: Element, page: Element) -> Element:
    """What its request answers. The page says which answers it shows as unsettled."""
    unsettled = [each.attributes["value"] for each in page.all("input", name="unsettled")]
    address = poller.attributes["hx-get"]
    joint = "&" if "?" in address else "?"
    query = urlencode({"unsettled": unsettled}, doseq=True)
    headers = {**HTMX, **json.loads(poller.attributes["hx-headers"])}
    return parse(ana.get(f"{address}{joint}{query}", headers=headers).content)


def upstream_calls_in_a_minute(ana: Client, sandbox: SandboxProcess) -> int:
    """What an open page asks of Paytronix in its first minute, while nothing is learnt."""
    page = parse(ana.get("/gifts/").content)
    due = [(pause_of(each), each) for each in pollers(page)]
    sandbox.clear_requests()
    while due:
        second, poller = due.pop()
        if second > 60:
            continue
        found = look(ana, poller, page)
        again = poller if "every" in poller.attributes["hx-trigger"] else pollers(found)[0]
        due.append((second + pause_of(again), again))
    return len(sandbox.requests())


@pytest.mark.parametrize("gifts", [1, 3])
def test_a_minute_of_confirming_asks_eight_calls_however_many_gifts_there_are(
    ana: Client, sandbox: SandboxProcess, three: list[str], gifts: int
) -> None:
    leave_unclear(ana, sandbox, *three[:gifts])

    assert upstream_calls_in_a_minute(ana, sandbox) == 8


def test_stops_asking_in_the_end(ana: Client, sandbox: SandboxProcess, three: list[str]) -> None:
    leave_unclear(ana, sandbox, three[0])
    page = parse(ana.get("/gifts/").content)
    asking, pauses = pollers(page), list[int]()
    while asking and len(pauses) < 100:
        pauses.append(pause_of(asking[0]))
        asking = pollers(look(ana, asking[0], page))

    assert pauses == [3, 6, 12, 24, 48] + [60] * 15
    assert sum(pauses) < 17 * 60


def test_a_look_brings_the_news_of_each_answer_alone(
    ana: Client, sandbox: SandboxProcess, three: list[str]
) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    answer(ana, "accept", three[0])
    leave_unclear(ana, sandbox, three[1])
    page = parse(ana.get("/gifts/").content)
    (asking,) = pollers(page)
    quiet = look(ana, asking, page)
    assert shown_gifts(quiet) == []
    assert not quiet.all(hx_swap_oob="innerHTML:#status"), "nothing to say"

    sandbox.run_late()
    news = look(ana, pollers(quiet)[0], page)
    assert [each.handle for each in shown_gifts(news)] == [three[0]]
    assert news.one("article").attributes["hx-swap-oob"] == "true"
    assert "You accepted the gift" in news.one(hx_swap_oob="innerHTML:#status").text
    assert pollers(news), "another answer is still open"

    let_pass(61)
    last = look(ana, pollers(news)[0], page)
    assert {each.handle for each in shown_gifts(last)} == set(three[:2])
    assert last.all("form", action=f"/gifts/{three[1]}/accept/"), (
        "it still waits, so it can be answered again"
    )
    assert not pollers(last)


def test_a_look_tells_what_another_page_has_told_already(
    ana: Client, sandbox: SandboxProcess, three: list[str]
) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    answer(ana, "accept", three[0])
    page = parse(ana.get("/gifts/").content)
    sandbox.run_late()
    ana.get("/gifts/")

    news = look(ana, pollers(page)[0], page)
    assert "You accepted this gift" in news.one("article").text


def test_a_look_that_fails_leaves_the_page_and_goes_on(
    ana: Client, sandbox: SandboxProcess, three: list[str]
) -> None:
    leave_unclear(ana, sandbox, three[0])
    page = parse(ana.get("/gifts/").content)
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "status", "status": 503}, times=2)

    answered = look(ana, pollers(page)[0], page)
    assert pause_of(pollers(answered)[0]) == 6
    assert shown_gifts(answered) == []
