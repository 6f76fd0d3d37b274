"""No unit test reaches a socket: what the client sends is answered by what the test itself has registered."""

from collections.abc import Iterator

import pytest
from responses import RequestsMock

from tests.support.unasked_requests import unasked


@pytest.fixture(autouse=True)
def upstream() -> Iterator[RequestsMock]:
    """The answers of Paytronix. Fails the test that leaves one of them unused, or sends what none of them is for.

    The client takes a request without an answer for a lost connection, which the portal turns into a polite page:
    no assertion about that page would notice.
    """
    with RequestsMock() as registered:
        yield registered
        assert unasked(registered) == []
