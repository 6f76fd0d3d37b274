"""A process of its own that settles, and is killed at a point or never."""

from django.core.management import call_command

from gifting.ledger import wishes
from gifting.sending import settle
from tests.support.processes import die, interrupt, wait_to_be_told


def main(point: str) -> None:
    match point:
        case "after reading":
            interrupt(settle, "read_sent", die, after=True)
        case "inside writing":
            interrupt(wishes, "_note", die, after=True)
        case "after writing":
            interrupt(wishes, "move", die, after=True)
        case "never":
            wait_to_be_told()
    call_command("settle_gifts")
