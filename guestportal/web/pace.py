"""When an answer goes out: refusals come at fixed moments, so that their time tells nothing."""

import logging
import math
import threading
import time

from django.conf import settings

from guestportal.paytronix.standing import of_this_process

MOST_WAITING = 8

log = logging.getLogger("guestportal.pace")
_places = threading.BoundedSemaphore(MOST_WAITING)


def wait_for_pace(started: float) -> bool:
    """Sleep until the next multiple of FAILED_ANSWER_SECONDS after `started`, a moment of time.monotonic().

    A refusal that Paytronix gave at once, one that took it longer, and one that it was not asked about then look
    alike, unless one of them takes longer than the whole pace. False, at once, when too many threads stand still
    already: the refusal must then be withheld, for its moment would tell what its words do not.
    """
    pace = settings.FAILED_ANSWER_SECONDS
    if not pace:
        return True
    standing = of_this_process()
    if not _places.acquire(blocking=False):
        return _withheld()
    try:
        if not standing.enter():
            return _withheld()
        try:
            elapsed = time.monotonic() - started
            time.sleep(math.ceil(elapsed / pace) * pace - elapsed)
        finally:
            standing.leave()
    finally:
        _places.release()
    return True


def _withheld() -> bool:
    log.warning("refusal_withheld", extra={"fields": {"event": "refusal_withheld"}})
    return False
