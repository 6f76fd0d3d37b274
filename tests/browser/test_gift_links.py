"""Gift links: opening one changes nothing, shows little, and leads through sign-in to the gift."""

import re
from typing import Final

import pytest
from playwright.sync_api import expect

from guestportal.sandbox.gifts.seeds import CODE_COFFEE_FOR_ANA as CODE
from tests.browser.conftest import NewGuest
from tests.browser.guest import Guest
from tests.browser.inbox import ACCEPTED, ANA, COFFEE, DECLINED, ROSA
from tests.support.password_sign_in import ROSA as ROSA_ACCOUNT
from tests.support.sandbox import ACCEPT_TRANSFER_IN, REJECT_TRANSFER_IN, SandboxProcess

LINK: Final = f"/g/{CODE}/"
PREFETCHES: Final = 10
PRIVATE: Final = (
    "Lindqvist",
    "Example",
    "ana@example.com",
    "rosa@example.com",
    ANA.number,
    ROSA.number,
    CODE,
)
LONG_DIGITS: Final = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,}(?![\w.-])")


def status_of(sandbox: SandboxProcess) -> str:
    (transfer,) = [each for each in sandbox.transfers() if each.code == CODE]
    return transfer.status


def expect_preview(guest: Guest) -> None:
    expect(guest.page).to_have_url(f"{guest.origin}/g/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Rosa L. sent you Free Coffee")
    expect(guest.page.get_by_text("Thank you for the lift on Tuesday!")).to_be_visible()
    expect(guest.page.get_by_text("2 days left")).to_be_visible()


def test_leaves_the_gift_waiting_however_often_the_link_is_opened(
    guest: Guest, sandbox: SandboxProcess
) -> None:
    for _mail_scanner in range(PREFETCHES):
        answer = guest.context.request.get(LINK)
        assert answer.status == 200
        assert answer.url == f"{guest.origin}/g/"
        assert guest.context.request.head(LINK).status == 200
    assert status_of(sandbox) == "PENDING"

    guest.open(LINK)
    expect_preview(guest)
    assert status_of(sandbox) == "PENDING"
    assert not [*sandbox.requests(ACCEPT_TRANSFER_IN), *sandbox.requests(REJECT_TRANSFER_IN)]


def test_shows_nobody_behind_a_link_more_than_the_gift(guest: Guest) -> None:
    guest.open(LINK)
    expect_preview(guest)
    html = guest.page.content()

    assert not [text for text in PRIVATE if text in html]
    assert "@" not in guest.page.locator("main").inner_text()
    assert not LONG_DIGITS.findall(guest.page.locator("main").inner_text())
    expect(guest.page.get_by_role("button", name="Accept")).to_have_count(0)
    expect(guest.page.locator("main form")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_comes_back_to_the_gift_after_sign_in_and_accepts_it(
    new_guest: NewGuest, sandbox: SandboxProcess, script: bool
) -> None:
    guest = new_guest(script=script)
    guest.open(LINK)
    guest.page.get_by_role("link", name="Sign in with your card").click()
    guest.enter(ANA.number, ANA.code)
    expect(guest.page).to_have_url(f"{guest.origin}/g/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("A gift for you")
    assert status_of(sandbox) == "PENDING", "coming back accepts nothing"

    guest.page.get_by_role("button", name=f"Accept {COFFEE}").click()
    expect(guest.status).to_contain_text(ACCEPTED)
    if script:
        expect(guest.page.get_by_role("heading", name="You accepted this gift")).to_be_focused()
        expect(guest.page).to_have_url(f"{guest.origin}/g/")
    assert status_of(sandbox) == "ACCEPTED"
    assert not [request for request in guest.requests if CODE in request.url][1:], (
        "the code leaves the address"
    )


def test_declines_behind_a_link_or_keeps_the_gift(guest: Guest, sandbox: SandboxProcess) -> None:
    guest.come_with_card(ANA)
    guest.open(LINK)
    guest.page.get_by_role("link", name=f"Decline {COFFEE}").click()
    guest.page.get_by_role("link", name="Keep the gift").click()
    expect(guest.page.get_by_role("heading", name="Rosa L. sent you Free Coffee")).to_be_focused()

    guest.page.get_by_role("link", name=f"Decline {COFFEE}").click()
    guest.page.get_by_role("button", name=f"Yes, decline {COFFEE}").click()
    expect(guest.page.get_by_role("heading", name="You declined this gift")).to_be_focused()
    expect(guest.status).to_have_text(DECLINED)
    assert status_of(sandbox) == "REJECTED"


def test_says_that_a_gift_is_meant_for_another_account_and_offers_another_card(
    guest: Guest, sandbox: SandboxProcess
) -> None:
    guest.open(LINK)
    guest.page.get_by_role("link", name="Sign in with a user name").click()
    guest.page.get_by_label("User name").fill(ROSA_ACCOUNT.username)
    guest.page.get_by_label("Password", exact=True).fill(ROSA_ACCOUNT.password)
    guest.submit("Sign in")
    expect(guest.page).to_have_url(f"{guest.origin}/g/")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("This gift is meant for another account")
    expect(guest.page.get_by_role("button", name="Accept")).to_have_count(0)

    guest.page.get_by_role("link", name="Use another card").click()
    guest.enter(ANA.number, ANA.code)
    expect(guest.page).to_have_url(f"{guest.origin}/g/")
    expect(guest.page.get_by_role("button", name=f"Accept {COFFEE}")).to_be_visible()
    assert status_of(sandbox) == "PENDING"


def test_looks_the_same_for_an_unknown_and_a_malformed_code(guest: Guest) -> None:
    guest.expect_status(404)
    texts = set()
    for code in ("ZZZZZZZZZZZZZZZZ", "no.such%20code%3C"):
        guest.open(f"/g/{code}/")
        expect(guest.page).to_have_url(f"{guest.origin}/g/")
        texts.add(guest.page.locator("body").inner_text())

    assert len(texts) == 1
