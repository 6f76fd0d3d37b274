"""What a guest decides and presses when sending, at the level of the services, and what Paytronix has of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from accounts import credentials
from accounts.credentials import SignedInGuest
from accounts.domain import Account
from accounts.identities import CardIdentity
from accounts.services import read_account_anew
from accounts.unthrottled import open_card
from gifting.ledger.wish import Recipient, WishState
from gifting.models import Wish, WishTransition
from gifting.sending import follow, send
from gifting.sending.domain import Following, Prepared
from gifting.sending.draft import Draft
from guestportal.merchants.definition import Merchant
from guestportal.sandbox.cards import RICH, Card
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess, SandboxRequest, SandboxTransfer

FREE_COFFEE, VISITS, POINTS, BIRTHDAY_PASTRY = 21, 5, 3, 22
MIRA = Recipient(address="mira@example.net", name="Mira Okafor")
MESSAGE = "Have one on me"


@dataclass(frozen=True, slots=True)
class Sender:
    """A signed-in guest who sends; `guest` is as the last request saw them."""

    merchant: Merchant
    credential_id: UUID

    @property
    def guest(self) -> SignedInGuest:
        guest = credentials.use(merchant=self.merchant, credential_id=self.credential_id)
        assert guest is not None
        return guest

    @property
    def account(self) -> Account:
        guest = self.guest
        return guest.account or read_account_anew(merchant=self.merchant, guest=guest)

    def drafts(
        self,
        *,
        wallet_code: int = FREE_COFFEE,
        recipient: Recipient = MIRA,
        message: str = MESSAGE,
    ) -> Draft:
        """All decisions made, nothing prepared yet."""
        draft = send.begin(merchant=self.merchant, guest=self.guest, account=self.account)
        return replace(draft, wallet_code=wallet_code, recipient=recipient, message=message)

    def prepares(self, draft: Draft | None = None) -> Prepared:
        """The check page of a draft."""
        return send.prepare(
            merchant=self.merchant, guest=self.guest, draft=draft or self.drafts(), account=self.account
        )

    def sends(self, wish: Prepared | UUID, *, another: bool = False) -> None:
        """Press the button of the check page."""
        wish_id = wish if isinstance(wish, UUID) else wish.wish_id
        send.send(merchant=self.merchant, guest=self.guest, wish_id=wish_id, another=another)

    def follows(self, wish: Prepared | UUID, *, look: bool = False) -> Following:
        """Open the tracker."""
        wish_id = wish if isinstance(wish, UUID) else wish.wish_id
        return follow.follow(
            merchant=self.merchant, guest=self.guest, wish_id=wish_id, look=look, language="en"
        )


def sender_with(merchant: Merchant, card: Card = RICH) -> Sender:
    """Somebody who came in with a card."""
    return Sender(merchant, open_card(merchant=merchant, identity=CardIdentity(card.number, card.code)))


def state_of(wish: Prepared | UUID) -> WishState:
    """The state that stands in the ledger."""
    return WishState(Wish.objects.get(id=wish if isinstance(wish, UUID) else wish.wish_id).state)


def steps_of(wish: Prepared | UUID) -> list[tuple[str, str]]:
    """States and causes in their order."""
    wish_id = wish if isinstance(wish, UUID) else wish.wish_id
    steps = WishTransition.objects.filter(wish_id=wish_id).order_by("id")
    return [(step.state, step.cause) for step in steps]


def posts(sandbox: SandboxProcess) -> list[SandboxRequest]:
    """The calls of transferOut that reached Paytronix."""
    return sandbox.requests(TRANSFER_OUT)


def sent_by_api(sandbox: SandboxProcess) -> list[SandboxTransfer]:
    """The transfers that such calls made."""
    return sandbox.transfers(origin="api")


def make_due() -> None:
    """Let everything that is open be due for settling."""
    Wish.objects.filter(next_look_at__isnull=False).update(next_look_at=timezone.now())
