"""What is told of news in Paytronix's answers: to no observer, unless an app registers one at start."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from guestportal.paytronix.calls import Call
from guestportal.paytronix.integration import Integration
from guestportal.paytronix.novelty import Novelty, novelties
from guestportal.paytronix.replies.structs import Wire

log = logging.getLogger("guestportal.paytronix")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was new in one answer, and where: at which merchant, release and operation ("service/endpoint")."""

    merchant: str
    release: str
    operation: str
    novelties: frozenset[Novelty]


Observer = Callable[[Sighting], None]

_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Call `observer` for every answer that has something new, in the thread of the call: it must return at once."""
    if observer not in _observers:
        _observers.append(observer)


def tell_observers(call: Call, integration: Integration, reply: type[Wire]) -> None:
    """Look at a call's answer for them. What goes wrong here costs no guest an answer."""
    if not _observers:
        return
    try:
        found = novelties(call, reply)
        if found:
            sighting = Sighting(integration.slug, integration.release, call.operation.name, found)
            for observer in _observers:
                observer(sighting)
    except Exception:
        fields = {"event": "contract_watch_failed", "operation": call.operation.name}
        log.exception("contract_watch_failed", extra={"fields": fields})
