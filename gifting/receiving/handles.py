"""Names of gifts in addresses and pages: opaque, without storage, and worth nothing in another sign-in."""

import base64
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 12


def handle_for(*, credential_id: UUID, transaction_id: str) -> str:
    """12 URL-safe characters (72 bits) for one gift in one sign-in."""
    digest = salted_hmac("gifting.handle", f"{credential_id}:{transaction_id}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")[:LENGTH]


def is_handle_of(handle: str, *, credential_id: UUID, transaction_id: str) -> bool:
    """Whether the handle names this gift in this sign-in; a gift without a transaction id has no handle."""
    if not transaction_id:
        return False
    return constant_time_compare(
        handle, handle_for(credential_id=credential_id, transaction_id=transaction_id)
    )
