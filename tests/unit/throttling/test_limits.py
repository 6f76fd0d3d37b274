"""The table of limits: as docs/threats.md, section 2 has it, changed by the environment, tightened by a merchant."""

import dataclasses
import re

import pytest
from pytest_django import Settings

from guestportal.merchants.definition import Limits
from guestportal.throttling.limits import Bucket, limit_of, limits_from
from tests.support.builders import demo_merchant
from tests.support.sandbox import REPOSITORY
from tests.support.source_copy import PRODUCTION, run_python

MINUTE, HOUR, DAY = 60, 3600, 86_400
SECONDS = {"min": MINUTE, "hour": HOUR, "day": DAY}
THREATS = (REPOSITORY / "docs/threats.md").read_text(encoding="utf-8")


def numbers(bucket: Bucket, limits: Limits | None = None) -> list[tuple[int, int]]:
    merchant = demo_merchant()
    limits = limits or Limits()
    windows = limit_of(bucket, merchant=dataclasses.replace(merchant, limits=limits)).windows
    return [(window.failures, window.seconds) for window in windows]


@pytest.mark.parametrize(
    ("bucket", "row"),
    [
        (Bucket.CARD, "card number (card form)"),
        (Bucket.USER_NAME, "user name"),
        (Bucket.ADDRESS, "address (IPv4 /32, IPv6 /64)"),
        (Bucket.CARDS_OF_ADDRESS, "distinct cards per address"),
        (Bucket.GIFT_CODE, "unknown gift codes per guest"),
        (Bucket.GIFT_LINK, "gift links opened without a session, per address"),
        (Bucket.SITE, "whole site"),
    ],
)
def test_are_those_of_the_document(bucket: Bucket, row: str) -> None:
    (cell,) = re.findall(rf"^\| {re.escape(row)} \| ([^|]+) \|", THREATS, re.MULTILINE)
    documented = [
        (int(failures), int(many or 1) * SECONDS[unit])
        for failures, many, unit in re.findall(r"(\d+) / (?:(\d+) )?(min|hour|day)", cell)
    ]

    assert numbers(bucket) == documented


def test_a_proof_doubles_the_short_window_where_one_helps_and_never_the_cards() -> None:
    table = limits_from(())
    assert [window.failures for window in table[Bucket.CARDS_OF_ADDRESS].proven()] == [10]
    assert [window.failures for window in table[Bucket.ADDRESS].proven()] == [20, 60]
    assert table[Bucket.CARD].proven() == table[Bucket.CARD].windows


def test_a_merchant_may_tighten_and_never_loosen() -> None:
    tight = Limits(card_failures_in_15_minutes=3, card_failures_in_a_day=500)

    assert numbers(Bucket.CARD, tight) == [(3, 15 * MINUTE), (10, DAY)]


def test_the_environment_changes_the_table(settings: Settings) -> None:
    settings.LIMITS = {"card": "4/8"}

    assert numbers(Bucket.CARD) == [(4, 15 * MINUTE), (8, DAY)]
    assert numbers(Bucket.CARD, Limits(card_failures_in_a_day=6)) == [(4, 15 * MINUTE), (6, DAY)]
    assert numbers(Bucket.SITE) == [(20, MINUTE)]


@pytest.mark.parametrize(
    "change", ["card=5", "card=5/x", "card=0/10", "card=-1/10", "cards=5/10", "site=20/20", "card=²/10"]
)
def test_a_mistake_in_the_environment_is_named(change: str) -> None:
    name, _equals, numbers = change.partition("=")

    with pytest.raises(ValueError, match=rf"^\"?{name}\b"):
        limits_from(((name, numbers),))


def test_a_mistake_in_the_environment_stops_the_start() -> None:
    environment = {**PRODUCTION, "ALLOW_SANDBOX": "true", "LIMITS": "card=5"}

    done = run_python("manage.py", "check", environment=environment, folder=REPOSITORY)

    assert done.returncode != 0
    assert "ImproperlyConfigured: LIMITS: card: expected" in done.stderr.splitlines()[-1]
