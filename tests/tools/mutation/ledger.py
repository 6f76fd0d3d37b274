"""Ways to break the promise of sending; the machine that plays histories of it sees them all."""

import re
from typing import Final

from tests.tools.mutation.mutant import Mutant, Suite

PROOF: Final = "tests/ledger/proof/test_proof.py"

MUTANTS: Final = (
    Mutant(
        name="retry on time-out",
        file="guestportal/paytronix/client.py",
        text="may_repeat = call.tries == 1 and not call.operation.writes",
        replacement="may_repeat = call.tries == 1",
        test=PROOF,
    ),
    Mutant(
        name="time-out means failed",
        file="gifting/sending/send.py",
        text="        _doubt(row, error, merchant=merchant)\n",
        replacement=(
            '        step = Step(state=WishState.NOT_SENT, cause="surely_not_sent", reference=error.reference)\n'
            "        rows.insist(row, step, merchant=merchant, over=_MAY_BE_DENIED)\n"
        ),
        test=PROOF,
    ),
    Mutant(
        name="failed means not sent",
        file="guestportal/paytronix/meaning.py",
        text='raise _error(OutcomeUnknown if writes else Unavailable, call, answer, "failed", Health.FAILED)',
        replacement='raise _error(Unavailable, call, answer, "failed", Health.FAILED)',
        test=PROOF,
    ),
    Mutant(
        name="record after the POST",
        file="gifting/sending/send.py",
        text=(
            "    row = wishes.claim(merchant=merchant, guest=guest, wish_id=wish_id, another=another)\n"
            "    assert row.contents is not None  # noqa: S101 - `claim` has looked\n"
            "    try:\n"
            "        transfer = transfer_out(\n"
            "            row.contents, merchant=merchant, may_send=partial(wishes.may_send, row, merchant=merchant)\n"
            "        )\n"
        ),
        replacement=(
            "    row = wishes.find(merchant=merchant, guest=guest, wish_id=wish_id)\n"
            "    if row.state is not WishState.PREPARED or row.contents is None:\n"
            "        raise AlreadySent(row.id)\n"
            "    try:\n"
            "        try:\n"
            "            transfer = transfer_out(row.contents, merchant=merchant, may_send=lambda: True)\n"
            "        except PaytronixError:\n"
            "            row = wishes.claim(merchant=merchant, guest=guest, wish_id=wish_id, another=another)\n"
            "            raise\n"
            "        row = wishes.claim(merchant=merchant, guest=guest, wish_id=wish_id, another=another)\n"
        ),
        test=PROOF,
    ),
    Mutant(
        name="no look before the call",
        file="gifting/ledger/wishes.py",
        text="    return unchanged.filter(claimed_at__gt=in_time).exists()\n",
        replacement="    return True\n",
        test=PROOF,
    ),
    Mutant(
        name="settling time too short",
        file="gifting/ledger/schedule.py",
        text="return call_time(merchant) + settling_time(merchant)",
        replacement="return call_time(merchant)",
        test=PROOF,
    ),
    Mutant(
        name="a refusal is believed at once",
        file="gifting/sending/settle.py",
        text="    if found.asked_at < claimed_at + arrival_time(merchant):\n",
        replacement=(
            "    if row.refusal is not None:\n"
            '        return Step(state=WishState.FAILED, cause="refusal_confirmed", next_look_at=now)\n'
            "    if found.asked_at < claimed_at + arrival_time(merchant):\n"
        ),
        test=PROOF,
    ),
    Mutant(
        name="no one-time key",
        file="gifting/ledger/wishes.py",
        text="    if row.state is not WishState.PREPARED:\n",
        replacement="    if row.state in OPEN:\n",
        test=PROOF,
    ),
    Mutant(
        name="whoever reads first is overwritten",
        file="gifting/ledger/rows.py",
        text="        unchanged = row.model.objects.filter(id=row.id, revision=row.revision)\n",
        replacement="        unchanged = row.model.objects.filter(id=row.id)\n",
        test=PROOF,
    ),
    Mutant(
        name="a balance stays that was read before the gift",
        file="gifting/ledger/rows.py",
        text="            withdraw_accounts_of_card(card_key=moved.card_key)\n",
        replacement="            pass\n",
        test=PROOF,
    ),
    Mutant(
        name="settler re-sends",
        file="gifting/sending/settle.py",
        text="    return settle_by_reading(row, sent, merchant=merchant)\n",
        replacement=(
            "    row = settle_by_reading(row, sent, merchant=merchant)\n"
            "    if row.is_open and row.contents:\n"
            "        from gifting.sending.api import transfer_out\n"
            "        transfer_out(row.contents, merchant=merchant, may_send=lambda: True)\n"
            "    return row\n"
        ),
        test=PROOF,
    ),
)

SUITE: Final = Suite(
    MUTANTS,
    environment={"PROOF_HISTORIES": "200", "PROOF_MUTANT": "1"},
    reason=re.compile(r"\bBroken: (.+)"),
)
