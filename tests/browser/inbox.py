"""Gifts as a guest meets them in the browser: which wait, their cards, and what navigation and title say of them."""

from typing import Final

from playwright.sync_api import Locator, expect

from guestportal.sandbox import cards, identity
from tests.browser.guest import Guest
from tests.support.sandbox import SandboxProcess, SandboxTransfer

ANA, ROSA = cards.SEED, cards.RICH
ANA_ACCOUNT: Final = 900001
COFFEE: Final = "Free Coffee from Rosa L."
BEANS: Final = "Bag of Beans from Rosa L."
NAME: Final = "Harbor & Pine Coffee"
ACCEPTED: Final = "You accepted the gift from Rosa L.; it is on your card now."
DECLINED: Final = "You declined the gift from Rosa L.; it goes back."
THANKS: Final = "Just what I needed, thank you!"
NO_THANKS: Final = "Kind of you, but I drink tea."


def give(sandbox: SandboxProcess, **more: object) -> list[SandboxTransfer]:
    """Rosa's coffee for Ana, with the members of `add_gift` that a test wants otherwise."""
    return sandbox.add_gift(
        **{  # type: ignore[arg-type]  # every member of an order may be anything
            "from_card": ROSA.number,
            "wallet_code": identity.WALLET_FREE_COFFEE,
            "to_account": ANA_ACCOUNT,
            "days_left": 2,
            **more,
        }
    )


def let_two_wait(sandbox: SandboxProcess) -> None:
    """Ana has two gifts of Rosa's and nothing else, the coffee first."""
    sandbox.clear_transfers()
    give(sandbox, message="For Tuesday.")
    give(sandbox, message="For the weekend.", wallet_code=identity.WALLET_BAG_OF_BEANS, days_left=9)


def gift(guest: Guest, words: str) -> Locator:
    """The card of the gift that holds these words."""
    return guest.page.get_by_role("article").filter(has_text=words)


def expect_count(guest: Guest, count: int, *, title: bool = True) -> None:
    """Navigation, and on the page of gifts the title as well, say how many wait."""
    link = guest.page.get_by_role("navigation", name="Your card").get_by_role("link", name="Gifts")
    expect(link).to_have_text(f"Gifts {count} waiting" if count else "Gifts")
    if title:
        expect(guest.page).to_have_title(f"Gifts ({count}) – {NAME}" if count else f"Gifts – {NAME}")
