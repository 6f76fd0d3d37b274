"""A process of its own that settles, and is killed at a point or never."""

from django.core.management import call_command

from gifting.sending import ledger, settling
from tests.processes import die, interrupt, wait_to_be_told


def main(point: str) -> None:
    match point:
        case "after reading":
            interrupt(settling, "read_sent", die, after=True)
        case "inside writing":
            interrupt(ledger, "_note", die, after=True)
        case "after writing":
            interrupt(ledger, "move", die, after=True)
        case "never":
            wait_to_be_told()
    call_command("settle_gifts")
