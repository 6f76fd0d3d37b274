"""What the end of a try means for the counters, and the one log line about it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accounts import misconfiguration
from accounts.errors import AccountWithoutCard, SignInEnded, SignInStopped, TriesUsedUp
from accounts.misconfiguration import Fault
from guestportal.merchants.definition import Merchant
from guestportal.paytronix.errors import InvalidStatus, PaytronixError, Refused
from guestportal.throttling import own_credentials
from guestportal.throttling.errors import CountersUnreachable
from guestportal.throttling.tries import Try

log = logging.getLogger("accounts.services")


@contextmanager
def counted(attempt: Try, *, proves_secret: bool = True) -> Iterator[None]:
    """Tell the counters how the try ended; it does not begin while the merchant's own credentials are refused.

    Paytronix says `invalid_status` of a card without checking its code, but to a right password alone:
    `proves_secret` tells the two apart. A try that ends by any other exception stays counted. Raises Misconfigured
    in place of a refusal that may not be the guest's.
    """
    try:
        misconfiguration.refuse_if_proven(attempt.merchant)
        yield
    except (InvalidStatus, AccountWithoutCard) as error:
        _end(attempt, _succeed if proves_secret else _fail_elsewhere, "no_usable_card", error)
        raise
    except SignInStopped as error:
        _end(attempt, _succeed if error.proves_secret else _fail_elsewhere, "stopped", error.refusal)
        raise
    except TriesUsedUp as error:
        _end(attempt, Try.fail, "refused", error)
        raise
    except SignInEnded as error:
        _end(attempt, Try.forget, "ended", error)
        raise
    except PaytronixError as error:
        told = _end_refused(attempt, error)
        if told is error:
            raise
        raise told from None
    _end(attempt, _succeed, "success")


def _end_refused(attempt: Try, error: PaytronixError) -> PaytronixError:
    """Count a try that did not end in success, and return what the guest is to be told of it.

    Whatever an answer says, it may be what a wrong code is answered with; so it counts, unless it is proven that our
    own credentials were refused. `failed` may be an outage (docs/paytronix-api.md, section 5).
    """
    match misconfiguration.whose_fault(attempt.merchant, error):
        case Fault.OURS:
            _end(attempt, Try.forget, "misconfigured", error)
            return misconfiguration.as_outage(error)
        case Fault.UNTOLD:
            _end(attempt, Try.fail, "misconfigured", error)
            return misconfiguration.as_outage(error)
    if isinstance(error, Refused):
        _end(attempt, Try.fail, "limited" if attempt.is_limited else "refused", error)
    elif error.is_answer:
        _end(attempt, Try.fail, "unreadable", error)
    elif error.is_failed:
        _end(attempt, Try.doubt, "failed", error)
    else:
        _end(attempt, Try.forget, "unavailable", error)
    return error


def _succeed(attempt: Try) -> None:
    attempt.succeed()
    own_credentials.end_run(attempt.merchant)


def _fail_elsewhere(attempt: Try) -> None:
    """The try failed by an answer that was no refusal of credentials."""
    attempt.fail()
    own_credentials.end_run(attempt.merchant)


def _end(attempt: Try, tell: Callable[[Try], None], outcome: str, error: Exception | None = None) -> None:
    """Tell the counters by `tell` how a try ended, and log it.

    Counters that are out of reach by now do not change what Paytronix said; the try then stays counted.
    """
    try:
        tell(attempt)
    except CountersUnreachable:
        log.warning("counters_unreachable", extra={"fields": {"event": "counters_unreachable"}})
    log_end(attempt.merchant, way=attempt.purpose.value, outcome=outcome, error=error)


def log_end(merchant: Merchant, *, way: str, outcome: str, error: Exception | None) -> None:
    """One line with the reference that the guest is shown, also where Paytronix was not asked."""
    reference = error.reference if isinstance(error, PaytronixError) else ""
    fields = {"event": "sign_in", "merchant": merchant.slug, "way": way, "outcome": outcome}
    log.info("sign_in", extra={"fields": {**fields, "reference": reference}})
