"""How many threads of this process stand still at once, so that some are always left to answer with."""

import threading
from functools import cache

from django.conf import settings

SPARE_THREADS = 4  # for the pages that ask nobody, and for saying that it is busy


class Standing:
    """Threads that wait, for an answer of Paytronix, a place for a call, or the pace of refusals: at most `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._free = threading.BoundedSemaphore(most)

    def enter(self) -> bool:
        """Take a place, to be given back by `leave`; False when there is none."""
        return self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()


@cache
def of_this_process() -> Standing:
    """The process's own: all its threads but the spare ones."""
    return Standing(settings.THREADS - SPARE_THREADS)
