"""The fixture that lets no unit test send what it has no answer for."""

import pytest
from responses import RequestsMock

from guestportal.paytronix.errors import OutcomeUnknown, PaytronixError, Unavailable
from tests.support.unasked_requests import unasked
from tests.unit.services.operations import OPERATIONS, Asked, named, new_client


@pytest.mark.parametrize("asked", OPERATIONS, ids=named)
def test_notices_a_request_that_the_client_made_an_outage_of(asked: Asked) -> None:
    with RequestsMock() as registered:
        with pytest.raises(PaytronixError) as caught:
            asked.ask(new_client())

        assert type(caught.value) is (OutcomeUnknown if asked.writes else Unavailable)
        assert len(unasked(registered)) == (1 if asked.writes else 2)
        assert unasked(registered)[0].startswith(f"{asked.method} {asked.url}")


def test_takes_a_lost_connection_that_the_test_wanted_for_asked() -> None:
    asked = OPERATIONS[0]
    with RequestsMock() as registered:
        registered.add(asked.method, asked.url, json=asked.success)
        asked.ask(new_client())

        assert unasked(registered) == []
