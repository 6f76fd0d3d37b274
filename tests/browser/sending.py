"""Sending a gift in the browser: the steps as a guest takes them, and the way to each page for `states`."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import Credential
from gifting.models import Wish
from guestportal.sandbox.guests import Guest as Account
from tests.browser.giving import ANA
from tests.browser.guest import Guest
from tests.sandbox_process import TRANSFER_OUT, SandboxProcess
from tests.signing_in import ROSA, sign_in_with_password

CHECK: Final = "/gifts/send/check/"
MIRA: Final = ("mira@example.net", "Mira Okafor")
MESSAGE: Final = "Thank you for the lift!"


def bring(guest: Guest, account: Account = ROSA) -> None:
    """Come signed in with a password, by the cookie of another client."""
    client = Client()
    sign_in_with_password(client, account)
    name = settings.SESSION_COOKIE_NAME
    guest.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": guest.origin}])


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
    bring(guest)
    guest.open("/gifts/send/")


def who_error(guest: Guest, _sandbox: SandboxProcess) -> None:
    bring(guest)
    choose(guest)
    name_recipient(guest, "mira", "")


def message_page(guest: Guest, _sandbox: SandboxProcess) -> None:
    bring(guest)
    choose(guest)
    name_recipient(guest, *MIRA)


def check_page(guest: Guest, _sandbox: SandboxProcess) -> None:
    bring(guest)
    decide(guest, "mira@gmial.com")


def twin(guest: Guest, sandbox: SandboxProcess) -> None:
    sent(guest, sandbox)
    decide(guest)


def sent(guest: Guest, _sandbox: SandboxProcess) -> None:
    bring(guest)
    decide(guest)
    guest.submit("Send the gift")


def unclear(guest: Guest, sandbox: SandboxProcess) -> None:
    sandbox.queue_fault(TRANSFER_OUT, {"kind": "late"})
    sent(guest, sandbox)


def not_sent(guest: Guest, sandbox: SandboxProcess) -> None:
    sent(guest, sandbox)
    Wish.objects.update(state="not_sent", transfer="", transaction_key="")
    guest.page.reload()


def by_card(guest: Guest, _sandbox: SandboxProcess) -> None:
    guest.bring(ANA)
    guest.open("/gifts/send/")


def confirm_wrong(guest: Guest, _sandbox: SandboxProcess) -> None:
    bring(guest)
    grow_old()
    guest.open(f"/sign-in/again/?next={CHECK}")
    guest.page.get_by_label("Password", exact=True).fill("wrong")
    guest.submit("Go on")


def grow_old() -> None:
    """Let every sign-in be an older one."""
    Credential.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))
