"""Sending a gift in the browser: the steps as a guest takes them, and the way to each page for `states`."""

from typing import Final

from django.test import Client
from playwright.sync_api import Locator, expect

from gifting.models import Wish
from guestportal.sandbox.guests import Guest as Account
from tests.browser.guest import Guest
from tests.browser.inbox import ANA
from tests.support import sending_pages
from tests.support.gift_faults import FAILURE
from tests.support.password_sign_in import ROSA, grow_old
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess

CHECK: Final = sending_pages.CHECK
MIRA: Final = (sending_pages.MIRA["recipient_email"], sending_pages.MIRA["recipient_name"])
MESSAGE: Final = "Thank you for the lift!"


def come_with_password(guest: Guest, account: Account = ROSA) -> sending_pages.Visitor:
    """Be signed in with a password. What is returned can take steps in the same session, without a browser."""
    ahead = sending_pages.visitor(Client(), account)
    guest.take_session_of(ahead.client)
    return ahead


def choose(guest: Guest, what: str = "Free Coffee") -> None:
    guest.open("/gifts/send/")
    guest.page.get_by_role("radio", name=what).check()
    guest.submit("Continue")


def name_recipient(guest: Guest, address: str, name: str) -> None:
    guest.page.get_by_label("E-mail address").fill(address)
    guest.page.get_by_label("Name", exact=True).fill(name)
    guest.submit("Continue")


def write(guest: Guest, text: str) -> None:
    guest.page.get_by_role("textbox", name="Message to").fill(text)
    guest.submit("Continue")


def decide(guest: Guest, address: str = MIRA[0], name: str = MIRA[1], text: str = MESSAGE) -> None:
    """All steps up to the check page."""
    choose(guest)
    name_recipient(guest, address, name)
    write(guest, text)
    expect(guest.page).to_have_url(f"{guest.origin}{CHECK}")


def heading(guest: Guest, words: str) -> Locator:
    return guest.page.get_by_role("heading", name=words, exact=True)


def what_page(guest: Guest, _sandbox: SandboxProcess) -> None:
    come_with_password(guest)
    guest.open("/gifts/send/")


def who_error(guest: Guest, _sandbox: SandboxProcess) -> None:
    come_with_password(guest).choose()
    guest.open(sending_pages.WHO)
    name_recipient(guest, "mira", "")


def message_page(guest: Guest, _sandbox: SandboxProcess) -> None:
    ahead = come_with_password(guest)
    ahead.choose()
    ahead.post(sending_pages.WHO, **sending_pages.MIRA)
    guest.open(sending_pages.MESSAGE)


def check_page(guest: Guest, _sandbox: SandboxProcess) -> None:
    come_with_password(guest).decide(
        message=MESSAGE, recipient_email="mira@gmial.com", recipient_name=MIRA[1]
    )
    guest.open(CHECK)


def twin(guest: Guest, _sandbox: SandboxProcess) -> None:
    ahead = come_with_password(guest)
    ahead.decide(message=MESSAGE)
    ahead.sent()
    ahead.decide(message=MESSAGE)
    guest.open(CHECK)


def sent(guest: Guest, _sandbox: SandboxProcess) -> None:
    ahead = come_with_password(guest)
    ahead.decide(message=MESSAGE)
    guest.open(ahead.sent())


def unclear(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    sent(guest, sandbox)


def refused(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "replace", "body": FAILURE, "work": False})
    sent(guest, sandbox)


def held_up(guest: Guest, sandbox: SandboxProcess) -> None:
    refused(guest, sandbox)
    guest.page.get_by_role("button", name="Change the gift").click()
    guest.page.wait_for_url(f"**{CHECK}")


def not_sent(guest: Guest, _sandbox: SandboxProcess) -> None:
    ahead = come_with_password(guest)
    ahead.decide(message=MESSAGE)
    receipt = ahead.sent()
    Wish.objects.update(state="not_sent", transfer="", transaction_key="")
    guest.open(receipt)


def by_card(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.come_with_card(ANA)
    guest.open("/gifts/send/")


def confirm_wrong(guest: Guest, _sandbox: SandboxProcess) -> None:
    come_with_password(guest)
    grow_old()
    guest.open(f"/sign-in/again/?next={CHECK}")
    guest.page.get_by_label("Password", exact=True).fill("wrong")
    guest.submit("Go on")
