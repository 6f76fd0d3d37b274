"""Places in doubt, when several processes note and settle them at once."""

import pytest

from guestportal.throttling import tries
from guestportal.throttling.models import Doubt
from tests.support import doubtful_tries
from tests.support.builders import demo_merchant
from tests.support.doubtful_tries import CARDS
from tests.support.processes import run_at_once

LIMIT = 5


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_processes_that_note_and_settle_at_once_let_no_card_be_tried_more_than_twice_its_limit(
    other_processes: None,
) -> None:
    printed = run_at_once(doubtful_tries.main, "6099123412341234", processes=4)

    let_through = sum(int(number) for number, _complaints in printed)
    assert LIMIT * len(CARDS) <= let_through <= 2 * LIMIT * len(CARDS)
    tries.begin_card(merchant=demo_merchant(), address="other", card_number="6099", proven=True).succeed()
    assert not Doubt.objects.exists()
