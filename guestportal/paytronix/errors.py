"""What can go wrong with a Paytronix call, by who must act (docs/architecture.md, section 5).

No exception holds a card number, code, token, address or body; `reference` stands in the log and on the page.
"""

from enum import Enum

from guestportal.paytronix.replies.account import AccountInformation


class Health(Enum):
    """What the end of a call says about Paytronix itself, whatever it says to the guest."""

    WELL = "it answered"
    SICK = "no answer came, or one from in front of it that hides an error (5xx without its envelope)"
    FAILED = "it answered that it failed (docs/paytronix-api.md, section 5)"
    UNTOLD = "nothing: it was not asked, or refused with a status that says error"


class PaytronixError(Exception):
    """A call did not end in success. `operation` is "service/endpoint", `status` the HTTP status if one came.

    `health` is WELL for an answer below 500, and UNTOLD, unless the raiser knows better.
    """

    def __init__(
        self,
        *,
        operation: str,
        reference: str,
        status: int | None = None,
        reason: str = "",
        health: Health | None = None,
    ) -> None:
        super().__init__(f"{operation} ({reference}): {reason or type(self).__name__}")
        self.operation = operation
        self.reference = reference
        self.status = status
        self.reason = reason
        self.health = health or (Health.WELL if status is not None and status < 500 else Health.UNTOLD)

    @property
    def is_failed(self) -> bool:
        """Whether Paytronix itself answered `failed` or `system_error`: an outage, unless a wrong card ends so."""
        return self.health is Health.FAILED

    @property
    def is_answer(self) -> bool:
        """Whether Paytronix had an answer, if only one that cannot be read: no outage, and not `failed`.

        A 408 comes from in front of it.
        """
        if self.health is Health.UNTOLD:
            return self.status is not None
        return self.health is Health.WELL and self.status != 408


class Unavailable(PaytronixError):
    """Paytronix could not be asked, or failed at a read; nothing was changed there. Worth trying again later."""


class OutcomeUnknown(PaytronixError):
    """A write may or may not have happened. Find out by reading; never send it again."""


class OddSuccess(OutcomeUnknown):
    """A write that its reply calls a success without saying more: the outcome is unknown, and never "not done"."""


class ContractBroken(PaytronixError):
    """A reply is not of the agreed shape. `reason` names the path, never a value."""


class Misconfigured(PaytronixError):
    """Our own credentials, merchant id or rights were refused: the merchant's problem, not the guest's."""


class RateLimited(PaytronixError):
    """Paytronix asks us to slow down for `retry_after_seconds`."""

    def __init__(
        self, *, operation: str, reference: str, status: int | None, retry_after_seconds: int
    ) -> None:
        super().__init__(operation=operation, reference=reference, status=status, reason="rate limited")
        self.retry_after_seconds = retry_after_seconds


class Refused(PaytronixError):
    """A documented refusal. `code` and `message` are Paytronix's own; both may be empty."""

    def __init__(
        self, *, operation: str, reference: str, status: int | None, code: str = "", message: str = ""
    ) -> None:
        super().__init__(operation=operation, reference=reference, status=status, reason="refused")
        self.code = code
        self.message = message


def is_system_error(code: str) -> bool:
    """Whether a code is the API's word for an error inside Paytronix: `system.error` or `<service>.system_error`.

    Source: docs/paytronix-api.md, section 5.
    """
    return code == "system.error" or code.rpartition(".")[2] == "system_error"


def could_not_authenticate(code: str) -> bool:
    """Whether a code is the API's word for credentials it does not know, with or without a service before it.

    Source: docs/paytronix-api.md, section 4.
    """
    return code.rpartition(".")[2] == "could_not_authenticate"


class CredentialsRefused(Refused):
    """HTTP 401 on a guest's own call: number and code do not match, or the token has expired."""


class InvalidStatus(PaytronixError):
    """`result: invalid_status` (docs/paytronix-api.md, section 5): a balance would not help this guest.

    `told` is what the body says of states, without figures; no card in it is told by more than its last six digits.
    """

    def __init__(
        self,
        *,
        operation: str,
        reference: str,
        status: int | None,
        code: str = "",
        message: str = "",
        told: AccountInformation | None = None,
    ) -> None:
        super().__init__(operation=operation, reference=reference, status=status, reason="invalid_status")
        self.code = code
        self.message = message
        self.told = told
