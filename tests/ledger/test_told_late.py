"""What the call itself told, and what `rekey` wrote, while a settler or the call was under way."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from gifting.ledger.wish import WishState
from gifting.sending import api, send
from guestportal.paytronix.errors import OddSuccess, PaytronixError, Refused
from guestportal.storage.rekeying import rekey
from tests.support.sandbox import SandboxProcess
from tests.support.sending_steps import Sender, grow_older, posts, state_of, steps_of

pytestmark = pytest.mark.django_db(transaction=True)

ODD = OddSuccess(operation="gifttransfer/transferOut", reference="R0000001", status=200)
REFUSED = Refused(operation="gifttransfer/transferOut", reference="R0000001", status=200, code="odd")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something happen while transferOut is under way; then the call is made, or ends with this error."""

    def arrange(happens: Callable[[], Any], error: PaytronixError | None = None) -> None:
        def transfer_out(*inputs: Any, **named: Any) -> Any:
            happens()
            if error is not None:
                raise error
            return api.transfer_out(*inputs, **named)

        monkeypatch.setattr(send, "transfer_out", transfer_out)

    return arrange


@pytest.mark.parametrize(
    ("error", "cause", "end"),
    [(ODD, "odd_success", WishState.NEEDS_REVIEW), (REFUSED, "refused", WishState.FAILED)],
    ids=["an odd success", "a refusal"],
)
def test_what_the_call_told_counts_although_its_wish_was_doubted(
    rosa: Sender,
    sandbox: SandboxProcess,
    meanwhile: Callable[..., None],
    error: PaytronixError,
    cause: str,
    end: WishState,
) -> None:
    """The process stood still for longer than a call takes, and the guest's tracker doubted the wish."""
    wish = rosa.prepares()

    def doubt() -> None:
        grow_older(20)
        rosa.follows(wish)

    meanwhile(doubt, error)
    rosa.sends(wish)
    assert steps_of(wish)[1:] == [("unknown", "process_ended"), ("unknown", cause)]
    rosa.is_sure_of(wish)

    assert state_of(wish) is end


def test_a_key_that_changes_between_claim_and_call_calls_no_gift_off(
    rosa: Sender, sandbox: SandboxProcess, settings: Settings, meanwhile: Callable[..., None]
) -> None:
    settings.LOOKUP_KEYS = ["another look-up key 0123456789abcdef0123456789abcdef", *settings.LOOKUP_KEYS]
    wish = rosa.prepares()
    meanwhile(rekey)
    rosa.sends(wish)

    assert steps_of(wish) == [("sending", "claimed"), ("sent", "success")]
    assert len(posts(sandbox)) == 1
