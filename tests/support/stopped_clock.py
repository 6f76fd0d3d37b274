"""The time of day, standing still until a test moves it. A conftest imports the fixture."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
import time_machine

START: Final = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of the process, stopped at `START`."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller
