"""What may be shown of a card number or an address: enough for its owner to know it by, and no more."""

ENDING_LENGTH = 6


def ending_of(number: str) -> str:
    """The part of a card number that may be shown: the last six characters, fewer of a short number."""
    return number[-ENDING_LENGTH:] if len(number) >= 10 else number[-4:]


def mask_address(identifier: str) -> str:
    """ "j…@example.net" of an e-mail address; empty for what is none, such as a Facebook id."""
    local, at, domain = identifier.rpartition("@")
    return f"{local[:1]}…@{domain}" if at and local and "." in domain else ""
