"""What the merchant's report says, and what it never does."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from gifting.models import Transition, Wish
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess
from tests.support.sending_steps import MESSAGE, MIRA, POINTS, Sender, sent_by_api

DAY = timedelta(days=1)


def report(**options: str) -> list[str]:
    out = StringIO()
    call_command("gift_report", stdout=out, **options)
    return out.getvalue().splitlines()


def test_says_states_ages_and_what_needs_a_person_in_one_line_each(
    rosa: Sender, sandbox: SandboxProcess
) -> None:
    assert report() == []
    rosa.prepares()
    assert report() == [], "a check page is no gift"
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False):
        rosa.sends(rosa.prepares())
        doubtful = rosa.prepares(rosa.drafts(wallet_code=POINTS))
        sandbox.queue_fault(TRANSFER_OUT, {"kind": "drop_after"})
        rosa.sends(doubtful)
        sandbox.send_twin(sent_by_api(sandbox)[-1].transaction_id)
        rosa.follows(doubtful)
    Wish.objects.filter(id=doubtful.wish_id).update(claimed_at=now.replace(hour=0) - DAY)
    with time_machine.travel(now, tick=False):
        lines = report(merchant="demo")

    call = Transition.objects.get(row=doubtful.wish_id, state="unknown").reference
    assert lines[0].split() == ["demo", "sent", "1", "oldest", "0s"]
    assert lines[1].split()[:4] == ["demo", "needs_review", "1", "oldest"]
    assert f"review        {doubtful.wish_id}  sent " in lines[2]
    assert lines[2].endswith(f"cause candidates  reference {doubtful.reference}  call {call}")
    assert len(lines) == 3
    personal = (MIRA.address, MIRA.name, MESSAGE, rosa.guest.card_number)
    assert not [secret for secret in personal if secret in "\n".join(lines)]


def test_knows_its_merchants(rosa: Sender) -> None:
    with pytest.raises(CommandError, match="nobody"):
        report(merchant="nobody")
