"""What the end of a try means for the counters, and the one log line about it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accounts.errors import AccountWithoutCard, TriesUsedUp
from accounts.tokens import SignInEnded
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.tries import Try

log = logging.getLogger("accounts.services")


@contextmanager
def counted(attempt: Try, *, proves_secret: bool = True) -> Iterator[None]:
    """Tell the counters how the try ended.

    Paytronix says `invalid_status` of a card without checking its code, but to a right password alone:
    `proves_secret` tells the two apart. A try that ends by any other exception stays counted.
    """
    try:
        yield
    except Refused as error:
        _end(attempt, attempt.fail, "limited" if attempt.is_limited else "refused", error)
        raise
    except (InvalidStatus, AccountWithoutCard) as error:
        _end(attempt, attempt.succeed if proves_secret else attempt.fail, "no_usable_card", error)
        raise
    except TriesUsedUp as error:
        _end(attempt, attempt.fail, "refused", error)
        raise
    except SignInEnded as error:
        _end(attempt, attempt.forget, "ended", error)
        raise
    except PaytronixError as error:
        if error.is_answer:  # whatever it says, it may be what a wrong code is answered with
            _end(attempt, attempt.fail, "unreadable", error)
        elif error.is_failed:
            _end(attempt, attempt.doubt, "failed", error)
        else:
            _end(attempt, attempt.forget, "unavailable", error)
        raise
    _end(attempt, attempt.succeed, "success")


def _end(attempt: Try, tell: Callable[[], None], outcome: str, error: Exception | None = None) -> None:
    """Tell the counters by `tell` how a try ended, and log it.

    Counters that are out of reach by now do not change what Paytronix said; the try then stays counted.
    """
    try:
        tell()
    except CountersUnreachable:
        log.warning("counters_unreachable", extra={"fields": {"event": "counters_unreachable"}})
    log_end(attempt.merchant, way=attempt.purpose.value, outcome=outcome, error=error)


def log_end(merchant: Merchant, *, way: str, outcome: str, error: Exception | None) -> None:
    """One line with the reference that the guest is shown, also where Paytronix was not asked."""
    reference = error.reference if isinstance(error, PaytronixError) else ""
    fields = {"event": "sign_in", "merchant": merchant.slug, "way": way, "outcome": outcome}
    log.info("sign_in", extra={"fields": {**fields, "reference": reference}})
