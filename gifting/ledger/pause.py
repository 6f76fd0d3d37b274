"""Claims are refused while look-up hashes get another key: a row under the old one would not be found by the new."""


class ClaimsPaused(Exception):
    """No gift can be sent or answered for a minute; nothing was written and nothing is lost."""


def refuse_while_paused() -> None:
    """Raise ClaimsPaused while the operator changes LOOKUP_KEY. Asked in the transaction that claims."""
