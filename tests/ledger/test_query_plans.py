"""How SQLite finds the rows that are swept again and again: by an index, not by reading all rows of a merchant."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from accounts import credentials
from gifting.ledger import answers, rows, wishes
from gifting.ledger.answers import Claim
from gifting.ledger.wishes import WishRow
from tests.support.sending_steps import Sender

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are told as SQLite tells them")

# Most rows are the merchant's, and nobody has to look at most of them again.
NARROWS_NOTHING = re.compile(r"\(merchant=\?( AND next_look_at=\?)?\)")


@contextmanager
def plans_of_reads() -> Iterator[list[str]]:
    """The steps by which every statement meanwhile looks for its rows, in SQLite's words."""
    steps: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Sequence[Any], *more: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                steps.extend(f"{detail}: {sql}" for *_numbers, detail in cursor.fetchall())
        return execute(sql, params, *more)

    with connection.execute_wrapper(explained):
        yield steps


def replace_a_check_page(rosa: Sender) -> None:
    draft = rosa.drafts()
    draft = replace(draft, wish_id=rosa.prepares(draft).wish_id)
    rosa.prepares(replace(draft, message="Something else"))


@pytest.mark.parametrize(
    "sweep",
    [
        replace_a_check_page,
        lambda rosa: wishes.thin(merchant=rosa.merchant),
        lambda rosa: rows.due(WishRow, merchant=rosa.merchant),
        lambda rosa: answers.thin(merchant=rosa.merchant),
        lambda rosa: rows.due(Claim, merchant=rosa.merchant),
        lambda rosa: credentials.sweep(merchant=rosa.merchant),
    ],
    ids=["prepare", "thin wishes", "due wishes", "thin answers", "due answers", "sweep sign-ins"],
)
def test_finds_what_is_due_without_reading_the_rest(rosa: Sender, sweep: Callable[[Sender], object]) -> None:
    with plans_of_reads() as steps:
        sweep(rosa)

    assert steps
    read_whole = [step for step in steps if step.startswith("SCAN") or NARROWS_NOTHING.search(step)]
    assert [step for step in read_whole if "storage_lookupkey" not in step] == [], "that table has one row"
