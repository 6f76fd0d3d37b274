"""What an answer means: a struct, or the exception that says who must act. It sends nothing."""

from typing import TypeVar

from guestportal.paytronix.calls import Answer, Call
from guestportal.paytronix.errors import (
    ContractBroken,
    CredentialsRefused,
    Health,
    InvalidStatus,
    Misconfigured,
    OddSuccess,
    OutcomeUnknown,
    PaytronixError,
    RateLimited,
    Refused,
    Unavailable,
    could_not_authenticate,
    is_system_error,
)
from guestportal.paytronix.redaction import redact_code
from guestportal.paytronix.replies.account import AccountInformation
from guestportal.paytronix.replies.envelope import Envelope, Reply
from guestportal.paytronix.replies.structs import Malformed, decode, odd_members
from guestportal.paytronix.retry_after import seconds_asked
from guestportal.paytronix.text import clean_line, received_line

R = TypeVar("R", bound=Reply)

LONGEST_CODE = 100
LONGEST_MESSAGE = 500
_REFUSALS = frozenset({"failure", "invalid_status"})
DEFAULT_RETRY_AFTER_SECONDS = 60


def read_success(call: Call, answer: Answer, kind: type[R]) -> R:
    """The reply of a success as `kind`; every other result is raised.

    Branches on `result` first, then on the status (docs/paytronix-api.md, section 9). `failed` and system errors
    are outages whatever the status (docs/paytronix-api.md, section 5); an undocumented word says neither yes nor no.
    """
    reply: R | None = None
    reason = f"success with HTTP {answer.status}"
    try:
        reply = decode(answer.body, kind)  # the only time that a long body is read
    except Malformed as malformed:
        reason = str(malformed)
    if reply is None or reply.result != "success":
        _raise_unless_success(call, answer, reply)
    call.result = "success"
    if call.operation.writes and _hides_the_outcome(answer.status):
        raise _error(OutcomeUnknown, call, answer, f"HTTP {answer.status}")
    if reply is not None and reply.lacks:
        reason = f"no list at $.{reply.lacks}"
    elif reply is not None and answer.status < 300:
        call.left_out = odd_members(reply)
        return reply
    if call.operation.writes:  # it stays a success
        raise _error(OddSuccess, call, answer, reason)
    raise _without_result(call, answer, reason)


def _raise_unless_success(call: Call, answer: Answer, reply: Reply | None) -> None:
    """Raises what an answer says that is no success; returns for one whose body alone is odd.

    `reply` is the same body as the struct of a success, where it can be read as one.
    """
    try:
        envelope = decode(answer.body, Envelope)
    except Malformed as malformed:
        raise _without_envelope(call, answer, str(malformed)) from None
    if envelope.result == "success":
        return
    code, message = (str(said.value or "") for said in (envelope.error_code, envelope.error_message))
    call.result = clean_line(envelope.result)[:LONGEST_CODE]
    call.error_code = clean_line(code)[:LONGEST_CODE]
    call.error_message = received_line(message)[:LONGEST_MESSAGE]
    writes = call.operation.writes
    if envelope.result == "failed" or is_system_error(call.error_code):
        raise _error(OutcomeUnknown if writes else Unavailable, call, answer, "failed", Health.FAILED)
    if writes and _hides_the_outcome(answer.status):
        raise _error(OutcomeUnknown, call, answer, f"HTTP {answer.status}")
    if envelope.result not in _REFUSALS:
        raise _error(OutcomeUnknown if writes else ContractBroken, call, answer, "undocumented result")
    if envelope.result == "invalid_status" and not _is_ours_to_mend(call, answer):
        raise _invalid_status(call, answer, reply)
    raise _refusal(call, answer)


def _hides_the_outcome(status: int) -> bool:
    """Statuses that come from in front of Paytronix as well, so that a write may have been done all the same."""
    return status >= 500 or status in {408, 429} or 300 <= status < 400


def _is_ours_to_mend(call: Call, answer: Answer) -> bool:
    """Whether HTTP 401 means our own credentials: the call has none of a guest's."""
    return answer.status == 401 and 401 not in call.style.refusals


def _invalid_status(call: Call, answer: Answer, reply: Reply | None) -> PaytronixError:
    asked = str(call.payload.get("printedCardNumber", ""))
    return InvalidStatus(
        operation=call.operation.name,
        reference=call.reference,
        status=answer.status,
        code=call.error_code,
        message=call.error_message,
        told=reply.states_alone(asked=asked) if isinstance(reply, AccountInformation) else None,
    )


def _refusal(call: Call, answer: Answer) -> PaytronixError:
    code = call.error_code
    if _is_ours_to_mend(call, answer):
        return _error(Misconfigured, call, answer, f"HTTP 401 {redact_code(code, sent=call.payload)}")
    is_of_credentials = answer.status in call.style.refusals or (
        call.style.refusals and could_not_authenticate(code)
    )
    kind = CredentialsRefused if is_of_credentials else Refused
    return kind(
        operation=call.operation.name,
        reference=call.reference,
        status=answer.status,
        code=code,
        message=call.error_message,
    )


def _without_envelope(call: Call, answer: Answer, reason: str) -> PaytronixError:
    """The exception for an answer that need not be from Paytronix at all."""
    if answer.status >= 500:
        kind = OutcomeUnknown if call.operation.writes else Unavailable
        return _error(kind, call, answer, f"HTTP {answer.status}", Health.SICK)
    if call.operation.writes and _hides_the_outcome(answer.status):
        return _error(OutcomeUnknown, call, answer, f"HTTP {answer.status}")
    return _without_result(call, answer, reason)


def _without_result(call: Call, answer: Answer, reason: str) -> PaytronixError:
    """The exception for an answer that carries no usable `result`."""
    status = answer.status
    if status in call.style.refusals:
        return CredentialsRefused(operation=call.operation.name, reference=call.reference, status=status)
    if status in {401, 403}:
        return _error(Misconfigured, call, answer, f"HTTP {status}")
    if status == 429:
        asked = seconds_asked(answer.retry_after)
        return RateLimited(
            operation=call.operation.name,
            reference=call.reference,
            status=status,
            retry_after_seconds=DEFAULT_RETRY_AFTER_SECONDS if asked is None else asked,
        )
    if call.operation.writes:
        return _error(OutcomeUnknown, call, answer, reason)
    if status >= 500 or status == 408:
        return _error(Unavailable, call, answer, f"HTTP {status}")
    return _error(ContractBroken, call, answer, reason)


def _error(
    kind: type[PaytronixError], call: Call, answer: Answer, reason: str, health: Health | None = None
) -> PaytronixError:
    return kind(
        operation=call.operation.name,
        reference=call.reference,
        status=answer.status,
        reason=reason,
        health=health,
    )
