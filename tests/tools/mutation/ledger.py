"""Ways to break the promise of sending, seen by the machine that plays histories of it, and the rules of answers."""

import re
from typing import Final

from tests.tools.mutation.mutant import Mutant, Suite

PROOF: Final = "tests/ledger/proof/test_proof.py"

IMPOSSIBLE: Final = "tests/portal/gifting/receiving/test_impossible.py"
LOOKING_AGAIN: Final = "tests/portal/gifting/receiving/test_looking_again.py"

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
            "            row.contents, merchant=merchant, may_send=partial(rows.may_send, row, merchant=merchant)\n"
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
        file="gifting/ledger/rows.py",
        text="    return bool(claim.filter(claimed_at__gt=in_time).exists())\n",
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
    environment={"PROOF_HISTORIES": "1600", "PROOF_MUTANT": "1"},
    reason=re.compile(r"\bBroken: (.+)"),
)

ANSWERS: Final = Suite(
    (
        Mutant(
            name="a gift is answered that the list calls over",
            file="gifting/receiving/answer.py",
            text="    if found is None or found.gift.is_over:\n",
            replacement="    if found is None:\n",
            test=f"{IMPOSSIBLE}::test_a_gift_that_the_list_has_although_it_is_accepted",
        ),
        Mutant(
            name="states are read with their case",
            file="gifting/gift/reading.py",
            text="return GiftStatus(status.upper()) if is_documented(status.upper()) else status",
            replacement="return GiftStatus(status) if is_documented(status) else status",
            test=f"{IMPOSSIBLE}::test_a_gift_that_the_list_has_although_it_is_accepted",
        ),
        Mutant(
            name="a number of days begins anew every day",
            file="gifting/gift/dates.py",
            text='    begins_at = now if counts == "left" else sent_at\n',
            replacement="    begins_at = now\n",
            test="tests/unit/gifting/gift/test_reading.py::test_does_not_begin_anew_every_day",
        ),
        Mutant(
            name="an open page asks for ever",
            file="gifting/gift/looking_again.py",
            text=" if looks < MOST_LOOKS else None\n",
            replacement="\n",
            test=f"{LOOKING_AGAIN}::test_stops_asking_in_the_end",
        ),
        Mutant(
            name="an open page asks again at once",
            file="gifting/gift/looking_again.py",
            text="PAUSES[min(looks, len(PAUSES) - 1)]",
            replacement="PAUSES[0]",
            test=f"{LOOKING_AGAIN}::test_a_minute_of_confirming_asks_eight_calls_however_many_gifts_there_are",
        ),
        Mutant(
            name="what another page has told is news no more",
            file="gifting/receiving/inbox.py",
            text="claimed.is_open or claimed.is_news or handle in unsettled",
            replacement="claimed.is_open or claimed.is_news",
            test=f"{LOOKING_AGAIN}::test_a_look_tells_what_another_page_has_told_already",
        ),
    )
)
