"""Processes of their own that change the look-up key, or claim while it is changed, and stop at a step."""

from collections.abc import Sequence

from django.conf import settings
from django.core.management import call_command

from accounts import credentials
from guestportal.storage import rekeying
from guestportal.storage.lookup import claiming
from guestportal.throttling.models import Counter
from tests.support.processes import die, interrupt, wait_to_be_told


def rekey(keys: Sequence[str], step: str, how: str) -> None:
    """Change the key, and die or stand still at a step."""
    settings.LOOKUP_KEYS = list(keys)
    stop = {"die": die, "stand": wait_to_be_told}[how]
    match step:
        case "paused":
            interrupt(rekeying, "_change_key", stop)
        case "half hashed":
            interrupt(credentials, "rehash", stop, after=True)
        case "changed":
            interrupt(rekeying, "_change_key", stop, after=True)
    call_command("rekey")


def claim(keys: Sequence[str], mark: str) -> None:
    """Stand still inside a claim, then commit it."""
    settings.LOOKUP_KEYS = list(keys)
    with claiming():
        wait_to_be_told()
        Counter.objects.create(key=mark, hits="", expires_at="2031-05-04T12:00:00Z")
