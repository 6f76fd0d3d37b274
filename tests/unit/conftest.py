"""What stands here needs neither a socket nor a database, so that `make test-fast` answers quickly.

What the client sends is answered by what the test itself has registered.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from responses import RequestsMock

from tests.support.unasked_requests import unasked

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def upstream() -> Iterator[RequestsMock]:
    """The answers of Paytronix. Fails the test that leaves one of them unused, or sends what none of them is for.

    The client takes a request without an answer for a lost connection, which the portal turns into a polite page:
    no assertion about that page would notice.
    """
    with RequestsMock() as registered:
        yield registered
        assert unasked(registered) == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse sockets, those of the loopback as well, to the tests of this folder; and every test with a database."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.disable_socket)
            if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
                raise pytest.UsageError(f"{item.nodeid} needs a database, so it belongs into tests/portal")
