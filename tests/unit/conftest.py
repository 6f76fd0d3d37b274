"""What stands here needs neither a socket nor a database, so that `make test-fast` answers quickly."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse sockets, those of the loopback as well, to the tests of this folder; and every test with a database."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.disable_socket)
            if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
                raise pytest.UsageError(f"{item.nodeid} needs a database, so it belongs into tests/portal")
