"""Sending a gift in the browser: the whole way with and without script, by keyboard, and when its end is unclear."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewGuest
from tests.browser.guest import PHONE, Guest
from tests.browser.inbox import ANA, gift
from tests.browser.keyboard import tab_to
from tests.browser.sending_states import (
    CHECK,
    MESSAGE,
    check_page,
    choose,
    come_with_password,
    decide,
    heading,
    message_page,
    name_recipient,
    sent,
    unclear,
    write,
)
from tests.support.password_sign_in import ROSA, grow_old
from tests.support.sandbox import TRANSFER_OUT, SandboxProcess, SandboxTransfer

ROSA_CARD = ROSA.card_numbers[0]
FREE_COFFEE = 21


def sent_by_portal(sandbox: SandboxProcess) -> list[SandboxTransfer]:
    return sandbox.transfers(origin="api")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_gift_goes_the_whole_way_and_both_sides_show_what_is_true(
    new_guest: NewGuest, sandbox: SandboxProcess, script: bool
) -> None:
    sandbox.clear_transfers()
    rosa, ana = new_guest(script=script), new_guest(width=PHONE, script=script)
    come_with_password(rosa)
    choose(rosa)
    rosa.page.locator("summary", has_text="account code").click()
    rosa.page.get_by_label("Account code").fill("900001")
    rosa.submit("Continue with this account")
    write(rosa, MESSAGE)
    expect(rosa.page.get_by_role("main")).to_contain_text("You have after 2 × Free Coffee")
    rosa.submit("Send the gift")

    expect(heading(rosa, "Your gift is sent")).to_be_visible()
    (transfer,) = sent_by_portal(sandbox)
    expect(rosa.page.get_by_role("main")).to_contain_text(str(transfer.transaction_id))
    assert (transfer.to_account, transfer.status) == (900001, "PENDING")
    assert sandbox.wallets(ROSA_CARD)[FREE_COFFEE].balance == 2
    rosa.open("/balance/")
    expect(rosa.page.locator(".rewards li", has_text="Free Coffee").first).to_contain_text("2")

    ana.come_with_card(ANA)
    ana.open("/gifts/")
    ana.page.locator("summary", has_text="Add a thank-you note").click()
    ana.page.get_by_label("A note, if you like").fill("Just right!")
    gift(ana, MESSAGE).get_by_role("button").first.click()
    expect(ana.status).to_contain_text("You accepted the gift from Rosa L.")

    rosa.page.go_back()
    rosa.page.get_by_role("link", name="Refresh").click()
    expect(heading(rosa, "Your gift was accepted")).to_be_visible()
    expect(rosa.page.get_by_role("blockquote")).to_have_text("Just right!")
    assert sent_by_portal(sandbox)[0].status == "ACCEPTED"


def test_every_step_can_be_taken_by_keyboard(guest: Guest, sandbox: SandboxProcess) -> None:
    come_with_password(guest)
    guest.open("/balance/")
    page = guest.page
    for place, keys in (
        (page.get_by_role("navigation", name="Your card").get_by_role("link", name="Send"), "Enter"),
        (page.get_by_role("radio").first, "Space Enter"),
        (page.get_by_label("E-mail address"), "mira@example.net"),
        (page.get_by_label("Name", exact=True), "Mira Enter"),
        (page.get_by_role("textbox", name="Message to"), "Hello!"),
        (page.get_by_role("button", name="Continue", exact=True), "Enter"),
        (page.get_by_role("button", name="Send the gift"), "Enter"),
    ):
        expect(place).to_be_visible()
        tab_to(place)
        for key in keys.split():
            if key in {"Enter", "Space"}:
                page.keyboard.press(key)
            else:
                page.keyboard.type(key)

    expect(heading(guest, "Your gift is sent")).to_be_visible()
    assert [transfer.to_name for transfer in sent_by_portal(sandbox)] == ["Mira"]


def test_double_clicks_reload_and_back_send_one_gift(guest: Guest, sandbox: SandboxProcess) -> None:
    check_page(guest, sandbox)
    guest.page.get_by_role("button", name="Send the gift").dblclick()
    expect(heading(guest, "Your gift is sent")).to_be_visible()
    receipt = guest.page.url

    guest.page.reload()
    guest.page.go_back()
    expect(guest.page).to_have_url(receipt)
    guest.open(CHECK)
    expect(guest.page).to_have_url(receipt)
    assert len(sandbox.requests(TRANSFER_OUT)) == 1


def test_an_unclear_end_is_watched_until_it_is_known(new_guest: NewGuest, sandbox: SandboxProcess) -> None:
    guest = new_guest(apart=True)
    guest.expect_problem("ERR_INTERNET_DISCONNECTED", "htmx:")
    guest.page.clock.install()
    unclear(guest, sandbox)
    expect(heading(guest, "We are confirming your gift")).to_be_visible()
    refresh = guest.page.get_by_role("link", name="Refresh")
    refresh.focus()
    with guest.page.expect_response("**/?again=1"):
        guest.page.clock.fast_forward(3_000)
    expect(guest.page.locator("#look-again[hx-get$='again=2']")).to_have_count(1)
    expect(refresh).to_be_focused()

    guest.context.set_offline(True)
    with guest.page.expect_event("requestfailed"):
        guest.page.clock.fast_forward(6_000)
    guest.context.set_offline(False)
    sandbox.run_late()
    with guest.page.expect_response("**/?again=2"):
        guest.page.clock.fast_forward(60_000)

    expect(heading(guest, "Your gift is sent")).to_be_focused()
    expect(guest.page).to_have_title("Your gift is sent – Harbor & Pine Coffee")
    expect(guest.status).to_contain_text("It waits for Mira Okafor to accept it.")
    asked = len(guest.requests)
    guest.page.clock.fast_forward(180_000)
    assert len(guest.requests) == asked
    assert len(sandbox.requests(TRANSFER_OUT)) == 1


def test_an_unclear_end_can_be_looked_up_without_script(new_guest: NewGuest, sandbox: SandboxProcess) -> None:
    guest = new_guest(script=False)
    unclear(guest, sandbox)
    sandbox.run_late()
    guest.page.get_by_role("link", name="Refresh").click()

    expect(heading(guest, "Your gift is sent")).to_be_visible()


def test_a_twin_is_sent_only_on_purpose(guest: Guest, sandbox: SandboxProcess) -> None:
    sent(guest, sandbox)
    decide(guest)
    expect(
        guest.page.get_by_role("heading", name="You sent this to Mira Okafor a moment ago.")
    ).to_be_visible()
    guest.submit("Send another")

    expect(heading(guest, "Your gift is sent")).to_be_visible()
    assert len(sent_by_portal(sandbox)) == 2


def test_an_old_sign_in_is_confirmed_on_the_way(guest: Guest, sandbox: SandboxProcess) -> None:
    come_with_password(guest)
    choose(guest)
    name_recipient(guest, "mira@example.net", "Mira")
    grow_old()
    write(guest, MESSAGE)
    expect(heading(guest, "Enter your password again")).to_be_visible()
    guest.page.get_by_role("button", name="Show password").click()
    guest.page.get_by_label("Password", exact=True).fill(ROSA.password)
    guest.submit("Go on")
    guest.submit("Send the gift")

    assert [(transfer.message or "").startswith(MESSAGE) for transfer in sent_by_portal(sandbox)] == [True]


def test_a_problem_has_the_focus_and_the_counter_speaks_when_typing_stops(
    new_guest: NewGuest, sandbox: SandboxProcess
) -> None:
    guest = new_guest(apart=True)
    guest.expect_status(422)
    guest.page.clock.install()
    message_page(guest, sandbox)
    told, shown = guest.page.locator("[data-told]"), guest.page.locator("[data-left]")
    field = guest.page.get_by_role("textbox", name="Message to")
    expect(shown).to_be_hidden()
    field.fill("He\u0301!")  # composed, as the server counts
    expect(shown).to_have_text("Characters left: 277")
    expect(told).to_be_empty()
    guest.page.clock.fast_forward(1_500)
    expect(told).to_have_text("Characters left: 277")

    field.fill("a" * 281)
    expect(shown).to_have_text("Too long by: 1")
    guest.submit("Continue")
    expect(guest.page.get_by_role("region", name="There is a problem")).to_be_focused()
    expect(field).to_have_value("a" * 281)
