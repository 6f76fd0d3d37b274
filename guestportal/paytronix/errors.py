"""What can go wrong with a Paytronix call, by who must act (docs/architecture.md, section 5).

No exception holds a card number, code, token, address or body; `reference` stands in the log and on the page.
"""


class PaytronixError(Exception):
    """A call did not end in success. `operation` is "service/endpoint", `status` the HTTP status if one came."""

    def __init__(
        self, *, operation: str, reference: str, status: int | None = None, reason: str = ""
    ) -> None:
        super().__init__(f"{operation} ({reference}): {reason or type(self).__name__}")
        self.operation = operation
        self.reference = reference
        self.status = status
        self.reason = reason


class Unavailable(PaytronixError):
    """Paytronix could not be asked; nothing was changed there. Worth trying again later."""


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


def could_not_authenticate(code: str) -> bool:
    """Whether a code is the API's word for credentials it does not know, with or without a service before it.

    Source: docs/paytronix-api.md, section 4.
    """
    return code.rpartition(".")[2] == "could_not_authenticate"


class CredentialsRefused(Refused):
    """HTTP 401 on a guest's own call: number and code do not match, or the token has expired."""


class InvalidStatus(PaytronixError):
    """`result: invalid_status` (docs/paytronix-api.md, section 5): a balance would not help this guest."""

    def __init__(
        self, *, operation: str, reference: str, status: int | None, code: str = "", message: str = ""
    ) -> None:
        super().__init__(operation=operation, reference=reference, status=status, reason="invalid_status")
        self.code = code
        self.message = message
