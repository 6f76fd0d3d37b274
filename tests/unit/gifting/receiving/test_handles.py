"""Names of gifts in addresses."""

import re
from uuid import uuid4

from gifting.receiving.handles import LENGTH, handle_for, is_handle_of


def test_is_opaque_and_fits_addresses_and_ids() -> None:
    credential = uuid4()
    handles = {handle_for(credential_id=credential, transaction_id=str(number)) for number in range(500)}

    assert len(handles) == 500
    assert all(re.fullmatch(rf"[A-Za-z0-9_-]{{{LENGTH}}}", handle) for handle in handles)


def test_names_a_gift_in_its_own_sign_in_only() -> None:
    credential = uuid4()
    handle = handle_for(credential_id=credential, transaction_id="9007199254800001")

    assert is_handle_of(handle, credential_id=credential, transaction_id="9007199254800001")
    assert not is_handle_of(handle, credential_id=uuid4(), transaction_id="9007199254800001")
    assert not is_handle_of(handle, credential_id=credential, transaction_id="9007199254800014")


def test_a_gift_without_a_number_has_no_handle() -> None:
    credential = uuid4()

    assert not is_handle_of(
        handle_for(credential_id=credential, transaction_id=""), credential_id=credential, transaction_id=""
    )
