"""A process of its own that takes places of one counter as fast as it can, and prints how many it got."""

import sys
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from guestportal.throttling import counters
from guestportal.throttling.limits import Window
from tests.support.processes import wait_to_be_told

THREADS = 8


def main(key: str, limit: int, hits: int) -> None:
    windows = (Window(limit, 900), Window(2 * limit, 86_400))

    def hit(_number: int) -> bool:
        return counters.take(key, windows).place is not None

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _number: connection.ensure_connection(), range(THREADS)))
        wait_to_be_told()
        taken = sum(pool.map(hit, range(hits)))
    sys.stdout.write(f"{taken}\n")
