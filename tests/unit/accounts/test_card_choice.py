"""Which card a signed-in guest may choose. Nothing is asked of Paytronix for another one, or the fixture fails."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from accounts.credentials import SessionWarning, SignedInGuest
from accounts.identities import CardIdentity, Identity, OAuthIdentity, PasswordIdentity
from accounts.unthrottled import choose_card
from tests.support.builders import CARD_NUMBER, demo_merchant

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OWN = ("04210077315562", "6000301000731206")


@pytest.mark.parametrize(
    "identity",
    [
        CardIdentity(CARD_NUMBER, "123456"),
        OAuthIdentity("rosa", OWN, "token", "next", NOW),
        PasswordIdentity("rosa", OWN),
    ],
    ids=lambda identity: identity.kind,
)
def test_lets_no_guest_choose_a_card_that_is_not_their_own(identity: Identity) -> None:
    guest = SignedInGuest(
        id=UUID(int=0),
        identity=identity,
        sealed_card="",
        card_number="",
        open_account=lambda: None,
        warning=SessionWarning(600, NOW),
        confirmed_at=NOW,
    )

    with pytest.raises(LookupError):
        choose_card(merchant=demo_merchant(), guest=guest, card_number=CARD_NUMBER, password="secret")
