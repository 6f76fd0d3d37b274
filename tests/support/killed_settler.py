"""A process of its own that settles, and is killed at a point or never."""

from django.core.management import call_command

from gifting.ledger import rows
from gifting.sending import settle
from tests.support.processes import die, interrupt, wait_to_be_told


def main(point: str) -> None:
    match point:
        case "after reading":
            interrupt(settle, "read_sent", die, after=True)
        case "inside writing":
            interrupt(rows, "note", die, after=True)
        case "after writing":
            interrupt(rows, "write", die, after=True, when=lambda row, step, **_more: row.state != step.state)
        case "never":
            wait_to_be_told()
    call_command("settle_gifts")
