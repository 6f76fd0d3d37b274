"""What stands here needs neither a socket nor a database, so that `make test-fast` answers quickly."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse every socket to the tests of this folder, those of the loopback as well."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.disable_socket)
