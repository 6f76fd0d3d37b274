"""What this process has seen and not yet written: noted during a guest's request, written after the response."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from guestportal.paytronix.observing import Sighting
from guestportal.watch import seen
from guestportal.watch.seen import Name, Tally

log = logging.getLogger("guestportal.watch")

MOST_WAITING = 500  # names; what comes beyond them while none is written is not counted
WRITTEN_EVERY = timedelta(minutes=1)  # what is new is written at once, while it is not suspiciously much


class Waiting:
    """The tallies of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tallies: dict[Name, Tally] = {}
        self._written: set[Name] = set()
        self._written_at: datetime | None = None

    def note(self, sighting: Sighting) -> None:
        """Count what an answer had."""
        at = timezone.now()
        with self._lock:
            for each in sighting.novelties:
                name = Name(
                    sighting.merchant, sighting.operation, sighting.release, each.kind.value, each.name
                )
                if name in self._tallies:
                    self._tallies[name] = self._tallies[name].again(at)
                elif len(self._tallies) < MOST_WAITING:
                    self._tallies[name] = Tally(1, at, at)

    def take(self, *, all_of_it: bool = False) -> dict[Name, Tally]:
        """What is to be written now, which waits no longer; with `all_of_it` whatever there is."""
        if not self._tallies:  # nearly always
            return {}
        now = timezone.now()
        with self._lock:
            is_due = self._written_at is None or now - self._written_at >= WRITTEN_EVERY
            has_new = len(self._written) < MOST_WAITING and bool(self._tallies.keys() - self._written)
            if not (all_of_it or is_due or has_new):
                return {}
            taken, self._tallies = self._tallies, {}
            self._written_at = now
            if has_new:
                self._written |= taken.keys()
            return taken

    def forget(self) -> None:
        """Begin as a new process does."""
        with self._lock:
            self._tallies, self._written, self._written_at = {}, set(), None


OF_THIS_PROCESS = Waiting()


def note(sighting: Sighting) -> None:
    """Count what an answer had, for this process."""
    OF_THIS_PROCESS.note(sighting)


def write_after_response(**_signal: object) -> None:
    """Write what is due; called once a response has gone out."""
    _write(OF_THIS_PROCESS.take())


def write_all() -> None:
    """Write whatever waits, for a command that answers no requests."""
    _write(OF_THIS_PROCESS.take(all_of_it=True))


def _write(tallies: dict[Name, Tally]) -> None:
    if not tallies:
        return
    try:
        seen.write(tallies)
    except DatabaseError as error:
        fields = {"event": "contract_watch_not_written", "reason": type(error).__name__}
        log.warning("contract_watch_not_written", extra={"fields": fields})
    finally:
        if not connection.in_atomic_block:  # as Django does at the end of a request, which is over
            connection.close_if_unusable_or_obsolete()
