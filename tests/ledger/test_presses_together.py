"""Presses at the same moment, by real threads through the pages (docs/threats.md, checks 23 and 24)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gifting.ledger import rows, wishes
from gifting.ledger.wish import WishGone, WishState
from gifting.ledger.wishes import WishRow
from gifting.models import Wish
from gifting.sending.domain import Prepared
from guestportal.merchants.definition import Merchant
from tests.support.plain_browser import submit
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_pages import CHECK, Visitor, visitor, wish_on
from tests.support.sending_steps import (
    POINTS,
    Sender,
    posts,
    sender_with,
    sent_by_api,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TWENTY = 20


@pytest.fixture
def rosa(merchant: Merchant, transactional_db: None, sandbox: SandboxProcess) -> Iterator[Sender]:
    yield sender_with(merchant)
    connections.close_all()


@pytest.fixture
def browser(merchant: Merchant, transactional_db: None, sandbox: SandboxProcess) -> Iterator[Visitor]:
    browser = visitor(Client(enforce_csrf_checks=True))
    yield browser
    connections.close_all()


def press(browser: Visitor, wish: str) -> tuple[int, str]:
    """The check page's button in a window of its own: the status, and where it leads."""
    client = Client(enforce_csrf_checks=True)
    for name, morsel in browser.client.cookies.items():
        client.cookies[name] = morsel.value
    try:
        response = submit(client, CHECK, {"wish": wish, "another": "1"})
        return response.status_code, response.headers.get("Location", "")
    finally:
        connection.close()


def press_together(browser: Visitor, wishes: list[str]) -> list[tuple[int, str]]:
    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(press, [browser] * len(wishes), wishes))


def test_one_key_posted_by_twenty_threads_is_one_transfer(browser: Visitor, sandbox: SandboxProcess) -> None:
    browser.decide(message="Have one on me")
    wish = wish_on(browser.get(CHECK))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "delay_before", "seconds": 0.3})
    answers = press_together(browser, [wish] * TWENTY)

    assert set(answers) == {(302, f"/gifts/sent/{wish}/")}, "all of them lead to the one receipt"
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == 1
    assert [row.state for row in Wish.objects.all()] == [WishState.SENT]


def test_of_two_check_pages_sent_together_one_is_sent(browser: Visitor, sandbox: SandboxProcess) -> None:
    """Two sign-ins of one guest, so that neither page replaces the other."""
    browser.decide()
    first = wish_on(browser.get(CHECK))
    other = visitor(Client(enforce_csrf_checks=True))
    other.decide(wallet_code=POINTS)
    second = wish_on(other.get(CHECK))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "delay_before", "seconds": 0.5}, times=2)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, [browser, other] * 4, [first, second] * 4))

    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == 1
    assert {status for status, _address in answers} == {302}
    assert sorted(row.state for row in Wish.objects.all()) == [WishState.PREPARED, WishState.SENT]


def test_a_second_gift_while_one_is_open_is_not_sent(browser: Visitor, sandbox: SandboxProcess) -> None:
    browser.decide()
    first = wish_on(browser.get(CHECK))
    other = visitor(Client(enforce_csrf_checks=True))
    other.decide(wallet_code=POINTS)
    second = wish_on(other.get(CHECK))
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_before"})
    press(browser, first)
    answers = press_together(other, [second] * TWENTY)

    assert set(answers) == {(302, f"/gifts/sent/{first}/")}, "where the open one is told of"
    assert len(posts(sandbox)) == 1


def in_between(act: Callable[[], object]) -> Any:
    """While inside, `act` happens once: after the first SELECT of wishes, or before a DELETE if no lock forbids."""
    done: list[bool] = []

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        selects = sql.startswith("SELECT")
        deletes = sql.startswith("DELETE") and connection.vendor != "sqlite"  # which has one writer at a time
        if done or "gifting_wish" not in sql or not (selects or deletes):
            return execute(sql, params, many, context)
        done.append(True)
        result = execute(sql, params, many, context) if selects else None
        act()
        return result if selects else execute(sql, params, many, context)

    return connection.execute_wrapper(between)


def test_a_page_that_replaces_another_never_forgets_a_gift_that_is_being_sent(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    """The guest presses Send in one tab in the very moment in which another tab prepares something else."""
    wish = rosa.prepares()
    row = wishes.find(merchant=rosa.merchant, guest=rosa.guest, wish_id=wish.wish_id)
    assert row.contents is not None
    with in_between(lambda: in_another_tab(rosa, wish)), CaptureQueriesContext(connection) as asked:
        wishes.prepare(
            merchant=rosa.merchant,
            guest=rosa.guest,
            contents=row.contents,
            wish_id=rosa.credential_id,
            replaced=wish.wish_id,
        )

    sent = Wish.objects.filter(state=WishState.SENT).count()
    assert len(posts(sandbox)) == len(sent_by_api(sandbox)) == sent
    kinds = [each["sql"].split()[0] for each in asked.captured_queries if "gifting_wish" in each["sql"]]
    assert kinds == ["DELETE", "DELETE", "INSERT"], "to look first and delete later would be two moments"


def in_another_tab(rosa: Sender, wish: Prepared) -> None:
    """The press, on a connection of its own."""

    def press_there() -> None:
        try:
            rosa.sends(wish)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(press_there).result()


def test_a_press_on_a_page_that_is_just_being_replaced_sends_nothing(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    wish = rosa.prepares()
    store = rows.store

    def store_after_that(row: WishRow, moved: WishRow, **more: Any) -> WishRow | None:
        Wish.objects.filter(id=wish.wish_id).delete()
        return store(row, moved, **more)

    with patch.object(rows, "store", store_after_that), pytest.raises(WishGone):
        rosa.sends(wish)
    assert posts(sandbox) == []
