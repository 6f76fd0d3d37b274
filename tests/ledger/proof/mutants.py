"""Ways to break the promise of sending, each one small change to a copy of the tree; the machine sees them all.

`python -m tests.ledger.proof.mutants` prints a line for each and fails when one survives, or when its text is gone.
"""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.source_copy import copy_source, run_python

HISTORIES: Final = 200
_BROKEN: Final = re.compile(r"tests\.ledger\.proof\.invariants\.Broken: (.+)")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A named change: `text` stands in `file` exactly once."""

    name: str
    file: str
    text: str
    replacement: str

    def apply(self, folder: Path) -> None:
        """Make the change. Raises LookupError when the text is not there, or more than once."""
        path = folder / self.file
        source = path.read_text(encoding="utf-8")
        if source.count(self.text) != 1:
            raise LookupError(f"{self.name}: the text to change is not in {self.file}")
        path.write_text(source.replace(self.text, self.replacement), encoding="utf-8")


MUTANTS: Final = (
    Mutant(
        name="retry on time-out",
        file="guestportal/paytronix/client.py",
        text="may_repeat = call.tries == 1 and not call.operation.writes",
        replacement="may_repeat = call.tries == 1",
    ),
    Mutant(
        name="time-out means failed",
        file="gifting/sending/send.py",
        text="        _doubt(row, error, merchant=merchant)\n",
        replacement=(
            '        step = Step(state=WishState.NOT_SENT, cause="surely_not_sent", reference=error.reference)\n'
            "        rows.insist(row, step, merchant=merchant, over=_MAY_BE_DENIED)\n"
        ),
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
    ),
    Mutant(
        name="no look before the call",
        file="gifting/ledger/wishes.py",
        text="    return unchanged.filter(claimed_at__gt=in_time).exists()\n",
        replacement="    return True\n",
    ),
    Mutant(
        name="settling time too short",
        file="gifting/ledger/schedule.py",
        text="return call_time(merchant) + settling_time(merchant)",
        replacement="return call_time(merchant)",
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
    ),
    Mutant(
        name="no one-time key",
        file="gifting/ledger/wishes.py",
        text="    if row.state is not WishState.PREPARED:\n",
        replacement="    if row.state in OPEN:\n",
    ),
    Mutant(
        name="whoever reads first is overwritten",
        file="gifting/ledger/rows.py",
        text="        unchanged = row.model.objects.filter(id=row.id, revision=row.revision)\n",
        replacement="        unchanged = row.model.objects.filter(id=row.id)\n",
    ),
    Mutant(
        name="a balance stays that was read before the gift",
        file="gifting/ledger/rows.py",
        text="            withdraw_accounts_of_card(card_key=moved.card_key)\n",
        replacement="            pass\n",
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
    ),
)


def verdict_on(mutant: Mutant) -> tuple[bool, str]:
    """Whether the machine noticed the mutant, and what it said. Raises LookupError as `apply`."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_source(Path(name))
        mutant.apply(folder)
        done = run_python(
            *(
                "-m",
                "pytest",
                "tests/ledger/proof/test_proof.py",
                "-qx",
                "-p",
                "no:randomly",
                "--show-capture=no",
            ),
            environment={"PROOF_HISTORIES": str(HISTORIES), "PROOF_MUTANT": "1"},
            folder=folder,
            timeout_seconds=900,
        )
    found = _BROKEN.search(done.stdout)
    if done.returncode == 1 and found:
        return True, found[1]
    return False, (done.stdout + done.stderr)[-1500:] if done.returncode else f"{HISTORIES} histories"


def main() -> int:
    """Try every mutant; 0 when all were noticed."""
    survived = 0
    for mutant in MUTANTS:
        try:
            noticed, words = verdict_on(mutant)
        except LookupError as gone:
            noticed, words = False, str(gone)
        survived += not noticed
        print(f"mutant {mutant.name}: {'caught' if noticed else 'SURVIVED'}: {words}", flush=True)  # noqa: T201
    print(f"mutants: {len(MUTANTS) - survived} of {len(MUTANTS)} caught")  # noqa: T201
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
