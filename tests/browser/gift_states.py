"""How to get to the pages of gifts, of history and of user names in each of their states; `states` lists them."""

from typing import Final

from playwright.sync_api import expect

from gifting.receiving.handles import LENGTH
from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA
from guestportal.sandbox.guests import Guest as Account
from tests.browser.card_states import DOWN, Show
from tests.browser.guest import Guest
from tests.browser.inbox import ANA, COFFEE, ROSA, give, let_two_wait
from tests.support.gift_faults import FAILURE
from tests.support.password_sign_in import ROSA as ROSA_ACCOUNT
from tests.support.sandbox import (
    ACCEPT_TRANSFER_IN,
    ACCOUNT_INFORMATION,
    PENDING_TRANSFERS,
    Fault,
    SandboxProcess,
)

LOCKED: Final[Fault] = {
    "kind": "replace",
    "body": '{"result": "failure", "errorCode": "account_info.account_locked", "errorMessage": "Locked"}',
}
LINK: Final = f"/g/{CODE_COFFEE_FOR_ANA}/"


def signing_in(account: Account, password: str | None = None, *faults: Fault) -> Show:
    """What the user-name form answers; the account meets the faults."""

    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        for fault in faults:
            sandbox.queue_fault(ACCOUNT_INFORMATION, fault)
        guest.open("/sign-in/")
        guest.page.get_by_label("User name").fill(account.username)
        guest.page.get_by_label("Password", exact=True).fill(
            account.password if password is None else password
        )
        guest.submit("Sign in")

    return show


def no_card_chosen(account: Account) -> Show:
    def show(guest: Guest, sandbox: SandboxProcess) -> None:
        signing_in(account)(guest, sandbox)
        guest.submit("Show this card")

    return show


def password_again(guest: Guest, sandbox: SandboxProcess) -> None:
    """The `guest` style keeps no password."""
    signing_in(ROSA_ACCOUNT)(guest, sandbox)
    guest.page.get_by_role("button", name="Refresh").click()
    expect(guest.page.get_by_role("heading", name="Enter your password")).to_be_visible()


def session_warning(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.come_with_card(ANA)
    guest.page.clock.install()
    guest.open("/balance/")
    guest.page.clock.fast_forward(8 * 60_000 + 5_000)
    expect(guest.page.get_by_role("button", name="Stay signed in")).to_be_visible()


def none_waiting(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    guest.come_with_card(ANA)
    guest.open("/gifts/")


def two_waiting(guest: Guest, sandbox: SandboxProcess) -> None:
    let_two_wait(sandbox)
    guest.come_with_card(ANA)
    guest.open("/gifts/")


def accepted(guest: Guest, sandbox: SandboxProcess) -> None:
    two_waiting(guest, sandbox)
    _accept(guest, "You accepted this gift")


def accepted_elsewhere(guest: Guest, sandbox: SandboxProcess) -> None:
    two_waiting(guest, sandbox)
    other = guest.open_tab("/gifts/")
    other.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(other.get_by_role("heading", name="You accepted this gift")).to_be_visible()
    other.close()
    _accept(guest, "This gift has been accepted already")


def confirming(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "late"})
    two_waiting(guest, sandbox)
    _accept(guest, "We are confirming your answer")


def refused(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(ACCEPT_TRANSFER_IN, {"kind": "replace", "body": FAILURE, "work": False})
    two_waiting(guest, sandbox)
    _accept(guest, "This gift could not be answered")
    guest.open("/gifts/")


def note_not_taken(guest: Guest, sandbox: SandboxProcess) -> None:
    two_waiting(guest, sandbox)
    guest.page.locator("summary", has_text="Add a thank-you note").first.click()
    guest.page.get_by_label("A note, if you like").first.fill("See www.example.com")
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.page.get_by_role("region", name="There is a problem")).to_be_focused()


def declining(guest: Guest, sandbox: SandboxProcess) -> None:
    two_waiting(guest, sandbox)
    guest.page.get_by_role("link", name=f"Decline {COFFEE}").click()
    expect(guest.page.get_by_role("heading", name=f"Decline {COFFEE}?")).to_be_focused()


def declined(guest: Guest, sandbox: SandboxProcess) -> None:
    declining(guest, sandbox)
    guest.page.get_by_role("button", name=f"Yes, decline {COFFEE}").click()
    expect(guest.page.get_by_role("heading", name="You declined this gift")).to_be_focused()


def decline_page(guest: Guest, sandbox: SandboxProcess) -> None:
    two_waiting(guest, sandbox)
    address = guest.page.get_by_role("link", name=f"Decline {COFFEE}").get_attribute("href")
    assert address
    guest.open(address)


def not_here(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.come_with_card(ANA)
    guest.open(f"/gifts/{'A' * LENGTH}/decline/")


def gifts_unavailable(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(ANA)
    sandbox.queue_fault(PENDING_TRANSFERS, DOWN, times=2)
    guest.open("/gifts/")


def link_answered(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    give(sandbox, code="LINKANSWERED", status="ACCEPTED")
    guest.open("/g/LINKANSWERED/")


def linked_elsewhere(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.come_with_card(ROSA)
    guest.open(LINK)


def empty_history(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.clear_transfers()
    guest.come_with_card(ANA)
    guest.open("/history/")


def unfolded_history(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.come_with_card(ROSA)
    guest.open("/history/")
    for summary in guest.page.locator("main summary").all()[:3]:
        summary.click()


def _accept(guest: Guest, heading: str) -> None:
    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.page.get_by_role("heading", name=heading)).to_be_focused()
