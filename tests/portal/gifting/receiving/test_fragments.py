"""Page or fragment, four ways for each view; what stands beside a fragment's root; and the balance page's part."""

import json

import pytest
from django.test import Client

from gifting.receiving.handles import LENGTH
from tests.support.answer_rows import let_pass
from tests.support.answering_steps import answer, handle_of, operations, shown_gifts, transfer
from tests.support.pages import check_parts, parse, parse_page
from tests.support.sandbox import SandboxProcess

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/gifts/"}
FOUR = {
    "plain": ({}, True),
    "htmx": (HTMX, False),
    "history restore": ({**HTMX, "HX-History-Restore-Request": "true"}, True),
    "boosted": ({**HTMX, "HX-Boosted": "true"}, True),
}
VARY = {"hx-request", "hx-boosted", "hx-history-restore-request"}
four_ways = pytest.mark.parametrize(("headers", "whole"), FOUR.values(), ids=FOUR.keys())


def check(response: object, *, whole: bool, root_id: str) -> None:
    content: bytes = response.content  # type: ignore[attr-defined]  # the test client's response
    vary = {name.strip().lower() for name in response.headers["Vary"].split(",")}  # type: ignore[attr-defined]
    assert vary >= VARY
    assert "no-store" in response.headers["Cache-Control"]  # type: ignore[attr-defined]
    if whole:
        parse_page(content).one(id=root_id)
    else:
        fragment = parse(content)
        assert not fragment.all("html")
        fragment.one(id=root_id)
        check_parts(fragment)


@four_ways
def test_gifts(ana: Client, headers: dict[str, str], whole: bool) -> None:
    check(ana.get("/gifts/", headers=headers), whole=whole, root_id="gifts")


@four_ways
def test_history(ana: Client, headers: dict[str, str], whole: bool) -> None:
    check(ana.get("/history/", headers=headers), whole=whole, root_id="history")


@four_ways
def test_decline(ana: Client, headers: dict[str, str], whole: bool) -> None:
    handle = handle_of(ana)
    response = ana.get(f"/gifts/{handle}/decline/", headers=headers)

    check(response, whole=whole, root_id=f"gift-{handle}")


@four_ways
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_an_answer_that_is_not_possible(
    ana: Client, sandbox: SandboxProcess, headers: dict[str, str], whole: bool, action: str
) -> None:
    handle = handle_of(ana)
    sandbox.return_gift(transfer(sandbox).transaction_id)
    response = answer(ana, action, handle, **headers)

    assert response.status_code == (409 if whole else 200)
    check(response, whole=whole, root_id=f"gift-{handle}")


@four_ways
@pytest.mark.parametrize("action", ["accept", "decline"])
def test_an_answer_that_succeeds(ana: Client, headers: dict[str, str], whole: bool, action: str) -> None:
    handle = handle_of(ana)
    response = answer(ana, action, handle, **headers)
    if whole:
        assert (response.status_code, response.headers["Location"]) == (302, "/gifts/")
    else:
        check(response, whole=False, root_id=f"gift-{handle}")


@four_ways
def test_a_handle_that_is_nothing(ana: Client, headers: dict[str, str], whole: bool) -> None:
    response = answer(ana, "accept", "A" * LENGTH, **headers)
    page = parse_page(response.content)

    assert response.status_code == (404 if whole else 200)
    assert page.one("h1").text
    assert response.headers.get("HX-Retarget", "") == ("" if whole else "#main")


@four_ways
def test_paytronix_cannot_be_asked(
    ana: Client, sandbox: SandboxProcess, headers: dict[str, str], whole: bool
) -> None:
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "status", "status": 503}, times=2)
    response = ana.get("/gifts/", headers=headers)

    assert response.status_code == (503 if whole else 200)
    assert "We cannot look up gifts right now" in parse_page(response.content).text
    assert response.headers.get("HX-Retarget", "") == ("" if whole else "#main")


@four_ways
def test_the_balance_pages_part(
    ana: Client, sandbox: SandboxProcess, headers: dict[str, str], whole: bool
) -> None:
    response = ana.get("/gifts/waiting/", headers=headers)
    if whole:
        assert (response.status_code, response.headers["Location"]) == (302, "/gifts/")
        assert sandbox.requests() == []
        return
    check(response, whole=False, root_id="waiting-gifts")
    assert operations(sandbox) == ["pendingTransfersToAccount"]
    fragment = parse(response.content)
    assert fragment.one(id="gift-count").text.startswith("5")
    assert fragment.one(class_="waiting-more").text == "and 4 more gifts are waiting"
    assert [each for each in fragment.all("a") if each.attributes["href"] == "/gifts/"]


def test_the_balance_pages_part_stays_calm_when_paytronix_cannot_be_asked(
    ana: Client, sandbox: SandboxProcess
) -> None:
    sandbox.queue_fault("gifttransfer/pendingTransfersToAccount", {"kind": "status", "status": 503}, times=2)
    response = ana.get("/gifts/waiting/", headers=HTMX)

    assert response.status_code == 200
    assert parse(response.content).one(id="waiting-gifts").all("a", href="/gifts/")


def test_the_balance_page_makes_one_call_and_leaves_gifts_for_later(
    ana: Client, sandbox: SandboxProcess
) -> None:
    page = parse_page(ana.get("/balance/?again").content)
    later = page.one(id="waiting-gifts")

    assert [request for request in sandbox.requests() if "gifttransfer" in request.operation] == []
    assert later.attributes["hx-get"] == "/gifts/waiting/"
    assert later.all("a", href="/gifts/")


def test_looks_again_by_itself_only_while_something_is_confirmed(
    ana: Client, sandbox: SandboxProcess
) -> None:
    assert "hx-get" not in parse(ana.get("/gifts/").content).one(id="look-again").attributes
    handle = handle_of(ana)
    sandbox.queue_fault("gifttransfer/acceptTransferIn", {"kind": "drop_before"})
    answered = parse(answer(ana, "accept", handle, **HTMX).content)
    page = parse_page(ana.get("/gifts/").content)

    for root in (answered, page):
        asking = root.one(id="look-again")
        assert asking.attributes["hx-get"] == "/gifts/?again=1"
        assert json.loads(asking.attributes["hx-headers"]) == {"X-Background": "1"}, "nobody's activity"
    assert page.all("a", href="/gifts/"), "a way to look again without script"
    sandbox.clear_requests()
    ana.get("/gifts/", headers=HTMX)
    assert operations(sandbox) == ["pendingTransfersToAccount", "transferHistoryForAccount"]
    let_pass(61)
    settled = parse(ana.get("/gifts/", headers=HTMX).content)
    assert "hx-get" not in settled.one(id="look-again").attributes
    sandbox.clear_requests()
    ana.get("/gifts/", headers=HTMX)
    assert operations(sandbox) == ["pendingTransfersToAccount"]


def test_has_every_gift_of_a_long_list(ana: Client, sandbox: SandboxProcess) -> None:
    sandbox.add_gift(from_card="6000301000731206", wallet_code=21, to_account=900001, count=45)

    assert len(shown_gifts(ana.get("/gifts/").content)) == 50


def test_ends_in_a_client_redirect_when_the_session_is_over(ana: Client, sandbox: SandboxProcess) -> None:
    handle = handle_of(ana)
    other = Client(enforce_csrf_checks=True)
    other.cookies["csrftoken"] = ana.cookies["csrftoken"].value
    response = answer(other, "accept", handle, **HTMX)

    assert response.headers["HX-Redirect"] == "/?next=%2Fgifts%2F&ended=1"
