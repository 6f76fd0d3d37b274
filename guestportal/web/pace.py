"""When an answer goes out: refusals come at fixed moments, so that their time tells nothing."""

import math
import time

from django.conf import settings


def wait_for_pace(started: float) -> None:
    """Sleep until the next multiple of FAILED_ANSWER_SECONDS after `started`, a moment of time.monotonic().

    A refusal that Paytronix gave at once, one that took it longer, and one that it was not asked about then look
    alike, unless one of them takes longer than the whole pace.
    """
    pace = settings.FAILED_ANSWER_SECONDS
    if pace:
        elapsed = time.monotonic() - started
        time.sleep(math.ceil(elapsed / pace) * pace - elapsed)
