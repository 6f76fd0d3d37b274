"""Why a try is not let through. None of them says which counter it was, for no page may say it."""


class Throttled(Exception):
    """Too many failures; after `retry_after_seconds` another try may be let through."""

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(f"try again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class ProofNeeded(Exception):
    """The try is let through with a proof of work, or after a pause."""


class CountersUnreachable(Exception):
    """The counters cannot be asked, so no try is let through: without them cards could be guessed."""
